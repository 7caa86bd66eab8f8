import type {Database} from './engine.ts';
import {migrations} from './schema.ts';
import {StoreError} from './sink.ts';
import {views} from './views.ts';

/**
 * Brings a database to the newest layout, one transaction a step, so that a step either happened or did not. A layout
 * that is newer than this program is refused and left alone.
 */
export function migrate(database: Database, steps: readonly string[] = migrations): void {
  const found = layoutVersion(database);
  if (found > steps.length) {
    throw new StoreError(
      'newer',
      `The database has layout ${found}; this program knows layouts up to ${steps.length}`,
      'Use the newer siem that made it, or another folder: --data-dir',
    );
  }
  steps.slice(found).forEach((step, index) => {
    inTransaction(database, () => {
      database.exec(step);
      database.exec(views);
      database.exec(`PRAGMA user_version = ${found + index + 1}`);
    });
  });
}

export function layoutVersion(database: Database): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}

/** All of `work` happens, or nothing. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database, error);
    throw error;
  }
}

// After some errors (a full disk) SQLite has rolled back by itself, and says so here. The first error is the one to tell.
function rollBack(database: Database, cause: unknown): void {
  try {
    database.exec('ROLLBACK');
  } catch (error) {
    if (!String(error).includes('no transaction is active')) {
      throw new AggregateError([cause, error], `${String(cause)}; and rolling back failed: ${String(error)}`);
    }
  }
}
