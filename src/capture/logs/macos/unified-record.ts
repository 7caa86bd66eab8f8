import type {Micros} from '../../../event/event.ts';
import {type JsonRecord, parseObject, readTime} from '../parse/json-line.ts';

/** One line of `log … --style ndjson`. */
export type UnifiedRecord =
  /** A message, or what a program tells of its activities. */
  | {readonly kind: 'message'; readonly time: Micros; readonly record: JsonRecord}
  /** The system lost messages. */
  | {readonly kind: 'loss'; readonly time: Micros; readonly record: JsonRecord; readonly lost: number | undefined}
  /** Measurements and notes of the log about itself, which hold no text. */
  | {readonly kind: 'other'}
  /** A line around the records. */
  | {readonly kind: 'none'}
  | {readonly kind: 'unparsable'};

const withoutText = new Set<unknown>(['signpostEvent', 'stateEvent', 'timesyncEvent', 'activityTransitionEvent']);
/** What `log` prints before the records. */
const head = /^(?:Filtering the log data|Skipping |Timestamp )/;

export function readUnifiedLine(line: string): UnifiedRecord {
  const record = parseObject(exact(line));
  if (!record) return {kind: head.test(line) ? 'none' : 'unparsable'};
  if (record.finished !== undefined && record.timestamp === undefined) return {kind: 'none'};
  const time = typeof record.timestamp === 'string' ? readTime(record.timestamp) : undefined;
  if (time === undefined || time < 0) return {kind: 'unparsable'};
  if (record.eventType === 'lossEvent') return {kind: 'loss', time, record, lost: lossOf(record.lossCount)};
  if (withoutText.has(record.eventType)) return {kind: 'other'};
  return {kind: 'message', time, record};
}

/** Numbers of 64 bits become text: within a message, a quote has a backslash before it, and nothing of it fits here. */
function exact(line: string): string {
  return line.replace(/"(\w{1,40})":(\d{16,20})(?=[,}])/g, '"$1":"$2"');
}

function lossOf(value: unknown): number | undefined {
  const count = typeof value === 'object' && value !== null && 'count' in value ? value.count : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : undefined;
}
