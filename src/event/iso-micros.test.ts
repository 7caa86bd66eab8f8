import {isoTime} from './ecs.ts';
import {isoMicros} from './iso-micros.ts';

test.each([0, 1, 999, 1_000, 1_767_323_045_123_456, 1_767_323_045_000_007, -1_500])(
  '%d comes back from its text',
  time => {
    expect(isoMicros(isoTime(time))).toBe(time);
  },
);

test('what is no time is not a number', () => {
  expect(isoMicros('yesterday')).toBeNaN();
});
