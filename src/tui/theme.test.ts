import type {Style} from './pane.ts';
import {createTheme} from './theme.ts';

const time = Date.UTC(2024, 8, 25, 1, 38, 1, 7) * 1000;

test('without colour text is left unchanged', () => {
  const theme = createTheme({colour: false, unicode: true, zone: 'utc'});
  expect(theme.paint('critical', 'x')).toBe('x');
});

test.each([true, 256, 'truecolor'] as const)('with colour %s every style closes its escape', colour => {
  const theme = createTheme({colour, unicode: true, zone: 'utc'});
  const styles: Style[] = ['dim', 'selected', 'match', 'critical', 'high', 'medium', 'low', 'good', 'series0'];
  for (const style of styles) expect(theme.paint(style, 'x')).toMatch(/^\u001b\[[\d;]+mx\u001b\[0m$/);
  expect(theme.paint('plain', 'x')).toBe('x');
  expect(theme.paint('critical', '')).toBe('');
});

test('times have a fixed width in every form', () => {
  const {clock} = createTheme({colour: false, unicode: true, zone: 'utc'});
  expect(clock(time, 'time')).toBe('01:38:01');
  expect(clock(time, 'time-ms')).toBe('01:38:01.007');
  expect(clock(time, 'date-time')).toBe('2024-09-25 01:38:01');
  expect(clock(time, 'hour')).toBe('01');
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e30])('%d is no time and is shown as dashes', micros => {
  const {clock} = createTheme({colour: false, unicode: true, zone: 'utc'});
  expect(clock(micros, 'time')).toBe('--:--:--');
  expect(clock(micros, 'date-time')).toBe('---------- --:--:--');
});

test('local time is the machine’s own', () => {
  const {clock} = createTheme({colour: false, unicode: true, zone: 'local'});
  const date = new Date(time / 1000);
  const own = [date.getHours(), date.getMinutes(), date.getSeconds()].map(part => String(part).padStart(2, '0'));
  expect(clock(time, 'time')).toBe(own.join(':'));
});
