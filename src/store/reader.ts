import type {CountRequest, QueryRequest, QueryRow} from '../query/request.ts';
import type {AlertChange, AlertGroup} from './sink.ts';

/** Counts a field or a bucket came to. `keys` in the order of the request's `by`; `bucket` where `every` was asked. */
export interface CountRow {
  readonly bucket?: number;
  readonly keys: readonly (string | number | null)[];
  readonly count: number;
}

/** How much is stored, and from when to when: why an answer may be empty. */
export interface Holdings {
  readonly rows: number;
  readonly oldest?: number;
  readonly newest?: number;
}

/**
 * Reads what is stored, over a connection that cannot write. Used by `siem query`, the screen's reader thread, training
 * and reports. Answers are bounded by the request's limit.
 */
export interface StoreReader {
  rows(request: QueryRequest): readonly QueryRow[];
  /** As `rows`, oldest first, without holding them all: for training and exports. `limit` still bounds it. */
  iterate(request: QueryRequest): IterableIterator<QueryRow>;
  count(request: CountRequest): readonly CountRow[];
  alert(idPrefix: string): {readonly group: AlertGroup; readonly changes: readonly AlertChange[]} | undefined;
  holdings(kind: QueryRequest['kind'], since?: number, until?: number): Holdings;
  /** The newest store sequence number of a kind, 0 where nothing is stored: where following begins. */
  newestSequence(kind: QueryRequest['kind']): number;
  /** One read-only statement of the user's own. */
  sql(statement: string, limit: number): {readonly columns: readonly string[]; readonly rows: readonly QueryRow[]};
  close(): void;
}
