import {day} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';
import {durationOf, TimeError} from './duration.ts';

/** What a relative or zoneless time is read against. */
export interface TimeContext {
  readonly now: Micros;
  /** Times without a zone are UTC; otherwise the machine's own zone. */
  readonly utc: boolean;
}

/**
 * Reads a moment as journalctl's `-S` and `-U` do: a date, a date and time, ISO 8601 with a zone, a time of today,
 * `now`, `today`, `yesterday`, `tomorrow` (each may carry a time), `-1h` or `1h` or `1 hour ago` (before now), `+5m`
 * (after now), `@` and seconds since 1970. Throws a TimeError that lists these.
 */
export function parseTime(text: string, context: TimeContext): Micros {
  const trimmed = text.trim();
  const time = trimmed.length > 100 ? undefined : (relative(trimmed, context) ?? absolute(trimmed, context));
  if (time !== undefined && Math.abs(time) < furthest) return time;
  throw new TimeError(`Expected a time such as ${timeForms}; got "${text}".`);
}

/** What a wrong time is told. */
export const timeForms =
  '"2026-11-22 10:00", 2026-11-22, 2026-11-22T10:00:00Z, 10:00, now, today, yesterday, "yesterday 18:00", -1h, 1h30m, ' +
  '"3 days ago", +5m or @1700000000';

/** Microseconds fit a double, and a Date, up to here: the year 2255. */
const furthest = 9_000_000_000_000_000;

function relative(text: string, {now}: TimeContext): Micros | undefined {
  if (/^now$/i.test(text)) return now;
  const epoch = /^@(-?\d{1,11}(?:\.\d{1,6})?)$/.exec(text);
  if (epoch) return Math.round(Number(epoch[1]) * 1e6);
  const [, sign = '', rest = ''] = /^([+-]?)\s*(.*?)(?:\s+ago)?$/i.exec(text) ?? [];
  const length = durationOf(rest);
  if (length === undefined || (sign !== '' && /ago$/i.test(text))) return undefined;
  return sign === '+' ? now + length : now - length;
}

const clockPart = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?`;
const datePattern = new RegExp(
  String.raw`^(\d{4})-(\d{2})-(\d{2})(?:[T ]\s*${clockPart})?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$`,
  'i',
);
const dayPattern = new RegExp(String.raw`^(?:(today|yesterday|tomorrow)(?:\s+|$))?(?:${clockPart})?$`, 'i');

function absolute(text: string, context: TimeContext): Micros | undefined {
  const dated = datePattern.exec(text);
  if (dated) {
    const [, year, month, date, hours, minutes, seconds, fraction, zone] = dated;
    if (zone !== undefined && hours === undefined) return undefined;
    return moment([year, month, date].map(Number), clockOf(hours, minutes, seconds, fraction), zone, context.utc);
  }
  const named = text === '' ? null : dayPattern.exec(text);
  if (!named) return undefined;
  const [, word = 'today', hours, minutes, seconds, fraction] = named;
  const shift = {yesterday: -1, tomorrow: 1}[word.toLowerCase()] ?? 0;
  const today = calendarDay(context, shift);
  return moment(today, clockOf(hours, minutes, seconds, fraction), undefined, context.utc);
}

interface ClockTime {
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly micros: number;
}

function clockOf(hours = '0', minutes = '0', seconds = '0', fraction = ''): ClockTime {
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'));
  return {hours: Number(hours), minutes: Number(minutes), seconds: Number(seconds), micros};
}

function calendarDay({now, utc}: TimeContext, shift: number): number[] {
  const date = new Date(now / 1000);
  const [year, month, dayOfMonth] = utc
    ? [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
    : [date.getFullYear(), date.getMonth(), date.getDate()];
  const shifted = new Date(Date.UTC(year, month, dayOfMonth + shift));
  return [shifted.getUTCFullYear(), shifted.getUTCMonth() + 1, shifted.getUTCDate()];
}

function moment(date: readonly number[], clock: ClockTime, zone: string | undefined, utc: boolean): Micros | undefined {
  const [year = 0, month = 0, dayOfMonth = 0] = date;
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (year < 1000 || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > lastDay) return undefined;
  if (clock.hours > 23 || clock.minutes > 59 || clock.seconds > 59) return undefined;
  const parts = [year, month - 1, dayOfMonth, clock.hours, clock.minutes, clock.seconds] as const;
  const zoned = zone !== undefined || utc;
  const millis = zoned ? Date.UTC(...parts) : new Date(...parts).getTime();
  return millis * 1000 - offsetOf(zone) + clock.micros;
}

function offsetOf(zone: string | undefined): Micros {
  const found = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '');
  if (!found) return 0;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return ((found[1] === '-' ? -minutes : minutes) / 1440) * day;
}
