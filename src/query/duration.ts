import {day, hour, minute, second} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';

/** What a wrong duration is told. */
export const durationForms = '90s, 5m, 1h30m, 2d, 1w, or words: 3 days';

/** A wrong time or duration; the message says what is accepted. */
export class TimeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TimeError';
  }
}

/**
 * Reads a length of time; more than nothing, at most a hundred years.
 *
 * @example
 * parseDuration('1h30m') // 5_400_000_000
 */
export function parseDuration(text: string): Micros {
  const length = durationOf(text.trim());
  if (length !== undefined && length > 0) return length;
  throw new TimeError(`Expected a length of time such as ${durationForms}, got "${text}".`);
}

/** As `parseDuration`, undefined where the text is something else. */
export function durationOf(text: string): Micros | undefined {
  if (!/^(\d{1,9}(\.\d{1,6})?\s*[a-z]{1,12}\s*)+$/i.test(text) || text.length > 100) return undefined;
  let total = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)) {
    const length = units.get(unit.toLowerCase());
    if (length === undefined) return undefined;
    total += Number(amount) * length;
  }
  return total <= 36_525 * day ? Math.round(total) : undefined;
}

const units: ReadonlyMap<string, Micros> = new Map(
  (
    [
      [1, 'us', 'usec', 'microsecond', 'microseconds'],
      [1000, 'ms', 'msec', 'millisecond', 'milliseconds'],
      [second, 's', 'sec', 'secs', 'second', 'seconds'],
      [minute, 'm', 'min', 'mins', 'minute', 'minutes'],
      [hour, 'h', 'hr', 'hrs', 'hour', 'hours'],
      [day, 'd', 'day', 'days'],
      [7 * day, 'w', 'week', 'weeks'],
    ] as const
  ).flatMap(([length, ...names]) => names.map(name => [name, length] as const)),
);
