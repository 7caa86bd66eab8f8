import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {removeTemporaryFolders, temporaryFolder} from '../../tests/support/store-fixture.ts';
import {lockFolder} from './lock.ts';
import {isRunning, thisProcess} from './process-identity.ts';

afterEach(removeTemporaryFolders);

const busy = expect.objectContaining({code: 'busy', mend: expect.stringContaining(`kill ${process.pid}`)});

test('held, it names its holder; released, it can be taken again', () => {
  const folder = temporaryFolder();
  const lock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(busy);
  lock.release();
  lockFolder(folder).release();
  expect(readdirSync(folder)).toEqual(['siem.lock.2']);
});

test.each([
  ['another boot', {boot: 'an earlier one'}],
  ['a process whose number was given out again', {started: '1'}],
  ['a process that is gone', {pid: 2 ** 22 + 1}],
])('a lock of %s does not count', (_name, change) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'siem.lock.4'), JSON.stringify({...thisProcess(), ...change}));
  const lock = lockFolder(folder);
  expect(readdirSync(folder)).toEqual(['siem.lock.5']);
  expect(JSON.parse(readFileSync(join(folder, 'siem.lock.5'), 'utf8'))).toEqual(thisProcess());
  lock.release();
});

test('a starter that looked long ago cannot take a lock that was passed on since', () => {
  const folder = temporaryFolder();
  lockFolder(folder).release();
  const lock = lockFolder(folder);
  // Number 1 is free again, and below the highest.
  writeFileSync(join(folder, 'siem.lock.1'), '');
  expect(() => lockFolder(folder)).toThrow(busy);
  lock.release();
});

test('this process runs, and not as another that had its number', () => {
  expect(isRunning(thisProcess())).toBe(true);
});
