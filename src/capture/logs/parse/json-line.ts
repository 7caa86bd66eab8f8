import type {FieldValue, Micros} from '../../../event/event.ts';
import {type Level, Levels, parseLevel} from '../../../event/level.ts';
import {sanitize} from '../../../event/sanitize.ts';
import type {Entry, Fields} from './entry.ts';
import {StampReader} from './stamp.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** The object that a line of JSON holds, or undefined. */
export function parseObject(line: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;
  } catch {
    return undefined;
  }
}

const timeNames = ['@timestamp', 'timestamp', 'time', 'ts', 'datetime', 'date'];
const levelNames = ['log.level', 'level', 'severity', 'levelname', 'lvl'];
const messageNames = ['message', 'msg', 'event.original', 'log', 'text'];
const providerNames = ['event.provider', 'logger', 'logger_name', 'service.name', 'service', 'name', 'program', 'app'];
const stamps = new StampReader();

/** A JSON log line of any program: time, level, message and program by their usual names, the rest as fields. */
export function readJsonRecord(record: JsonRecord, provider: string): Entry {
  const fields = flatten(record);
  const take = (names: readonly string[]): FieldValue | undefined => {
    const name = names.find(candidate => fields[candidate] !== undefined);
    if (name === undefined) return undefined;
    const value = fields[name];
    delete fields[name];
    return value;
  };
  const time = readTime(take(timeNames));
  const level = readLevel(take(levelNames));
  const message = take(messageNames);
  const program = take(providerNames);
  const host = take(['host.name', 'hostname', 'host']);
  const pid = take(['process.pid', 'pid']);
  const user = take(['user.name', 'user']);
  const entry: Entry = {
    time,
    level: level ?? Levels.information,
    provider: program === undefined ? provider : String(program),
    message: message === undefined ? sanitize(jsonText(record).slice(0, 4096)) : String(message),
    fields,
  };
  if (host !== undefined) entry.host = String(host);
  if (typeof pid === 'number') entry.pid = pid;
  if (user !== undefined) entry.user = String(user);
  return entry;
}

const deepest = 6;
const mostFields = 512;
const longestName = 256;

/**
 * Nested objects as dotted names, lists as text; bounded in depth and number. Names and values are sanitised. `listText`:
 * how a list is written where not as JSON.
 */
export function flatten(record: JsonRecord, listText?: (list: readonly unknown[]) => string | undefined): Fields {
  const fields: Fields = {};
  let count = 0;
  const walk = (value: JsonRecord, prefix: string, depth: number): void => {
    for (const [name, inner] of Object.entries(value)) {
      if (count >= mostFields) return;
      const path = sanitize(`${prefix}${name}`.slice(0, longestName));
      if (path === '__proto__' || inner === null || inner === undefined) continue;
      if (typeof inner === 'object' && !Array.isArray(inner) && depth < deepest) {
        walk(inner as JsonRecord, `${path}.`, depth + 1);
        continue;
      }
      const list = Array.isArray(inner) ? listText?.(inner) : undefined;
      fields[path] = list === undefined ? scalar(inner) : sanitize(list);
      count++;
    }
  };
  walk(record, '', 1);
  return fields;
}

function scalar(value: unknown): FieldValue {
  if (typeof value === 'string') return sanitize(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return sanitize(jsonText(value));
}

/** A value as JSON again. What is nested thousands of levels deep can be parsed and not be written. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch (error) {
    if (error instanceof RangeError) return '(nested too deeply)';
    throw error;
  }
}

/** ISO text, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by its size. */
export function readTime(value: FieldValue | undefined): Micros | undefined {
  if (typeof value === 'string') {
    const iso = value.length >= 16 ? stamps.iso(value, 0) : undefined;
    if (iso !== undefined) return iso;
    if (!/^\d{9,19}(?:\.\d{1,9})?$/.test(value)) return undefined;
  } else if (typeof value !== 'number') return undefined;
  const number = Number(value);
  if (!Number.isFinite(number) || number < 0) return undefined;
  if (number < 1e11) return Math.round(number * 1e6);
  if (number < 1e14) return Math.round(number * 1e3);
  return Math.round(number < 1e17 ? number : number / 1e3);
}

/** A word, a syslog severity (0–7), or the tens of pino and bunyan (10 trace … 60 fatal). */
function readLevel(value: FieldValue | undefined): Level | undefined {
  if (typeof value === 'string')
    return parseLevel(value) ?? (/^[0-7]$/.test(value) ? (Number(value) as Level) : undefined);
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  if (value >= 0 && value <= 7) return value as Level;
  const tens: Readonly<Record<number, Level>> = {10: 7, 20: 7, 30: 6, 40: 4, 50: 3, 60: 2};
  return tens[value];
}
