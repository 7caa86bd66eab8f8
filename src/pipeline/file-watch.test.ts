import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {FileWatch} from './file-watch.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-file-watch-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

test('files are read at the start and those that change again, whatever reading one has thrown', async () => {
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  writeFileSync(one, '1');
  let paths = [one, two];
  const reads: (readonly string[])[] = [];
  const errors: unknown[] = [];
  const watch = new FileWatch({
    seconds: 0.01,
    paths: () => paths,
    read: async changed => {
      reads.push(changed);
      if (reads.length === 2) throw new Error('broken');
    },
    failed: error => errors.push(error),
  });
  const next = async (number: number) => {
    while (reads.length < number) await pause(5);
    await pause(50);
    expect(reads).toHaveLength(number);
    return reads.at(-1);
  };
  await watch.start();
  expect(await next(1)).toEqual([one, two]);
  writeFileSync(two, 'comes');
  expect(await next(2)).toEqual([two]);
  rmSync(one);
  expect(await next(3)).toEqual([one]);
  paths = [two];
  expect(await next(4)).toEqual([]);
  await watch.stop();
  writeFileSync(two, 'changes unseen');
  expect(await next(4)).toEqual([]);
  expect(errors).toEqual([new Error('broken')]);
});
