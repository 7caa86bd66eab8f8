import type {Micros} from '../../event/event.ts';
import type {Theme} from '../pane.ts';

/** Cells that `when` and `whenExact` take at the most. */
export const whenCells = 11;
export const whenExactCells = 14;

/** `15:04:05` today, `09-25 15:04` on another day. */
export function when(time: Micros, now: Micros, theme: Theme): string {
  const full = theme.clock(time, 'date-time');
  return isToday(full, now, theme) ? full.slice(11) : full.slice(5, 16);
}

/** `15:04:05.123` today, `09-25 15:04:05` on another day. */
export function whenExact(time: Micros, now: Micros, theme: Theme): string {
  const full = theme.clock(time, 'date-time');
  return isToday(full, now, theme) ? theme.clock(time, 'time-ms') : full.slice(5);
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

function isToday(full: string, now: Micros, theme: Theme): boolean {
  if (now !== lastNow || theme !== lastTheme) {
    lastNow = now;
    lastTheme = theme;
    lastDay = theme.clock(now, 'date-time').slice(0, 10);
  }
  return full.startsWith(lastDay);
}
