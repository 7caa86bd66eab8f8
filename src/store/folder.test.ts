import {folderError} from './folder.ts';
import {StoreError} from './sink.ts';

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
