import type {FieldValue, LogEvent, Micros, Origin} from '../../../event/event.ts';
import type {Level} from '../../../event/level.ts';

export type Fields = Record<string, FieldValue>;

/** What one line or record says, before it is known where it stands. All text in it is sanitised. */
export interface Entry {
  /** Undefined where the line carries no time of its own. */
  time?: Micros | undefined;
  level: Level;
  provider: string;
  message: string;
  code?: number;
  host?: string;
  user?: string;
  pid?: number;
  fields?: Fields;
}

/** Where and when an entry was read. */
export interface Place {
  readonly origin: Origin;
  readonly position: number;
  /** Used where the entry has no time. */
  readonly time: Micros;
  readonly ingested: Micros;
}

export function toLogEvent(entry: Entry, place: Place): LogEvent {
  const {origin} = place;
  return {
    kind: 'log',
    origin,
    position: place.position,
    time: entry.time ?? place.time,
    ingested: place.ingested,
    level: entry.level,
    code: entry.code ?? 0,
    provider: entry.provider,
    message: entry.message,
    ...(entry.host !== undefined && entry.host !== origin.host ? {host: entry.host} : undefined),
    ...(entry.user !== undefined ? {user: entry.user} : undefined),
    ...(entry.pid !== undefined ? {pid: entry.pid} : undefined),
    ...(entry.fields !== undefined ? {fields: entry.fields} : undefined),
  };
}
