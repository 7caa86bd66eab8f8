import type {Settings} from '../config/settings.ts';

/** What SQLite gives and takes here. Integers stay below 2^53: microseconds fit until the year 2255. */
export type SqlValue = string | number | null | Uint8Array;

export type SqlRow = Record<string, SqlValue>;

/** A prepared statement. Parameters are bound in order to `?`. One result at a time: finish `iterate` before the next call. */
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

/** One connection to one SQLite file. Synchronous; belongs to the thread that opened it. */
export interface Database {
  readonly kind: EngineKind;
  /** Whether the library has FTS5. Whether this file has the `log_text` table is another question: see `hasFullText`. */
  readonly fullText: boolean;
  /** Runs statements separated by semicolons. Transactions are BEGIN IMMEDIATE, COMMIT and ROLLBACK through here. */
  exec(sql: string): void;
  prepare(sql: string): Statement;
  /** Adds a pure function to SQL, taking as many arguments as `run` has parameters. */
  function(name: string, run: (...values: SqlValue[]) => SqlValue): void;
  /** With sql.js, a reading connection takes up what other processes have committed since; elsewhere nothing is needed. */
  refresh(): void;
  /** Bytes on disk that belong to the database: file, WAL, journal. */
  bytes(): number;
  close(): void;
}

export interface OpenOptions {
  /** `read` never creates, never writes and cannot be made to write by SQL. */
  readonly mode: 'write' | 'read';
  readonly engine: Settings['store']['engine'];
  readonly synchronous?: Settings['store']['synchronous'];
  /** sql.js only: bytes of database beyond which inserting fails as a full disk would. */
  readonly sizeCapBytes?: number;
}
