import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {SourceHarness} from '../../logs/source-harness.fixture.ts';
import {type BinaryXmlWriter, fixtureChunk, fixtureEvent, fixtureLog} from './event-log.fixture.ts';
import {eventLogFile} from './event-log-file.ts';

const timing = {poll: 4, settle: 1};
let folder = '';
let path = '';
let harness = new SourceHarness();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-evtx-'));
  path = join(folder, 'Security.evtx');
  harness = new SourceHarness();
});

afterEach(async () => {
  await harness.stop().catch(() => {});
  rmSync(folder, {recursive: true, force: true});
});

const source = () => eventLogFile({path, timing});
const record = (xml: BinaryXmlWriter) => fixtureEvent(xml, () => {});
const chunk = (count: number, first: number) => fixtureChunk(Array(count).fill(record), first);
const write = (...chunks: Buffer[]) => writeFileSync(path, fixtureLog(...chunks));
const positions = () => harness.logs.filter(event => event.provider !== 'siem').map(event => event.position);
const seen = (...wanted: number[]) =>
  harness.until(() => wanted.every(position => positions().includes(position)), wanted.join());

test('records are read once while their chunk grows, another follows and the log begins again at its front', async () => {
  write(chunk(2, 1));
  harness.start(source());
  await seen(1, 2);
  write(chunk(3, 1));
  await seen(3);
  write(chunk(3, 1), chunk(1, 4));
  await seen(4);
  write(chunk(1, 6), chunk(2, 4));
  await seen(5, 6);
  expect(positions()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(harness.duplicates).toBe(0);
  expect(new Set(harness.logs.map(event => event.origin.epoch)).size).toBe(1);
  expect(harness.gaps).toEqual([]);
});

test('after a restart reading goes on behind the last record that was stored', async () => {
  write(chunk(3, 1));
  harness.start(source());
  await seen(3);
  await harness.stop();
  write(chunk(4, 1), chunk(1, 5));
  harness.start(source());
  await seen(5);
  expect(positions()).toEqual([1, 2, 3, 4, 5]);
  expect(harness.duplicates).toBe(0);
});

test('records that were overwritten while nobody read are a gap', async () => {
  write(chunk(3, 1));
  harness.start(source());
  await seen(3);
  await harness.stop();
  write(chunk(2, 9));
  harness.start(source());
  await seen(10);
  expect(harness.gaps).toMatchObject([{reason: 'overwritten before it was read', lost: 5}]);
});

test('a log that was cleared is told and read from its beginning', async () => {
  write(chunk(5, 1));
  harness.start(source());
  await seen(5);
  const cleared = chunk(2, 1);
  // Written a while later than the records of the same numbers.
  cleared.writeUInt32LE(7, 512 + 16);
  write(cleared);
  await harness.until(() => harness.logs.length >= 8, 'the cleared log');
  expect(harness.logs[5]).toMatchObject({
    provider: 'siem',
    fields: {'event.action': 'log_truncated', 'file.path': path},
  });
  expect(positions().slice(5)).toEqual([1, 2]);
  expect(harness.duplicates).toBe(0);
});

test('what was written before the backfill limit is left out and counted', async () => {
  harness = new SourceHarness({backfillFrom: Number.MAX_SAFE_INTEGER});
  write(chunk(2, 1));
  harness.start(source());
  await harness.until(() => harness.filtered['older-than-backfill'] === 2, 'the filtered records');
  expect(harness.events).toEqual([]);
});

test('damage in the newest chunk is counted once, however often it is read', async () => {
  const damaged = chunk(3, 1);
  damaged.writeUInt32LE(0, 512 + damaged.readUInt32LE(516) + 4);
  write(damaged);
  harness.start(source());
  await seen(1);
  write(damaged, chunk(1, 4));
  await seen(4);
  expect(harness.dropped).toEqual({'record-size': 1, 'record-after-damage': 1});
});

test('a file that is not there yet is waited for', async () => {
  harness.start(source());
  await harness.until(() => harness.news.some(news => news.state === 'waiting'), 'waiting');
  write(chunk(1, 1));
  await seen(1);
});
