import type {SqlJsStatic, Database as SqljsDatabase, Statement} from 'sql.js';
import type {SqlValue} from './engine.ts';
import type {Frame} from './frame.ts';
import {replay} from './replay.ts';
import {StoreError} from './sink.ts';

let library: Promise<SqlJsStatic> | undefined;

/** Loads sql.js once (about 30 ms). */
export function sqljsLibrary(): Promise<SqlJsStatic> {
  library ??= import('sql.js').then(module => module.default());
  return library;
}

/**
 * A database in memory with the content of a file, or an empty one. Native SQLite leaves the file marked as WAL, which
 * sql.js cannot open; once the WAL is empty the mark may be taken off.
 */
export function openRaw(sqljs: SqlJsStatic, bytes: Uint8Array, path: string): SqljsDatabase {
  if (bytes.length > 0 && Buffer.from(bytes.subarray(0, 15)).toString('latin1') !== 'SQLite format 3') {
    throw new StoreError('damaged', `${path}: file is not a database`);
  }
  if (bytes.length > 0) bytes.fill(1, 18, 20);
  const raw = new sqljs.Database(bytes);
  try {
    raw.exec('PRAGMA auto_vacuum=INCREMENTAL');
    raw.exec(pragmas(0));
    raw.exec('SELECT count(*) FROM sqlite_master');
    dropFullText(raw);
  } catch (error) {
    raw.close();
    throw error;
  }
  return raw;
}

/** Set again after an export, which may reset them. The rollback journal of a database in memory belongs there too. */
export function pragmas(pageLimit: number): string {
  return `PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000;
    ${pageLimit > 0 ? `PRAGMA max_page_count=${pageLimit}` : ''}`;
}

// sql.js lacks FTS5, so that not even DROP TABLE works on what native SQLite made. Left in place it would no longer
// match the log; native SQLite makes it anew.
function dropFullText(raw: SqljsDatabase): void {
  const names = (like: string) =>
    raw.exec(`SELECT name FROM sqlite_master WHERE ${like}`)[0]?.values.map(([name]) => String(name)) ?? [];
  const virtual = "sql LIKE 'CREATE VIRTUAL TABLE log_text_%'";
  if (names(virtual).length === 0) return;
  const version = Number(raw.exec('PRAGMA schema_version')[0]?.values[0]?.[0]);
  raw.exec(`DROP VIEW IF EXISTS log_text; PRAGMA writable_schema=ON; DELETE FROM sqlite_master WHERE ${virtual};
    PRAGMA schema_version=${version + 2}; PRAGMA writable_schema=RESET`);
  for (const name of names("type = 'table' AND name LIKE 'log_text_%'")) raw.exec(`DROP TABLE ${name}`);
}

/** As `replay`, freeing each statement it prepared. */
export function replayRaw(raw: SqljsDatabase, frames: readonly Frame[], held: number): number {
  const statements: Statement[] = [];
  const prepare = (sql: string) => {
    const statement = raw.prepare(sql);
    statements.push(statement);
    return {run: (...parameters: SqlValue[]) => statement.run(parameters)};
  };
  try {
    return replay({exec: sql => raw.exec(sql), prepare}, frames, held);
  } finally {
    for (const statement of statements) statement.free();
  }
}
