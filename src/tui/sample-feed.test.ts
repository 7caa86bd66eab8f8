import {hour, minute, second} from '../event/clock.ts';
import type {LiveSample, Snapshot} from '../pipeline/snapshot.ts';
import type {QueryRequest, QueryRow} from '../query/request.ts';
import {SampleFeed} from './sample-feed.ts';

const now = Date.UTC(2026, 0, 5, 12) * 1000;

function sample(time: number): LiveSample {
  const nothing = {swap: null, load: 1, diskRead: null, diskWrite: null, diskUsed: 50};
  return {time, cpu: 90, cores: [90], memory: 80, networkReceived: 7, networkSent: 8, ...nothing};
}

function snapshot(time: number, seconds: number, more: Partial<Snapshot> = {}) {
  const samples = Array.from({length: seconds}, (_, at) => sample(time - (seconds - 1 - at) * second));
  return {mode: 'live', host: 'here', time, samples, ...more} as const;
}

const mean = (time: number, name: string, value: number, host = 'here'): QueryRow => ({
  '@timestamp': new Date(time / 1000).toISOString(),
  'metric.name': name,
  'metric.value': value,
  'host.name': host,
});

function feedOn(rows: readonly QueryRow[] | Error) {
  const asked: QueryRequest[] = [];
  const errors: string[] = [];
  let changes = 0;
  const logs = async (request: QueryRequest) => {
    asked.push(request);
    if (rows instanceof Error) throw rows;
    return rows;
  };
  const feed = new SampleFeed({
    history: {logs, alertContext: async () => null},
    onChange: () => changes++,
    onError: message => errors.push(message),
  });
  return {feed, asked, errors, changes: () => changes};
}

const settled = () => new Promise(resolve => setImmediate(resolve));
const [begin, restart] = [now - 30 * minute, now - minute];
/** A mean each ten seconds, with a pause of two minutes. */
const means = [0, 10, 20.3, 30, 150, 160].flatMap(at => [
  mean(begin + at * second, 'cpu.total', at),
  mean(begin + at * second, 'network.sent', 1_000),
]);

test('after a restart the charts have the last hour of the store before the samples of this run, each second', async () => {
  const {feed, asked, changes} = feedOn([
    ...means,
    mean(restart + second, 'cpu.total', 5),
    mean(begin, 'cpu.total', 1, 'other'),
  ]);
  const live = snapshot(now, 60);
  feed.refresh();
  expect(feed.update(live)).toBe(live.samples);
  feed.refresh();
  feed.refresh();
  await settled();
  expect(asked).toEqual([expect.objectContaining({kind: 'metrics'})]);
  expect(asked[0]?.since).toBeLessThanOrEqual(now - hour);
  expect(changes()).toBe(1);
  const shown = feed.update(live);
  expect(shown.slice(-60)).toEqual(live.samples);
  const before = shown.slice(0, -60);
  expect(before.every(({time}) => time < (live.samples[0]?.time ?? 0))).toBe(true);
  const at = (seconds: number) => before.find(({time}) => Math.abs(time - begin - seconds * second) < second / 2);
  expect([0, 1, 10, 11, 20, 25, 30].map(seconds => at(seconds)?.cpu)).toEqual([0, 10, 10, 20.3, 20.3, 30, 30]);
  expect(at(12)).toMatchObject({networkSent: 1_000, networkReceived: null, memory: null});
  expect([31, 100, 139].map(at)).toEqual([undefined, undefined, undefined]);
  expect([141, 150, 160].map(seconds => at(seconds)?.cpu)).toEqual([150, 150, 160]);
  expect(feed.update(live)).toBe(shown);
});

test('what leaves the snapshot is read again before there is a hole', async () => {
  const {feed, asked} = feedOn(means);
  for (let at = 0; at <= 16; at++) {
    feed.update(snapshot(now + at * minute, 60));
    feed.refresh();
    await settled();
  }
  expect(asked.map(({since = 0}) => Math.round((since - (asked[0]?.since ?? 0)) / minute))).toEqual([0, 5, 10, 15]);
});

test('a replay, a demonstration and a machine that is not measured have nothing of before', async () => {
  const {feed, asked} = feedOn(means);
  for (const one of [snapshot(now, 60, {mode: 'replay'}), snapshot(now, 60, {mode: 'demo'}), snapshot(now, 0)]) {
    feed.update(one);
    feed.refresh();
    await settled();
    expect(feed.update(one)).toBe(one.samples);
  }
  expect(asked).toEqual([]);
});

test('a store that cannot be read is told once and leaves the samples of this run', async () => {
  const {feed, errors} = feedOn(new Error('locked'));
  const live = snapshot(now, 60);
  for (let at = 0; at < 3; at++) {
    expect(feed.update(live)).toBe(live.samples);
    feed.refresh();
    await settled();
  }
  expect(errors).toEqual(['locked']);
});
