import {day, hour} from '../../event/clock.ts';
import {Settled} from './settled.ts';

const start = 1_767_571_200_000_000;

test('a place of the first day is known, a later one new, and known after a week', () => {
  const settled = new Settled(24 * hour);
  settled.watch('alpha', start);
  settled.meet('alpha', 'early.example', start + hour);
  expect(settled.of('alpha', 'early.example', start + 2 * hour)).toBe('learning');
  settled.meet('alpha', 'late.example', start + 2 * day);
  expect(settled.of('alpha', 'early.example', start + 2 * day)).toBe('known');
  expect(settled.of('alpha', 'late.example', start + 3 * day)).toBe('new');
  expect(settled.of('alpha', 'late.example', start + 10 * day)).toBe('known');
  expect(settled.of('alpha', 'never.example', start + 10 * day)).toBe('new');
});

test('each host has its own, and an old file read later does not end the learning', () => {
  const settled = new Settled(24 * hour);
  settled.watch('alpha', start);
  settled.watch('beta', start + 10 * day);
  settled.watch('beta', start - 300 * day);
  expect(settled.isLearning('beta', start + 10 * day + hour)).toBe(true);
  expect(settled.isLearning('alpha', start + 10 * day)).toBe(false);
});

test('where nothing is learned nothing can be known', () => {
  const settled = new Settled(0);
  settled.watch('alpha', start);
  expect(settled.of('alpha', 'a.example', start + 9 * day)).toBe('unknowable');
  expect(settled.isLearning('alpha', start + 9 * day)).toBe(true);
});
