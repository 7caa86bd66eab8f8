import type {Micros} from '../event/event.ts';
import type {Expression} from './expression.ts';

/**
 * What can be asked for. `anomalies` are the rows of one alert group and minute; `alerts` are the groups. `traffic` are sums
 * of a minute, each about one transport, one service or one talker.
 */
export const queryKinds = ['logs', 'alerts', 'anomalies', 'flows', 'metrics', 'traffic'] as const;

export type QueryKind = (typeof queryKinds)[number];

/**
 * One question to the store. Times are half open: since ≤ time < until. What lasts (alerts, flows) is within when any of
 * it is: since ≤ last and first < until; it is ordered by its last time.
 */
export interface QueryRequest {
  readonly kind: QueryKind;
  readonly since?: Micros;
  readonly until?: Micros;
  readonly where?: Expression;
  /** The newest `limit` rows, oldest first; with `reverse`, newest first. */
  readonly limit: number;
  readonly reverse?: boolean;
  /**
   * Only rows with a larger store sequence number, the first `limit` of them in store order: how following works, so
   * that neither late rows nor those beyond the limit are missed. Traffic has no such numbers.
   */
  readonly afterSeq?: number;
}

/**
 * Counts instead of rows: by fields, by time bucket, or both. Anomalies count what they stand for, traffic counts bytes,
 * others rows.
 */
export interface CountRequest {
  readonly kind: QueryKind;
  readonly since?: Micros;
  readonly until?: Micros;
  readonly where?: Expression;
  /** Field names as a user writes them. */
  readonly by: readonly string[];
  /** Bucket width. */
  readonly every?: Micros;
  /** A moment at which a bucket begins, so that days can begin at the user's midnight. 1970 where absent. */
  readonly origin?: Micros;
  readonly limit: number;
}

/** A row of an answer, flat, by ECS name: what `toEcs` and `alertFields` give, plus `event.sequence` (store order). */
export type QueryRow = Record<string, string | number | boolean | null | readonly string[]>;
