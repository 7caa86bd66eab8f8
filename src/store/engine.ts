import type {Settings} from '../config/settings.ts';

/** What SQLite gives and takes here. Integers stay below 2^53: microseconds fit until the year 2255. */
export type SqlValue = string | number | null | Uint8Array;

export type SqlRow = Record<string, SqlValue>;

/**
 * A prepared statement. Parameters are bound in order to `?`. One result at a time: finish `iterate` before the next
 * call. A bound number may arrive in SQL as REAL (node:sqlite binds all so, the others those beyond 32 bits): stored in
 * an INTEGER column or compared with one it is the same, but for whole division write `CAST(? AS INTEGER)`.
 */
export interface Statement {
  /** `changes` is what this statement changed; an ignored insert changes 0. */
  run(...parameters: readonly SqlValue[]): {readonly changes: number};
  all(...parameters: readonly SqlValue[]): SqlRow[];
  get(...parameters: readonly SqlValue[]): SqlRow | undefined;
  /** Rows as they are found; leaving the loop early frees the statement. */
  iterate(...parameters: readonly SqlValue[]): IterableIterator<SqlRow>;
  /** Names of the result's columns, also when there is no row. */
  columns(): readonly string[];
}

export type EngineKind = 'node:sqlite' | '@photostructure/sqlite' | 'sql.js';

/**
 * One connection to one SQLite file, from `openDatabase` (open-database.ts). Synchronous; belongs to the thread that opened it. Methods throw what the library
 * throws; `storeError` (store-error.ts) turns that into words.
 */
export interface Database {
  readonly kind: EngineKind;
  /** Whether the library has FTS5; the file has `log_text` only if the setting `full_text` was on as well. */
  readonly fullText: boolean;
  /** Runs statements separated by semicolons. Transactions are BEGIN IMMEDIATE, COMMIT and ROLLBACK through here. */
  exec(sql: string): void;
  prepare(sql: string): Statement;
  /** Adds a pure function to SQL, taking as many arguments as `run` has parameters. */
  function(name: string, run: (...values: SqlValue[]) => SqlValue): void;
  /** Folds the WAL into the file and empties it, as far as readers allow without waiting for them. Nothing with sql.js. */
  checkpoint(): void;
  /** Bytes on disk that belong to the database: file, WAL, journal. */
  bytes(): number;
  close(): void;
}

export interface OpenOptions {
  /** `read` never creates, never writes and cannot be made to write by SQL. */
  readonly mode: 'write' | 'read';
  readonly engine: Settings['store']['engine'];
  readonly synchronous?: Settings['store']['synchronous'];
  /** sql.js only: bytes of database beyond which a write fails as on a full disk. */
  readonly sizeCapBytes?: number;
  /** Told what a person should know though the database did open: part of a journal was damaged, an export failed. */
  readonly notice?: (text: string) => void;
}
