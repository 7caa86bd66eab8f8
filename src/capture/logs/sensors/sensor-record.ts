import type {Event, FieldValue, FlowEvent, Micros, Origin} from '../../../event/event.ts';
import {type Entry, toLogEvent} from '../parse/entry.ts';

/** Network sensors whose logs are read, as `observer.product` of what they say. */
export type SensorName = 'suricata' | 'zeek';

/** A flow without what depends on where it was read. */
export type FlowParts = Omit<FlowEvent, 'origin' | 'position' | 'ingested'>;

/** What one record of another sensor's log says, in the rows that this program's own sensor makes. */
export type SensorRecord =
  | {readonly kind: 'row'; readonly dataset: string; readonly entry: Entry}
  | {readonly kind: 'flow'; readonly flow: FlowParts};

/** Where and when a record was read. */
export interface SensorPlace {
  readonly position: number;
  readonly ingested: Micros;
  /** Used where the record has no time. */
  readonly newest: Micros;
  origin(dataset: string): Origin;
}

export function sensorEvent(record: SensorRecord, place: SensorPlace): Event {
  const {position, ingested} = place;
  if (record.kind === 'flow') return {...record.flow, origin: place.origin('flow'), position, ingested};
  const {entry, dataset} = record;
  return toLogEvent(entry, {origin: place.origin(dataset), position, ingested, time: place.newest});
}

/** When the newest of what a record tells happened; undefined where it does not say. */
export function recordTime(record: SensorRecord): Micros | undefined {
  return record.kind === 'flow' ? record.flow.last : record.entry.time;
}

export type MutableFields = Record<string, FieldValue>;

/** A list of plain values as text with commas; what is nested stays undefined, for JSON. */
export function joinedLists(list: readonly unknown[]): string | undefined {
  return list.every(isPlain) ? list.map(one => (one === null ? '' : String(one))).join(',') : undefined;
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}
