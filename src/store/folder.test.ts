import {mkdirSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {linux, needs} from '../../tests/needs.ts';
import {removeTemporaryFolders, temporaryFolder} from '../../tests/support/store-fixture.ts';
import {checkReadable, folderError, prepareFolder} from './folder.ts';
import {StoreError} from './sink.ts';

afterAll(removeTemporaryFolders);

test('a data folder is made with those above it, and one that is there is left as it is', () => {
  const folder = join(temporaryFolder(), 'deep', 'data');
  prepareFolder(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const shared = join(temporaryFolder(), 'shared');
  mkdirSync(shared, {mode: 0o755});
  prepareFolder(shared);
  expect(statSync(shared).mode & 0o777).toBe(0o755);
});

test('a file in the place of the data folder, or above it, is named', () => {
  const file = join(temporaryFolder(), 'a.log');
  writeFileSync(file, '');
  const told = {message: `Expected a folder at ${file}, found a file`, mend: expect.stringContaining('--data-dir')};
  for (const wanted of [file, join(file, 'data')]) {
    expect(() => prepareFolder(wanted)).toThrow(expect.objectContaining(told));
    expect(() => checkReadable(wanted)).toThrow(expect.objectContaining(told));
  }
});

needs(linux)('where no folder can be made that is told, and not tried for ever', async () => {
  const told = {message: expect.stringContaining('nothing can be written in /proc')};
  expect(() => prepareFolder('/proc/siem/data')).toThrow(expect.objectContaining(told));
});

test.each([
  ['EROFS', '/', 'its file system may only be read', 'findmnt -T /;'],
  ['ENOENT', '/no/such/folder', 'nothing can be written in /: its file system', 'findmnt -T /;'],
  ['ENOSPC', '/', 'no space is left on the disk', 'df -h /'],
])('%s is told with the folder and what to do', (code, path, words, mend) => {
  const told = folderError(Object.assign(new Error('from the system'), {code}), path, 'write');
  expect(told).toBeInstanceOf(StoreError);
  expect(told).toMatchObject({message: expect.stringContaining(words), mend: expect.stringContaining(mend)});
  expect(told).toMatchObject({message: expect.stringContaining(path)});
});

test('what is no error of the file system stays as it is', () => {
  const error = new Error('other');
  expect(folderError(error, '/', 'write')).toBe(error);
});
