import {RecurrenceBar} from './recurrence-bar.ts';
import {seededRandom} from './seeded-random.ts';

const day = 86_400e6;
const hour = 3600e6;

test('about as many a day pass as are wanted, however many candidates there are', () => {
  for (const perDay of [20, 200]) {
    const random = seededRandom(perDay);
    const bar = new RecurrenceBar(5);
    let told = 0;
    for (let at = 0; at < perDay * 14; at++) {
      const time = (at * day) / perDay;
      const score = -Math.log(random()) * 2;
      if (score > bar.at(time) && time > 7 * day) told += 1;
      bar.note(time, score);
    }
    expect(told / 7).toBeGreaterThan(2.5);
    expect(told / 7).toBeLessThan(8);
  }
});

test('nothing passes in the first half day, and what is common never does', () => {
  const bar = new RecurrenceBar(5);
  expect(bar.at(0)).toBe(Number.POSITIVE_INFINITY);
  expect(bar.at(11 * hour)).toBe(Number.POSITIVE_INFINITY);
  expect(bar.progress(6 * hour)).toBe(0.5);
  expect(bar.at(13 * hour)).toBe(bar.least);
});

test('what was strange a week ago counts no more, and a restart changes nothing', () => {
  const bar = new RecurrenceBar(1);
  for (let at = 0; at < 50; at++) bar.note(at * hour, 9);
  const restored = new RecurrenceBar(1);
  restored.restore(JSON.parse(JSON.stringify(bar.snapshot())));
  expect(bar.at(51 * hour)).toBe(9);
  expect(restored.at(51 * hour)).toBe(9);
  for (let at = 0; at < 9; at++) bar.note(12 * day + at * hour, 1);
  expect(bar.at(13 * day)).toBeLessThanOrEqual(1);
});
