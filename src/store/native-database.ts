import {sizeOf} from './disk.ts';
import type {Database, OpenOptions, SqlRow, SqlValue, Statement} from './engine.ts';
import type {NativeConnection, NativeLibrary, NativeStatement} from './native-library.ts';
import {storeError} from './store-error.ts';

/** Opens a file with Node's or the packaged SQLite. */
export function openNative(library: NativeLibrary, path: string, options: OpenOptions): Database {
  const read = options.mode === 'read';
  // Newer Nodes forbid by default what dropping a part of the full-text index in chunks needs.
  const connection = new library.DatabaseSync(path, {readOnly: read, defensive: false});
  try {
    connection.exec(read ? readerPragmas : writerPragmas(options.synchronous ?? 'normal'));
  } catch (error) {
    connection.close();
    throw error;
  }
  return new NativeDatabase(library, connection, path, read);
}

// A reader maps the file's beginning instead of copying its pages. What is mapped counts as the program's memory as soon
// as it was read: with 256 MB mapped, a walk through a store of 200 MB made the process 300 MB large and no faster.
const readerPragmas =
  'PRAGMA busy_timeout=5000; PRAGMA query_only=ON; PRAGMA cache_size=-8000; PRAGMA mmap_size=33554432; PRAGMA temp_store=MEMORY';

// auto_vacuum has to come before anything writes to a new file. journal_size_limit cuts the WAL back after a long
// reader made it grow.
function writerPragmas(synchronous: 'normal' | 'full'): string {
  return `PRAGMA busy_timeout=5000; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;
    PRAGMA synchronous=${synchronous}; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;
    PRAGMA wal_autocheckpoint=1000; PRAGMA journal_size_limit=8388608`;
}

class NativeDatabase implements Database {
  readonly kind: NativeLibrary['kind'];
  readonly fullText = true;
  readonly #connection: NativeConnection;
  readonly #path: string;
  readonly #read: boolean;

  constructor(library: NativeLibrary, connection: NativeConnection, path: string, read: boolean) {
    this.kind = library.kind;
    this.#connection = connection;
    this.#path = path;
    this.#read = read;
  }

  exec(sql: string): void {
    this.#connection.exec(sql);
  }

  prepare(sql: string): Statement {
    return new NativeStatementAdapter(this.#connection.prepare(sql));
  }

  function(name: string, run: (...values: SqlValue[]) => SqlValue): void {
    this.#connection.function(name, {deterministic: true}, run);
  }

  checkpoint(): void {
    this.#connection.exec('PRAGMA busy_timeout=0; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout=5000');
  }

  bytes(): number {
    return sizeOf(this.#path) + sizeOf(`${this.#path}-wal`);
  }

  // @photostructure/sqlite keeps the file open after `close` until prepared statements are collected, so that SQLite
  // would not fold the WAL in. A reader that is still there keeps its WAL; then SQLite says that the file is locked.
  close(): void {
    try {
      if (!this.#read) {
        this.checkpoint();
        this.#connection.exec('PRAGMA busy_timeout=0; PRAGMA journal_mode=DELETE');
      }
    } catch (error) {
      if (storeError(error, this.#path).code !== 'busy') throw error;
    } finally {
      this.#connection.close();
    }
  }
}

class NativeStatementAdapter implements Statement {
  readonly #statement: NativeStatement;

  constructor(statement: NativeStatement) {
    this.#statement = statement;
  }

  run(...parameters: SqlValue[]): {changes: number} {
    return {changes: Number(this.#statement.run(...parameters).changes)};
  }

  all(...parameters: SqlValue[]): SqlRow[] {
    return this.#statement.all(...parameters) as SqlRow[];
  }

  get(...parameters: SqlValue[]): SqlRow | undefined {
    return (this.#statement.get(...parameters) ?? undefined) as SqlRow | undefined;
  }

  // A generator, so that the statement lives as long as the iteration: @photostructure/sqlite 1.2.1 crashes when a
  // statement is collected while its rows are still being read.
  *iterate(...parameters: SqlValue[]): IterableIterator<SqlRow> {
    yield* this.#statement.iterate(...parameters) as IterableIterator<SqlRow>;
  }

  columns(): readonly string[] {
    return this.#statement.columns().map(column => column.name);
  }
}
