import {appendFileSync, copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Follower, type OnStepLine} from './follower.ts';

let folder = '';
let path = '';
let follower: Follower;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-follower-'));
  path = join(folder, 'app.log');
  follower = new Follower({path, maxLine: 1024, grace: 1_000, now: () => 0}, undefined, 0);
});

afterEach(async () => {
  await follower.close();
  rmSync(folder, {recursive: true, force: true});
});

test.each(['', 'zero\n'])(
  'a file that began with %j, was filled, copied and emptied unread, is read from its copy',
  async before => {
    writeFileSync(path, before);
    await follower.begin(undefined, true);
    if (before === '') expect(await lines()).toEqual([]);
    appendFileSync(path, 'one\n');
    copyAndTruncate();
    appendFileSync(path, 'two\n');
    expect(await lines()).toEqual([...before.split('\n', 1), 'one', 'two'].filter(line => line !== ''));
  },
);

test('of several copies made before anything was read, each is read, in their order', async () => {
  writeFileSync(path, '');
  await follower.begin(undefined, true);
  await lines();
  appendFileSync(path, 'one\n');
  copyFileSync(path, `${path}.2`);
  truncateSync(path);
  appendFileSync(path, 'two\n');
  copyAndTruncate();
  appendFileSync(path, 'three\n');
  expect(await lines()).toEqual(['one', 'two', 'three']);
  appendFileSync(path, 'four\n');
  expect(await lines()).toEqual(['four']);
});

function copyAndTruncate(): void {
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
}

/** What is read until there is nothing more, as the source's rounds do it. */
async function lines(): Promise<string[]> {
  const found: string[] = [];
  const take: OnStepLine = (step, text) => {
    follower.epochOf(step, text);
    found.push(text);
  };
  for (let idle = 0; idle < 2; idle++) {
    while (await follower.readNext(take)) idle = 0;
    await follower.look();
  }
  return found;
}
