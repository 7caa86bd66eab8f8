import {day, hour, minute, second} from '../event/clock.ts';
import {parseDuration, TimeError} from './duration.ts';
import {parseTime} from './time.ts';

const now = Date.UTC(2026, 10, 22, 15, 30) * 1000;
const utc = {now, utc: true};
const at = (...parts: [number, number, number, number?, number?, number?]) => Date.UTC(...parts) * 1000;

test.each([
  ['2026-11-22', at(2026, 10, 22)],
  ['2026-11-22 10:00', at(2026, 10, 22, 10)],
  ['2026-11-22 10:00:05', at(2026, 10, 22, 10, 0, 5)],
  ['2026-11-22 10:00:05.123456', at(2026, 10, 22, 10, 0, 5) + 123_456],
  ['2026-11-22T10:00:00Z', at(2026, 10, 22, 10)],
  ['2026-11-22T10:00:00+02:00', at(2026, 10, 22, 8)],
  ['2026-11-22T10:00:00.5-0130', at(2026, 10, 22, 11, 30) + 500_000],
  ['10:00', at(2026, 10, 22, 10)],
  ['now', now],
  ['today', at(2026, 10, 22)],
  ['yesterday', at(2026, 10, 21)],
  ['tomorrow', at(2026, 10, 23)],
  ['Yesterday 18:15', at(2026, 10, 21, 18, 15)],
  ['-1h', now - hour],
  ['1h', now - hour],
  ['+5m', now + 5 * minute],
  ['1h30m', now - hour - 30 * minute],
  ['2d', now - 2 * day],
  ['3 days ago', now - 3 * day],
  ['1 week 2 days ago', now - 9 * day],
  ['@1700000000', 1_700_000_000 * second],
  ['@1700000000.25', 1_700_000_000 * second + 250_000],
])('%s is understood', (text, micros) => {
  expect(parseTime(text, utc)).toBe(micros);
});

test('a time without a zone is in the zone of the machine unless UTC is asked for', () => {
  const local = new Date(2026, 10, 22, 10).getTime() * 1000;
  expect(parseTime('2026-11-22 10:00', {now, utc: false})).toBe(local);
  expect(parseTime('10:00', {now: local + hour, utc: false})).toBe(local);
  expect(parseTime('2026-11-22T10:00:00Z', {now, utc: false})).toBe(at(2026, 10, 22, 10));
});

test('yesterday of the first of a month is the last of the month before', () => {
  expect(parseTime('yesterday', {now: at(2026, 2, 1, 12), utc: true})).toBe(at(2026, 1, 28));
  expect(parseTime('tomorrow', {now: at(2026, 11, 31, 12), utc: true})).toBe(at(2027, 0, 1));
});

test.each([
  '',
  'soon',
  '2026-02-30',
  '2026-13-01',
  '25:00',
  '10:60',
  '5 parsecs',
  '-1h ago',
  '2026-11-22Z',
  '@',
  '+',
  'ago',
  '9999999999d',
])('%p is refused, with what is accepted', text => {
  expect(() => parseTime(text, utc)).toThrow(TimeError);
  expect(() => parseTime(text, utc)).toThrow(/"2026-11-22 10:00".*-1h.*3 days ago/);
});

test('a length of time may be made of parts', () => {
  expect(parseDuration('1h30m')).toBe(90 * minute);
  expect(parseDuration('1.5h')).toBe(90 * minute);
  expect(parseDuration('2 days')).toBe(2 * day);
  for (const wrong of ['', '5', '0s', '-1h', '5 x', 'h'])
    expect(() => parseDuration(wrong)).toThrow(/Expected a length of time such as 90s, 5m, 1h30m/);
});
