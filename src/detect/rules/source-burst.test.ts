import {hour, minute, second} from '../../event/clock.ts';
import type {LogEvent} from '../../event/event.ts';
import {logEntry} from './log-entry.test-helper.ts';
import {SourceBurst} from './source-burst.ts';

const start = Math.floor((Date.UTC(2026, 0, 5, 12) * 1000) / minute) * minute;
const entries = (count: number, from: number, every: number): LogEvent[] =>
  Array.from({length: count}, (_, i) => logEntry(from + i * every));

function learned(): SourceBurst {
  const burst = new SourceBurst({burst_factor: 10});
  burst.onEvents(entries(4 * 120, start, 15 * second));
  return burst;
}

test('a program that writes ten times its usual rate is reported as it passes the limit and at each doubling', () => {
  const alerts = learned().onEvents(entries(500, start + 2 * hour, second / 10));
  expect(alerts).toMatchObject([
    {rule: {id: 'source.burst'}, entity: 'app in file:/var/log/auth.log', count: 61},
    {count: 62, reason: 'app wrote 123 entries within a minute; usual are 4, and lately 4 at the most.'},
    {count: 124},
    {count: 248},
  ]);
});

test('what a program did before is no news, and what it does at first neither', () => {
  const burst = learned();
  expect(burst.onEvents(entries(500, start + 2 * hour, second / 10))).not.toEqual([]);
  expect(burst.onEvents(entries(500, start + 26 * hour, second / 10))).toEqual([]);
  expect(new SourceBurst({burst_factor: 10}).onEvents(entries(5_000, start, second / 100))).toEqual([]);
});

test('a minute that is a little louder than the loudest lately is none, one that is twice as loud is', () => {
  const burst = learned();
  burst.onEvents(entries(200, start + 2 * hour, second / 10));
  expect(burst.onEvents(entries(250, start + 26 * hour, second / 10))).toEqual([]);
  expect(burst.onEvents(entries(450, start + 50 * hour, second / 10))).toHaveLength(1);
});

test('few entries are no burst however rare they were', () => {
  expect(learned().onEvents(entries(60, start + 2 * hour, second))).toEqual([]);
});

test('one entry dated far in the future does not gather all later ones into a burst', () => {
  const burst = learned();
  burst.onEvents([logEntry(start + 90_000 * hour)]);
  expect(burst.onEvents(entries(4 * 600, start + 2 * hour, 15 * second))).toEqual([]);
});

test('the usual rate outlives a restart', () => {
  const burst = new SourceBurst({burst_factor: 10});
  burst.restore(JSON.parse(JSON.stringify(learned().save())));
  expect(burst.onEvents(entries(70, start + 2 * hour, second / 10))).toHaveLength(1);
});
