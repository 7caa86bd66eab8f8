import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {lockTraining} from './training-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'siem-lock-'));
afterAll(() => rmSync(folder, {recursive: true}));

test('one holds it at a time, the second is told who, and released it leaves nothing', () => {
  const model = join(folder, 'm.siem');
  const first = lockTraining(model);
  expect(lockTraining(model)).toEqual({holder: process.pid});
  if (!('release' in first)) throw new Error('the first did not get it');
  first.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('a holder that is gone, and one that left nonsense, hold nothing', () => {
  const model = join(folder, 'gone.siem');
  for (const left of [`${spawnSync(process.execPath, ['-e', '']).pid}\n`, 'nonsense']) {
    writeFileSync(`${model}.training`, left);
    const lock = lockTraining(model);
    expect(lock).toHaveProperty('release');
    if ('release' in lock) lock.release();
  }
});
