import {second} from '../../event/clock.ts';
import type {LogEvent} from '../../event/event.ts';
import type {SourceBatch} from '../source.ts';
import {type Pace, paced} from './paced.ts';

function entry(seconds: number): LogEvent {
  const origin = {agent: 'a', host: 'h', source: 's', epoch: 'e', dataset: 'd'};
  const time = seconds * second;
  return {kind: 'log', origin, position: seconds, time, ingested: 0, level: 6, code: 0, provider: 'p', message: ''};
}

async function* one(batch: SourceBatch): AsyncGenerator<SourceBatch> {
  yield batch;
}

/** `busy`: milliseconds that whoever takes a part needs for it. */
async function play(
  times: readonly number[],
  speed: number,
  {busy = 0, ...more}: Partial<Pace> & {busy?: number} = {},
) {
  const told: (number | readonly number[])[] = [];
  let now = 7;
  const pause = async (milliseconds: number) => {
    told.push(milliseconds);
    now += milliseconds;
  };
  const batches = one({events: times.map(entry), position: {offset: 9}});
  const pace = {speed, signal: new AbortController().signal, pause, now: () => now, ...more};
  for await (const part of paced(batches, pace)) {
    told.push(part.events.map(event => event.position));
    now += busy;
    expect(part.position).toEqual({offset: 9});
  }
  return told;
}

test('events come as far apart as they happened, and a long gap is cut to a second', async () => {
  expect(await play([0, 0.01, 0.5, 10_000], 1)).toEqual([[0, 0.01], 500, [0.5], 1_000, [10_000]]);
});

test('at twice the speed pauses are half as long', async () => {
  expect(await play([0, 1], 2)).toEqual([[0], 500, [1]]);
});

test('a longer pause is kept where it was asked for', async () => {
  expect(await play([0, 30], 1, {longestPause: 60_000})).toEqual([[0], 30_000, [30]]);
});

test('what handing on takes is taken off the next pause, and added to none', async () => {
  expect(await play([0, 0.5, 1, 1.5], 1, {busy: 200})).toEqual([[0], 300, [0.5], 300, [1], 300, [1.5]]);
  expect(await play([0, 0.5, 1], 1, {busy: 600})).toEqual([[0], 0, [0.5], 0, [1]]);
});

test('the first event too comes in its time, where it is said when that begins', async () => {
  expect(await play([6, 6.5], 1, {begins: 5 * second})).toEqual([1_000, [6], 500, [6.5]]);
});

test('without a speed nothing waits, and time that goes back waits for nothing', async () => {
  expect(await play([0, 50, 100], 0)).toEqual([[0, 50, 100]]);
  expect(await play([100, 0, 0.2], 1)).toEqual([[100, 0], 200, [0.2]]);
});
