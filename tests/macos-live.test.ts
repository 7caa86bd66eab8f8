import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {unifiedLog} from '../src/capture/logs/macos/unified-log.ts';
import {SourceHarness} from '../src/capture/logs/source-harness.fixture.ts';
import type {SourceBatch} from '../src/capture/source.ts';
import {MacosMachine} from './support/macos-log.ts';
import {cleanUp, configure, isGone, monitor, query, stop, until, workFolder} from './support/siem.ts';

const timing = {attach: 2_000, shortest: 5, longest: 20};
let machine: MacosMachine;
let harness: SourceHarness;

beforeEach(() => {
  machine = new MacosMachine(join(workFolder(), 'bin'));
  harness = new SourceHarness({clock: () => machine.now});
});

afterEach(async () => {
  await harness.stop().catch(() => {});
  await cleanUp();
});

const source = () => unifiedLog({command: machine.command, timing});
const watch = () => harness.start(source());
const seen = (count: number) => harness.until(() => harness.events.length >= count, `${count} messages`);
const states = () => harness.news.map(({state}) => state);
const runs = (times = 1) => harness.until(() => states().filter(state => state === 'running').length >= times);
const numbered = (count: number, from = 0) => Array.from({length: count}, (_, at) => `message ${from + at}`);

test('what is there is read back, then messages are followed, none of them twice', async () => {
  machine.write(...numbered(3));
  watch();
  await seen(3);
  await runs();
  machine.write(...numbered(2, 3));
  await seen(5);
  expect(harness.messages).toEqual(numbered(5));
  expect(harness.duplicates).toBe(0);
  expect(harness.gaps).toEqual([]);
  expect(harness.batches[0]?.historical).toBe(true);
  expect(harness.batches.at(-1)?.historical).toBeUndefined();
  expect(machine.calls[0]).toMatch(/^stream /);
  expect(machine.calls[1]).toMatch(/^show --style ndjson --start \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+0000$/);
});

test('a message keeps its time, level, program and 64-bit numbers', async () => {
  machine.writeWith({messageType: 'Fault', activityIdentifier: 7}, 'it broke \u001b[2J');
  watch();
  await seen(1);
  expect(harness.logs[0]).toMatchObject({
    time: Date.UTC(2026, 10, 22, 10, 0, 1) * 1000 + 456,
    level: 2,
    provider: 'airportd',
    pid: 208,
    message: 'it broke ␛[2J',
    origin: {source: 'macos', dataset: 'macos.unified', epoch: 'D8A4C1F2-1111-4222-8333-444444444444.2'},
    position: 24,
    fields: {
      'process.executable': '/usr/libexec/airportd',
      'macos.subsystem': 'com.apple.wifi',
      'macos.category': 'Driver',
      'macos.sender': '/usr/lib/libwifi.dylib',
      'macos.activity_id': 7,
      'macos.trace_id': 35_893_475_847,
      'user.id': 0,
    },
  });
});

test('a login is one where macOS’ own program tells of it', async () => {
  const message = 'Failed password for root from 198.51.100.7 port 22 ssh2';
  machine.writeWith({processImagePath: '/usr/sbin/sshd'}, message);
  machine.writeWith({processImagePath: '/Users/eve/sshd'}, message);
  watch();
  await seen(2);
  expect(harness.logs.map(({fields}) => fields?.['event.outcome'])).toEqual(['failure', undefined]);
});

test('messages of two threads at the same tick are both kept', async () => {
  machine.writeWith({machTimestamp: 77, threadID: 1}, 'same');
  machine.writeWith({machTimestamp: 77, threadID: 2}, 'same');
  watch();
  await seen(2);
  expect(harness.duplicates).toBe(0);
});

test('a restart fills in what was written in between', async () => {
  machine.write(...numbered(3));
  watch();
  await seen(3);
  await harness.stop();
  machine.passSeconds(3600);
  machine.write(...numbered(4, 3));
  watch();
  await seen(7);
  expect(harness.messages).toEqual(numbered(7));
  expect(harness.gaps).toEqual([]);
});

test('a stream that ends is begun again, and nothing is missing or twice', async () => {
  machine.write(...numbered(3));
  watch();
  await runs();
  machine.endStream();
  machine.write(...numbered(20, 3));
  await runs(2);
  machine.write(...numbered(2, 23));
  await seen(25);
  expect(harness.messages).toEqual(numbered(25));
  expect(harness.duplicates).toBe(0);
  expect(states()).toContain('waiting');
});

test('what the log no longer holds is a gap', async () => {
  machine.write('old');
  watch();
  await seen(1);
  await harness.stop();
  const [from, purgedBefore] = [machine.now, machine.now / 1000 + 5_000];
  machine.write(...numbered(9));
  machine.behave({purgedBefore});
  watch();
  await harness.until(() => harness.gaps.length > 0, 'a gap');
  expect(harness.messages).toEqual(['old', ...numbered(5, 4)]);
  expect(harness.gaps).toEqual([{from: from + 456, to: from + 5_000_456, reason: 'no longer in the log'}]);
});

test('what cannot be shown is a gap, and the stream is followed all the same', async () => {
  machine.write('old');
  watch();
  await seen(1);
  await harness.stop();
  machine.behave({showFails: true});
  machine.write('missed');
  watch();
  await runs(2);
  machine.write('new');
  await seen(2);
  expect(harness.messages).toEqual(['old', 'new']);
  expect(harness.gaps).toMatchObject([{reason: 'log show: log: Could not open local log store'}]);
});

test('messages that the system lost are a gap; measurements are left out, damaged lines counted', async () => {
  machine.write('first');
  machine.writeWith({eventType: 'lossEvent', lossCount: {count: 12}}, 'lost 12 messages');
  machine.writeWith({eventType: 'signpostEvent'}, '');
  machine.writeWith({timestamp: '2026-11-22 02:00:xx -0800'}, 'no time');
  watch();
  await runs();
  machine.write('last');
  await seen(2);
  expect(harness.messages).toEqual(['first', 'last']);
  expect(harness.gaps).toMatchObject([{lost: 12}]);
  expect(harness.filtered).toEqual({'no-text': 1});
  expect(harness.dropped).toEqual({unparsable: 1});
});

test('a flood while the store is busy is read when there is room, without making the stream wait', async () => {
  machine.write('first');
  let release = () => {};
  const busy = new Promise<void>(resolve => {
    release = resolve;
  });
  const messages: string[] = [];
  const abort = new AbortController();
  let isRunning = false;
  const emit = async ({events}: SourceBatch) => {
    for (const event of events) if (event.kind === 'log') messages.push(event.message);
    if (messages.includes('block')) await busy;
  };
  const context = {
    ...{agent: 'agent', host: 'mac', position: undefined, backfillFrom: 0, clock: () => machine.now},
    news: ({state}: {state: string}) => {
      isRunning ||= state === 'running';
    },
  };
  const running = source().start(Object.assign(emit, {room: () => true}), abort.signal, context);
  await until('the stream is followed', () => isRunning);
  machine.write('block');
  await until('the store is busy', () => messages.includes('block'));
  machine.flood(numbered(30_000));
  machine.write('last');
  release();
  await until('all is read', () => messages.includes('last'));
  abort.abort();
  await running;
  expect(new Set(messages).size).toBe(30_003);
  expect(messages).toHaveLength(30_003);
});

test('a user who may not read the log is told so', async () => {
  machine.behave({denied: true});
  watch();
  await expect(harness.ended()).rejects.toMatchObject({name: 'SourceError', mend: expect.stringContaining('sudo')});
});

test('a machine without `log` says so', async () => {
  rmSync(machine.command);
  watch();
  await expect(harness.ended()).rejects.toMatchObject({message: 'log was not found'});
});

test('the monitor stores what the log of macOS says and leaves no child behind', async () => {
  machine = new MacosMachine(join(workFolder(), 'bin'), Date.now() - 60_000);
  machine.write('before');
  const dataDir = join(workFolder(), 'data');
  configure(dataDir, {monitor: {sources: 'macos'}});
  const run = await monitor(dataDir, [], {PATH: `${machine.folder}:${process.env.PATH}`});
  const rows = () => query(dataDir, '--since', '1h', 'event.provider:airportd');
  await until('what was there is stored', async () => (await rows()).length === 1);
  machine.write('after');
  await until('what is new is stored', async () => (await rows()).length === 2);
  await stop(run);
  await until('no child is left', () => isGone(run));
  expect((await rows()).map(row => row.message).sort()).toEqual(['after', 'before']);
});
