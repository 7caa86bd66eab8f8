import {age, bytes, compact, percent, progressPercent, sum, thousands} from './figures.ts';

test('counts have separators, and what is no number is a dash', () => {
  expect([0, 999, 1_000, 1_234_567, -1_234].map(thousands)).toEqual(['0', '999', '1,000', '1,234,567', '-1,234']);
  expect(thousands(Number.NaN)).toBe('-');
});

test('compact counts take at most five cells', () => {
  expect([0, 3.44, 999, 999.6, 1_234, 99_950, 999_600, 1e12].map(compact)).toEqual([
    '0',
    '3.4',
    '999',
    '1.0k',
    '1.2k',
    '100k',
    '1.0M',
    '1.0T',
  ]);
  expect(compact(Number.MAX_SAFE_INTEGER)).toBe('9.0P');
  expect(compact(Number.POSITIVE_INFINITY)).toBe('-');
});

test('bytes are decimal', () => {
  expect([0, 512, 1_500, 12_300_000].map(bytes)).toEqual(['0 B', '512 B', '1.5 kB', '12 MB']);
});

test('percentages have one decimal', () => {
  expect([32.1, 0, 100, 66.66].map(percent)).toEqual(['32.1 %', '0.0 %', '100.0 %', '66.7 %']);
});

test('an age is told in its largest unit', () => {
  expect([40, 720, 18_000, 259_200].map(seconds => age(seconds * 1e6))).toEqual(['40 s', '12 min', '5 h', '3 d']);
});

test('progress is not done before it is', () => {
  expect([0, 0.439, 0.9999, 1, Number.NaN].map(progressPercent)).toEqual(['0 %', '43 %', '99 %', '100 %', '0 %']);
});

test('a record of counts sums up', () => {
  expect(sum({full: 2, late: 3})).toBe(5);
});
