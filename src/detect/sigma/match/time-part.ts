import type {FieldValue} from '../../../event/event.ts';
import type {TimePart} from '../rule.ts';

const written = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?/;

/** A number out of a date, as it is written: no zone is converted. Undefined where the value is no date. */
export function timePart(value: FieldValue, part: TimePart): number | undefined {
  const date = readDate(value);
  if (!date) return undefined;
  switch (part) {
    case 'minute':
      return date.getUTCMinutes();
    case 'hour':
      return date.getUTCHours();
    case 'day':
      return date.getUTCDate();
    case 'week':
      return isoWeek(date);
    case 'month':
      return date.getUTCMonth() + 1;
    case 'year':
      return date.getUTCFullYear();
    default:
      return part satisfies never;
  }
}

function readDate(value: FieldValue): Date | undefined {
  if (typeof value === 'boolean') return undefined;
  if (typeof value === 'number' || /^\d{9,16}(?:\.\d+)?$/.test(value)) return ofEpoch(Number(value));
  const found = written.exec(value);
  if (!found) return undefined;
  const [, year, month, day, hour = '0', minute = '0'] = found;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)));
  return date.getUTCMonth() === Number(month) - 1 && Number(hour) < 24 && Number(minute) < 60 ? date : undefined;
}

/** Seconds, milliseconds or microseconds since 1970, told apart by size. */
function ofEpoch(value: number): Date | undefined {
  const millis = value < 1e11 ? value * 1e3 : value < 1e14 ? value : value / 1e3;
  return millis >= 0 && millis < 8.64e15 ? new Date(millis) : undefined;
}

function isoWeek(date: Date): number {
  const thursday = new Date(date);
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const start = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return Math.ceil(((thursday.getTime() - start) / 86_400_000 + 1) / 7);
}
