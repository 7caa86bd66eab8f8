import type {Micros} from '../../event/event.ts';
import type {Theme} from '../pane.ts';

/** Cells that `when` and `whenExact` take at the most within a year. */
export const whenCells = 11;
export const whenExactCells = 14;
/** What a year takes. */
const yearCells = 5;
/** Narrower panes give a year's cells to what happened: a time of another year is only a date there. */
const yearsFrom = 74;

/** `15:04:05` today, `09-25 15:04` on another day, `2024-09-25 15:04` in another year, of that the date in few cells. */
export function when(time: Micros, now: Micros, theme: Theme, cells: number): string {
  const full = theme.clock(time, 'date-time');
  if (isToday(full, now, theme)) return full.slice(11);
  if (!isOfOtherYear(time, now, theme)) return full.slice(5, 16);
  return full.slice(0, cells < whenCells + yearCells ? 10 : 16);
}

/** `15:04:05.123` today, `09-25 15:04:05` on another day, `2024-09-25 15:04:05` in another year. */
export function whenExact(time: Micros, now: Micros, theme: Theme): string {
  const full = theme.clock(time, 'date-time');
  if (isToday(full, now, theme)) return theme.clock(time, 'time-ms');
  return isOfOtherYear(time, now, theme) ? full : full.slice(5);
}

/** Cells that the times of these rows take beyond `whenCells` or `whenExactCells`, in a pane of this width. */
export function yearRoom<Row>(
  rows: readonly Row[],
  timeOf: (row: Row) => Micros,
  now: Micros,
  width: number,
  theme: Theme,
): number {
  return width >= yearsFrom && rows.some(row => isOfOtherYear(timeOf(row), now, theme)) ? yearCells : 0;
}

/** An ISO time with up to six fractional digits; 0 for what is none. */
export function microsOf(value: unknown): Micros {
  if (typeof value === 'number') return value;
  const text = typeof value === 'string' ? value : '';
  const millis = Date.parse(text);
  const rest = /\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? '';
  return Number.isNaN(millis) ? 0 : millis * 1000 + Number(rest.padEnd(3, '0'));
}

let lastNow = Number.NaN;
let lastTheme: Theme | undefined;
let lastDay = '';
/** Of the present year. */
let [firstOfYear, endOfYear] = [0, 0];

function isToday(full: string, now: Micros, theme: Theme): boolean {
  setPresent(now, theme);
  return full.startsWith(lastDay);
}

/** Compares numbers, for it is asked of every row of a list. What is no time is of no other year. */
function isOfOtherYear(time: Micros, now: Micros, theme: Theme): boolean {
  setPresent(now, theme);
  return (time > 0 && time < firstOfYear) || (time >= endOfYear && time < endOfTime);
}

const endOfTime = 253_402_214_400_000_000;

function setPresent(now: Micros, theme: Theme): void {
  if (now === lastNow && theme === lastTheme) return;
  lastNow = now;
  const day = theme.clock(now, 'date-time').slice(0, 10);
  if (day === lastDay && theme === lastTheme) return;
  lastTheme = theme;
  lastDay = day;
  const year = Number(day.slice(0, 4));
  [firstOfYear, endOfYear] = Number.isNaN(year) ? [0, endOfTime] : [startOf(year, theme), startOf(year + 1, theme)];
}

/** When a year begins by the clock that the screen goes by. */
function startOf(year: number, theme: Theme): Micros {
  const atZero = Date.UTC(year, 0, 1) * 1000;
  const shown = Date.parse(`${theme.clock(atZero, 'date-time').replace(' ', 'T')}Z`) * 1000;
  return atZero - (shown - atZero);
}
