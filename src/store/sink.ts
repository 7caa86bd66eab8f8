import type {Gap, Position} from '../capture/source.ts';
import type {EcsRecord} from '../event/ecs.ts';
import type {Event, Micros} from '../event/event.ts';
import type {AlertLevel} from '../event/level.ts';

/** The states an alert's life cycle passes through; what is stored is the append-only list of changes. */
export type AlertStatus = 'open' | 'acknowledged' | 'closed';

/** A group of findings of one rule about one entity, as it stands. Written whole each time it changes. */
export interface AlertGroup {
  readonly id: string;
  readonly host: string;
  readonly agent: string;
  readonly rule: string;
  readonly ruleName: string;
  readonly level: AlertLevel;
  /** The anomaly type. */
  readonly category: string;
  readonly entity: string;
  readonly reason: string;
  readonly techniques: readonly string[];
  readonly first: Micros;
  readonly last: Micros;
  readonly count: number;
  readonly historical: boolean;
  readonly status: AlertStatus;
  /** Source and event id of the first triggering event, as the original program's columns. */
  readonly provider: string;
  readonly code: number;
  /** The newest triggering event's own fields. */
  readonly event: EcsRecord;
}

/** What one group gained within one minute of event time: one row of the anomalies table. Counts add up. */
export interface AnomalyRow {
  readonly alert: string;
  /** Start of the minute. */
  readonly minute: Micros;
  /** The newest finding's time. */
  readonly time: Micros;
  readonly code: number;
  readonly category: string;
  readonly level: AlertLevel;
  readonly provider: string;
  readonly message: string;
  readonly count: number;
}

/** One step in an alert's life. */
export interface AlertChange {
  readonly alert: string;
  readonly time: Micros;
  readonly actor: string;
  readonly action: 'acknowledge' | 'close' | 'reopen' | 'comment' | 'suppress';
  readonly verdict?: 'true-positive' | 'false-positive' | 'benign';
  readonly note?: string;
}

/** What hourly totals are kept of, so that the charts need no scan. */
export type TallyDimension = 'level' | 'source' | 'event-id' | 'anomaly-type' | 'protocol' | 'anomalies';

/** Packets seen in an hour by protocol, from the sensor: packets are counted, not stored. */
export interface TallyRow {
  /** Start of the hour. */
  readonly hour: Micros;
  readonly dimension: TallyDimension;
  readonly value: string;
  readonly count: number;
}

/** Everything that becomes durable together, in one transaction. */
export interface StoreBatch {
  readonly events: readonly Event[];
  readonly alerts: readonly AlertGroup[];
  readonly anomalies: readonly AnomalyRow[];
  readonly changes: readonly AlertChange[];
  readonly positions: readonly {readonly source: string; readonly position: Position}[];
  readonly gaps: readonly {readonly source: string; readonly gap: Gap}[];
  /** Beyond those that the writer counts itself from events and anomalies. */
  readonly tallies: readonly TallyRow[];
  /** Detector and model state by key, plain JSON. */
  readonly states: readonly {readonly key: string; readonly value: unknown}[];
}

export const emptyBatch: StoreBatch = {
  events: [],
  alerts: [],
  anomalies: [],
  changes: [],
  positions: [],
  gaps: [],
  tallies: [],
  states: [],
};

export interface WriteResult {
  readonly stored: number;
  /** Events whose identity was known already. A flow's later report counts as stored. */
  readonly duplicate: number;
  /** By `Origin.source`. */
  readonly bySource: ReadonlyMap<string, {stored: number; duplicate: number}>;
}

/**
 * Where batches become durable. The engine calls `write` with one batch at a time, some tens of times a second; when it
 * returns, all of the batch is stored, or it throws a StoreError and none of it is. On `disk full` the engine keeps the
 * batch, raises an alert and tries again.
 */
export interface Sink {
  write(batch: StoreBatch): WriteResult;
}

/** `busy`: another monitor; `damaged`: not a database; `full`: no space; `denied`: permissions; `newer`: made by a later version. */
export class StoreError extends Error {
  readonly code: 'busy' | 'damaged' | 'full' | 'denied' | 'newer' | 'failed';
  readonly mend: string | undefined;

  constructor(code: StoreError['code'], message: string, mend?: string) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
    this.mend = mend;
  }
}
