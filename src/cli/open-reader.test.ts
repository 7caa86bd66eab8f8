import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {readerSettings} from './open-reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'siem-reader-'));
const around = {platform: 'linux', env: {}, home: folder, uid: 1000} as const;

afterAll(() => rmSync(folder, {recursive: true}));

test('what is known without reading any configuration is what an empty one says', async () => {
  const empty = join(folder, 'empty.ini');
  writeFileSync(empty, '');
  const known = await readerSettings({dataDir: folder}, around);
  expect(known).toEqual(await readerSettings({dataDir: folder, config: empty}, around));
  expect(known.dataDir).toBe(folder);
});

test('a configuration is honoured, from the folder, by name and from the environment', async () => {
  const file = join(folder, 'siem.ini');
  writeFileSync(file, '[screen]\ntime = utc\n');
  expect((await readerSettings({dataDir: folder}, around)).time).toBe('utc');
  expect((await readerSettings({config: file}, around)).time).toBe('utc');
  const env = {SIEM_STORE_ENGINE: 'sql.js'};
  expect((await readerSettings({dataDir: folder}, {...around, env})).engine).toBe('sql.js');
});
