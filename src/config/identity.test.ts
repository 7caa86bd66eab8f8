import {mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {loadIdentity} from './identity.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-id-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

test('the id is made once and kept', () => {
  const first = loadIdentity(folder, 'host1');
  expect(loadIdentity(folder, 'host1')).toEqual(first);
  expect(statSync(join(folder, 'agent.json')).mode & 0o777).toBe(0o600);
});

test('a damaged file gives a new id', () => {
  writeFileSync(join(folder, 'agent.json'), '{"agent": 7');
  expect(loadIdentity(folder, 'h').agent).toMatch(/^[0-9a-f-]{36}$/);
});
