import {day, hour} from '../../../event/clock.ts';
import type {Micros} from '../../../event/event.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 0 for `Jan` to 11 for `Dec`, -1 for anything else. */
export function monthNumber(name: string): number {
  return months.indexOf(name);
}

/** Two digits at a place of a line, or -1. */
export function twoDigits(line: string, at: number): number {
  const tens = line.charCodeAt(at) - 48;
  const ones = line.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/**
 * Reads the time at the start of a log line. It remembers the minute it computed last, for lines of one minute stand
 * together: the calendar is asked once a minute instead of once a line. After a read that returned a time, `end` is the
 * index behind it.
 */
export class StampReader {
  end = 0;
  /** Whether the last ISO stamp named its own zone. */
  zoned = false;
  #syslogMinute = '';
  #syslogBase: Micros = 0;
  #syslogReference: Micros = 0;
  #isoMinute = '';
  #isoUtc = 0;
  #isoLocal: number | undefined;

  /**
   * `Nov 22 10:00:01` (RFC 3164) in the machine's zone. The year is the latest one that does not put the line more than
   * a day after `reference`, so that December's lines read in January stay in the past.
   */
  syslog(line: string, at: number, reference: Micros): Micros | undefined {
    if (line.charCodeAt(at + 3) !== 32 || line.charCodeAt(at + 9) !== 58 || line.charCodeAt(at + 12) !== 58) return;
    const second = twoDigits(line, at + 13);
    if (second < 0 || second > 60) return;
    const known = line.startsWith(this.#syslogMinute, at) && Math.abs(reference - this.#syslogReference) < hour;
    if (!(known && this.#syslogMinute !== '') && !this.#syslogBaseOf(line.slice(at, at + 12), reference)) return;
    this.end = at + 15;
    return this.#syslogBase + second * 1_000_000 + this.#fraction(line);
  }

  /** `2026-11-22T10:00:00.123456+00:00`, also with a space for the T and a comma for the point; local if no zone. */
  iso(line: string, at: number): Micros | undefined {
    if (line.charCodeAt(at + 4) !== line.charCodeAt(at + 7) || line.charCodeAt(at + 13) !== 58) return;
    if (this.#isoMinute === '' || !line.startsWith(this.#isoMinute, at)) {
      if (!this.#isoMinuteOf(line.slice(at, at + 16))) return;
    }
    this.end = at + 16;
    let time = 0;
    if (line.charCodeAt(at + 16) === 58) {
      const second = twoDigits(line, at + 17);
      if (second < 0 || second > 60) return;
      this.end = at + 19;
      time = second * 1_000_000 + this.#fraction(line);
    }
    const offset = this.#zone(line);
    this.zoned = offset !== undefined;
    if (offset !== undefined) return (this.#isoUtc - offset * 60_000) * 1000 + time;
    this.#isoLocal ??= localMinute(this.#isoMinute);
    return this.#isoLocal * 1000 + time;
  }

  #syslogBaseOf(minute: string, reference: Micros): boolean {
    const month = monthNumber(minute.slice(0, 3));
    const dayOfMonth = minute.charCodeAt(4) === 32 ? minute.charCodeAt(5) - 48 : twoDigits(minute, 4);
    const hours = twoDigits(minute, 7);
    const minutes = twoDigits(minute, 10);
    const inRange = month >= 0 && dayOfMonth >= 1 && dayOfMonth <= 31 && hours >= 0 && hours < 24;
    if (!inRange || minutes < 0 || minutes > 59 || minute.charCodeAt(6) !== 32) return false;
    const base = latestYear(month, dayOfMonth, hours, minutes, reference);
    if (base === undefined) return false;
    this.#syslogMinute = minute;
    this.#syslogBase = base;
    this.#syslogReference = reference;
    return true;
  }

  #isoMinuteOf(minute: string): boolean {
    if (!/^\d{4}[-/]\d\d[-/]\d\d[T t]\d\d:\d\d$/.test(minute)) return false;
    const [year, month, date, hours, minutes] = minuteParts(minute);
    const utc = Date.UTC(year, month, date, hours, minutes);
    const back = new Date(utc);
    if (back.getUTCMonth() !== month || back.getUTCDate() !== date || hours > 23 || minutes > 59) return false;
    this.#isoMinute = minute;
    this.#isoUtc = utc;
    this.#isoLocal = undefined;
    return true;
  }

  #fraction(line: string): Micros {
    const mark = line.charCodeAt(this.end);
    if (mark !== 46 && mark !== 44) return 0;
    let at = this.end + 1;
    let value = 0;
    let unit = 100_000;
    for (let digit = line.charCodeAt(at) - 48; digit >= 0 && digit <= 9; digit = line.charCodeAt(++at) - 48) {
      value += digit * unit;
      unit = unit > 1 ? unit / 10 : 0;
    }
    if (at > this.end + 1) this.end = at;
    return value;
  }

  /** Minutes east of UTC. */
  #zone(line: string): number | undefined {
    let at = this.end;
    const first = line.charCodeAt(at);
    if (first === 90 || first === 122) {
      this.end = at + 1;
      return 0;
    }
    if (first === 32) at++;
    const sign = line.charCodeAt(at);
    const hours = twoDigits(line, at + 1);
    if ((sign !== 43 && sign !== 45) || hours < 0) return undefined;
    const colon = line.charCodeAt(at + 3) === 58 ? 1 : 0;
    const minutes = twoDigits(line, at + 3 + colon);
    if (minutes < 0) return undefined;
    this.end = at + 5 + colon;
    return (sign === 45 ? -1 : 1) * (hours * 60 + minutes);
  }
}

function latestYear(
  month: number,
  date: number,
  hours: number,
  minutes: number,
  reference: Micros,
): Micros | undefined {
  const limit = (reference + day) / 1000;
  const newest = new Date(limit).getFullYear();
  // 29 February may need eight years (around 1900, 2100), so look no further back.
  for (let year = newest; year >= newest - 8; year--) {
    const time = new Date(year, month, date, hours, minutes);
    if (time.getMonth() === month && time.getDate() === date && time.getTime() <= limit) return time.getTime() * 1000;
  }
  return undefined;
}

function localMinute(minute: string): number {
  return new Date(...minuteParts(minute)).getTime();
}

function minuteParts(minute: string): [number, number, number, number, number] {
  return [
    Number(minute.slice(0, 4)),
    Number(minute.slice(5, 7)) - 1,
    Number(minute.slice(8, 10)),
    Number(minute.slice(11, 13)),
    Number(minute.slice(14, 16)),
  ];
}
