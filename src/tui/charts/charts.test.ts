import {createTheme} from '../theme.ts';
import {barChart} from './bars.ts';
import {brailleLine, sparkline} from './braille.ts';
import {type LineChart, lineChart, roundScale} from './line-chart.ts';
import {resample} from './resample.ts';
import {timeAxis} from './time-axis.ts';

const unicode = createTheme({colour: false, unicode: true, zone: 'utc'});
const ascii = createTheme({colour: false, unicode: false, zone: 'utc'});
const second = 1_000_000;
const end = Date.UTC(2024, 8, 25, 16, 20, 0) * 1000;

function chart(values: readonly (number | null)[], more: Partial<LineChart> = {}): LineChart {
  const times = values.map((_, index) => end - (values.length - 1 - index) * second);
  const label = (value: number) => String(Math.round(value));
  const series = [{times, values, style: 'plain' as const}];
  return {series, end, span: values.length * second, max: 10, label, labelWidth: 3, ...more};
}

test('a line stands at its height, on a fixed scale, with a time axis below', () => {
  expect(lineChart(chart([0, 0, 5, 5, 10, 10]), {width: 10, height: 6}, unicode)).toEqual([
    ' 10┤    ╭─',
    '   │    │ ',
    '  5┤  ╭─╯ ',
    '   │  │   ',
    '  0┤──╯   ',
    '   └──────',
  ]);
});

test('the same line in ASCII', () => {
  expect(lineChart(chart([0, 0, 5, 5, 10, 10]), {width: 10, height: 4}, ascii)).toEqual([
    ' 10+    /-',
    '   |  /-/ ',
    '  0+--/   ',
    '   +------',
  ]);
});

test('a constant series keeps its place and the chart its height', () => {
  const lines = lineChart(chart([5, 5, 5, 5]), {width: 8, height: 6}, unicode);
  expect(lines).toHaveLength(6);
  expect(lines[2]).toBe('  5┤────');
});

test('gaps and what is no number stay blank', () => {
  const lines = lineChart(chart([5, null, null, Number.NaN, 5, 5]), {width: 10, height: 4}, unicode);
  expect(lines[1]).toBe('   │─   ──');
});

test('nothing measured is an empty chart', () => {
  expect(lineChart(chart([]), {width: 8, height: 3}, unicode)).toHaveLength(3);
  expect(lineChart(chart([null, null]), {width: 8, height: 3}, unicode)[0]).toBe(' 10┤    ');
});

test('values beyond the scale stay on the chart', () => {
  expect(lineChart(chart([-5, 99, 99, 99]), {width: 8, height: 4}, unicode)).toHaveLength(4);
});

test('a second series is dotted and lies under the first', () => {
  const times = [0, 1, 2, 3].map(index => end - (3 - index) * second);
  const series = [
    {times, values: [0, 0, 0, 0], style: 'series0' as const},
    {times, values: [10, 10, 0, 0], style: 'series1' as const},
  ];
  const lines = lineChart(chart([0, 0, 0, 0], {series}), {width: 8, height: 4}, unicode);
  expect(lines[0]).toBe(' 10┤┈┈╮ ');
  expect(lines[2]).toBe('  0┤────');
});

test('columns are means of what falls into them and do not shift with the end', () => {
  const times = Array.from({length: 10}, (_, index) => end - (9 - index) * second);
  const values = [1, 3, 1, 3, 1, 3, 1, 3, 1, 3];
  const later = resample({times, values}, end + second / 2, 10 * second, 5);
  expect(later.filter(value => value !== null)).toEqual(resample({times, values}, end, 10 * second, 5));
});

test('columns narrower than the pause between samples keep the value before', () => {
  const times = [end - 4 * second, end - 3 * second, end - 2 * second];
  expect(resample({times, values: [1, 2, 3]}, end, 4 * second, 8)).toEqual([null, 2, 2, 3, 3, 3, 3, null]);
});

test('time ticks are at round times', () => {
  expect(timeAxis(end, 600 * second, 3, 60, unicode)).toBe(
    '   └───────────┴16:12──────┴16:14──────┴16:16──────┴16:18───────',
  );
  expect(timeAxis(end, 60 * second, 0, 40, ascii)).toMatch(/^\+-+\+16:19:\d\d-/);
});

test('the end of a scale is 1, 2 or 5 times a power of ten', () => {
  expect([0, 900, 1_001, 2_400_000, 6_000_000].map(value => roundScale(value, 1_000))).toEqual([
    1_000, 1_000, 2_000, 5_000_000, 10_000_000,
  ]);
});

test('bars rise in eighths, and the smallest count still shows', () => {
  const bars = [0, 1, 50, 100].map((count, index) => ({label: `0${index}`, count}));
  expect(barChart(bars, 'plain', {width: 20, height: 3}, unicode)).toEqual([
    '   100┤         ██  ',
    '     0┤   ▁▁ ██ ██  ',
    '       00 01 02 03  ',
  ]);
});

test('bars have an ASCII form', () => {
  const bars = [0, 1, 50, 100].map((count, index) => ({label: `0${index}`, count}));
  expect(barChart(bars, 'plain', {width: 19, height: 3}, ascii)).toEqual([
    '   100+         ## ',
    '     0+   __ ## ## ',
    '       00 01 02 03 ',
  ]);
});

test('small charts show a measured zero and leave a gap blank', () => {
  expect(sparkline([0, 50, null, 100, Number.NaN], 100, unicode)).toBe('▁▅ █ ');
  expect(sparkline([0, 50, null, 100], 100, ascii)).toBe('_- #');
  expect(brailleLine([0, 100, null, 50, 100, 100], 100, unicode)).toBe('⣸⢰⣿');
  expect(brailleLine([0, 100, null, null], 100, ascii)).toBe('# ');
});

test('a marked bar has a mark below it, not only another colour', () => {
  const bars = [
    {label: '14', count: 1},
    {label: '15', count: 2, marked: true},
  ];
  expect(barChart(bars, 'plain', {width: 15, height: 5}, unicode)).toEqual([
    '     2┤    ███ ',
    '      │▄▄▄ ███ ',
    '     0┤███ ███ ',
    '           ▲   ',
    '       14  15  ',
  ]);
});
