import type {Gap, Position} from '../capture/source.ts';
import type {AlertChange, AlertGroup, AnomalyRow} from '../event/alert-group.ts';
import type {Event, Micros} from '../event/event.ts';

export type {AlertChange, AlertGroup, AlertStatus, AnomalyRow} from '../event/alert-group.ts';

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
  /** Of each event of the batch, in order: its store sequence number, 0 for a duplicate. */
  readonly sequences: ArrayLike<number>;
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
