import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {SourceHarness} from './source-harness.fixture.ts';
import {textFile} from './text-file.ts';

const timing = {poll: 4, settle: 1, grace: 30};
let folder = '';
let path = '';
let harness = new SourceHarness();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-tail-'));
  path = join(folder, 'app.log');
  harness = new SourceHarness();
});

afterEach(async () => {
  await harness.stop().catch(() => {});
  rmSync(folder, {recursive: true, force: true});
});

const source = (grace = timing.grace) => textFile({path, maxLine: 1024, timing: {...timing, grace}});
const append = (text: string) => appendFileSync(path, text);
const seen = (...messages: string[]) =>
  harness.until(() => messages.every(message => harness.messages.includes(message)), messages.join());

function pack(name: string): void {
  const {atime, mtime} = statSync(name);
  writeFileSync(`${name}.gz`, gzipSync(readFileSync(name)));
  utimesSync(`${name}.gz`, atime, mtime);
  unlinkSync(name);
}

test('a line is an event at its byte offset, once its newline is there', async () => {
  append('one\nzwölf\nhal');
  harness.start(source());
  await seen('one', 'zwölf');
  append('f\n');
  await seen('half');
  expect(harness.logs.map(event => event.position)).toEqual([0, 4, 11]);
  expect(new Set(harness.logs.map(event => event.origin.epoch)).size).toBe(1);
  expect(harness.messages).toEqual(['one', 'zwölf', 'half']);
});

test('what was there before is historical, what comes is not', async () => {
  append('old\n');
  harness.start(source());
  await seen('old');
  append('new\n');
  await seen('new');
  const flags = harness.batches.filter(batch => batch.events.length > 0).map(batch => batch.historical === true);
  expect(flags).toEqual([true, false]);
  expect(harness.news.map(news => news.state)).toEqual(['catching-up', 'running']);
});

test('a file that is missing is waited for', async () => {
  harness.start(source());
  await harness.until(() => harness.news.some(news => news.state === 'waiting'));
  append('here\n');
  await seen('here');
  await harness.until(() => harness.news.at(-1)?.state === 'running');
});

test('a restart goes on behind the last committed line, wherever the crash was', async () => {
  append('one\ntwo\n');
  harness.start(source());
  await seen('two');
  await harness.stop();
  append('three\n');
  harness.start(source(), 0);
  await harness.stop();
  harness.start(source());
  await seen('three');
  expect(harness.messages).toEqual(['one', 'two', 'three']);
  expect(harness.duplicates).toBe(0);
});

test('on rotation by rename the old file is read to its end, late lines included, then the new one', async () => {
  append('one\n');
  harness.start(source(500));
  await seen('one');
  append('two\nrest without newline');
  renameSync(path, `${path}.1`);
  append('three\n');
  await seen('two', 'three');
  appendFileSync(`${path}.1`, ', now whole\n');
  await seen('rest without newline, now whole');
  expect(harness.messages).toHaveLength(4);
});

test('a last line without newline of a rotated file is given when nothing more comes', async () => {
  append('one\npart');
  harness.start(source());
  await seen('one');
  renameSync(path, `${path}.1`);
  append('two\n');
  await seen('part', 'two');
});

test('files rotated, copied and packed while nobody read are read in their order', async () => {
  append('one\n');
  harness.start(source());
  await seen('one');
  await harness.stop();
  append('two\n');
  renameSync(path, `${path}.3`);
  pack(`${path}.3`);
  writeFileSync(`${path}.2`, 'three\n');
  pack(`${path}.2`);
  writeFileSync(`${path}.1`, 'four\n');
  append('five\n');
  harness.start(source());
  await seen('five');
  expect(harness.messages).toEqual(['one', 'two', 'three', 'four', 'five']);
  expect(new Set(harness.logs.map(event => event.origin.epoch)).size).toBe(4);
});

test('copy and truncation: the copy gives what was unread, the emptied file begins a new epoch', async () => {
  append('one\n');
  harness.start(source());
  await seen('one');
  await harness.stop();
  append('two\n');
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
  append('three\n');
  harness.start(source());
  await seen('two', 'three');
  expect(harness.messages).toEqual(['one', 'two', 'three']);
  expect(harness.gaps).toEqual([]);
});

test('a file truncated and grown beyond the old offset between two looks is not taken for the old one', async () => {
  append('one\n');
  harness.start(source());
  await seen('one');
  await harness.stop();
  copyFileSync(path, `${path}.1`);
  writeFileSync(path, 'four\nfive\nsix\n');
  harness.start(source());
  await seen('six');
  expect(harness.messages).toEqual(['one', 'four', 'five', 'six']);
});

test('a log that is emptied without a copy raises an event that says so', async () => {
  append('one\ntwo\n');
  harness.start(source());
  await seen('two');
  truncateSync(path);
  await harness.until(() => harness.logs.some(event => event.provider === 'siem'));
  const event = harness.logs.find(found => found.provider === 'siem');
  expect(event?.fields).toMatchObject({'event.action': 'log_truncated', 'file.path': path});
  expect(event?.message).toContain('8 bytes');
  append('three\n');
  await seen('three');
  expect(harness.logs).toHaveLength(4);
});

test('a copy made just before the last lines were read is a rotation, not an attack', async () => {
  const long = 'x'.repeat(600);
  append(`${long}\n`);
  harness.start(source());
  await seen(long);
  copyFileSync(path, `${path}.1`);
  append('two\n');
  await seen('two');
  truncateSync(path);
  append('three\n');
  await seen('three');
  expect(harness.messages).toEqual([long, 'two', 'three']);
});

test('a log that is deleted raises an event, and its successor is read', async () => {
  append('one\n');
  harness.start(source());
  await seen('one');
  unlinkSync(path);
  await harness.until(() => harness.logs.some(event => event.fields?.['event.action'] === 'log_removed'));
  append('two\n');
  await seen('two');
  expect(harness.logs).toHaveLength(3);
});

test('a file that went before it was read leaves a gap', async () => {
  append('one\n');
  harness.start(source());
  await seen('one');
  await harness.stop();
  append('lost\n');
  // The new file must not get the old one's inode.
  renameSync(path, join(folder, 'elsewhere'));
  append('two\n');
  harness.start(source());
  await seen('two');
  expect(harness.gaps).toEqual([{from: expect.any(Number), to: 1_000_000, reason: 'file removed before it was read'}]);
});

test('a new file with the old inode and other content is read from its beginning', async () => {
  append('aaaa\nbbbb\n');
  harness.start(source());
  await seen('bbbb');
  await harness.stop();
  writeFileSync(path, 'cccc\ndddd\neeee\n');
  harness.start(source());
  await seen('cccc', 'dddd', 'eeee');
});

test('equal first lines in two files are two events', async () => {
  append('# header\none\n');
  harness.start(source());
  await seen('one');
  renameSync(path, `${path}.1`);
  append('# header\ntwo\n');
  await seen('two');
  expect(harness.messages).toEqual(['# header', 'one', '# header', 'two']);
});

test('a line longer than the limit is cut and marked, and the next one is whole', async () => {
  append(`${'x'.repeat(200_000)}\nnext\n${'y'.repeat(1500)}\nlast\n`);
  harness.start(source());
  await seen('next', 'last');
  expect(harness.logs.map(event => [event.message.length, event.fields?.['log.flags']])).toEqual([
    [1024, 'cut'],
    [4, undefined],
    [1024, 'cut'],
    [4, undefined],
  ]);
  expect(harness.logs[1]?.position).toBe(200_001);
});

test('bytes that are no UTF-8 cost nothing but themselves', async () => {
  appendFileSync(path, Buffer.from([0x61, 0xff, 0xfe, 0x62, 0x0a, 0x00, 0x00, 0x0a, 0x63, 0x0a]));
  harness.start(source());
  await seen('c');
  expect(harness.messages).toEqual(['a��b', '␀␀', 'c']);
});

test('the first run reads rotated files back, oldest first, and counts what is older than wanted', async () => {
  const from = Date.UTC(2026, 10, 20) * 1000;
  harness = new SourceHarness({backfillFrom: from});
  writeFileSync(`${path}.2`, '2026-11-18T10:00:00Z a\n2026-11-21T10:00:00Z b\n');
  pack(`${path}.2`);
  writeFileSync(`${path}.1`, '2026-11-21T11:00:00Z c\n');
  append('2026-11-21T12:00:00Z d\n');
  harness.start(source());
  await seen('d');
  expect(harness.messages).toEqual(['b', 'c', 'd']);
  expect(harness.filtered).toEqual({'older-than-backfill': 1});
  expect(harness.batches.every(batch => batch.events.length === 0 || batch.historical)).toBe(true);
});

test('a damaged packed file costs its own lines only, and a gap says so', async () => {
  append('two\n');
  writeFileSync(`${path}.1.gz`, gzipSync(`${'one\n'.repeat(9000)}`).subarray(0, -20));
  harness.start(source());
  await seen('two');
  await harness.until(() => harness.gaps.length > 0);
  expect(harness.gaps[0]?.reason).toBe('app.log.1.gz is damaged');
});

test('back-pressure: nothing is read on while a batch waits', async () => {
  append('line of some length\n'.repeat(50_000));
  let waiting = 0;
  const emit = Object.assign(
    () => {
      waiting++;
      return new Promise<void>(() => {});
    },
    {room: () => true},
  );
  const abort = new AbortController();
  const context = {agent: 'a', host: 'h', position: undefined, backfillFrom: 0, clock: () => 0, news: () => {}};
  void source().start(emit, abort.signal, context);
  await new Promise(resolve => setTimeout(resolve, 50));
  expect(waiting).toBe(1);
  abort.abort();
});

const asRoot = process.getuid?.() === 0;
if (asRoot) console.warn('the test of a file that may not be read is skipped: root may read all');
(asRoot ? test.skip : test)('a file that may not be read fails with the command that mends it', async () => {
  append('one\n');
  chmodSync(path, 0o000);
  harness.start(source());
  await expect(harness.ended()).rejects.toMatchObject({mend: expect.stringContaining('setfacl')});
});

describe('any order of appending, rotating, copying, packing, crashing and restarting', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %i: nothing missing, nothing double', async seed => {
    const random = seeded(seed);
    const written: string[] = [];
    let rotations = 0;
    let running = false;
    for (let step = 0; step < 60; step++) {
      const choice = random(14);
      if (choice < 6) write(random(30));
      else if (choice === 6) rotate(false);
      else if (choice === 7) rotate(true);
      else if (choice === 8) packSome();
      else if (choice === 9) await stop();
      else if (choice === 10) await start(random(4));
      else if (choice === 11) await start(Number.POSITIVE_INFINITY);
      else await new Promise(resolve => setTimeout(resolve, random(12)));
    }
    await start(Number.POSITIVE_INFINITY);
    await harness.until(
      () => new Set(harness.messages).size >= written.length,
      `seed ${seed}: ${written.length} lines`,
    );
    await harness.stop();
    expect([...harness.messages].sort()).toEqual([...written].sort());
    expect(harness.gaps).toEqual([]);

    function write(count: number): void {
      let text = '';
      for (let line = 0; line < count; line++) {
        const message = `line ${written.length} ${'z'.repeat(random(80))}`;
        written.push(message);
        text += `${message}\n`;
      }
      append(text);
    }

    function rotate(copy: boolean): void {
      if (!existsSync(path) || statSync(path).size === 0) return;
      for (let number = rotations; number >= 1; number--) {
        for (const end of ['', '.gz']) {
          const name = `${path}.${number}${end}`;
          if (existsSync(name)) renameSync(name, `${path}.${number + 1}${end}`);
        }
      }
      rotations++;
      if (copy) {
        copyFileSync(path, `${path}.1`);
        truncateSync(path);
      } else {
        renameSync(path, `${path}.1`);
        if (random(2) === 0) append('');
      }
    }

    function packSome(): void {
      for (let number = 1; number <= rotations; number++) {
        if (random(2) === 0 && existsSync(`${path}.${number}`)) pack(`${path}.${number}`);
      }
    }

    async function stop(): Promise<void> {
      if (running) await harness.stop();
      running = false;
    }

    async function start(batches: number): Promise<void> {
      await stop();
      harness.start(source(), batches);
      running = true;
    }
  });
});

function seeded(seed: number): (below: number) => number {
  let state = seed * 7919;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
