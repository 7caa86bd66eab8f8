import type {SqlValue} from './engine.ts';
import {changesOf, type Frame} from './frame.ts';
import {StoreError} from './sink.ts';

/** What frames are played back into: sql.js's database, or a native one that takes over from it. */
export interface ReplayTarget {
  exec(sql: string): void;
  prepare(sql: string): {run(...parameters: SqlValue[]): unknown};
}

/**
 * The number of the last frame that the database holds. It is kept inside, so that database and number always agree,
 * whichever moment the program was killed at.
 */
export const frameTable =
  'CREATE TABLE IF NOT EXISTS frame (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL); INSERT OR IGNORE INTO frame VALUES (1, 0)';
export const frameNumber = 'SELECT number FROM frame';
export const setFrameNumber = 'UPDATE frame SET number = ?';

/** Applies, in one transaction, the frames that the database does not hold yet. Gives the number of the last one. */
export function replay(target: ReplayTarget, frames: readonly Frame[], held: number): number {
  const missing = frames.filter(frame => frame.number > held);
  if (missing.length === 0) return held;
  let last = held;
  const prepared = new Map<string, {run(...parameters: SqlValue[]): unknown}>();
  target.exec('BEGIN');
  try {
    for (const frame of missing) {
      if (frame.number !== last + 1) throw missingFrame(last + 1, frame.number);
      apply(target, prepared, frame);
      last = frame.number;
    }
    target.prepare(setFrameNumber).run(last);
    target.exec('COMMIT');
  } catch (error) {
    target.exec('ROLLBACK');
    throw error;
  }
  return last;
}

function apply(target: ReplayTarget, prepared: Map<string, ReturnType<ReplayTarget['prepare']>>, frame: Frame): void {
  for (const {sql, parameters} of changesOf(frame.body)) {
    // Definitions invalidate what was prepared, and come once.
    if (!/^\s*(INSERT|REPLACE|UPDATE|DELETE|WITH)/i.test(sql)) {
      prepared.clear();
      target.exec(sql);
      continue;
    }
    const statement = prepared.get(sql) ?? target.prepare(sql);
    prepared.set(sql, statement);
    statement.run(...parameters);
  }
}

function missingFrame(expected: number, found: number): StoreError {
  return new StoreError('damaged', `Expected frame ${expected} of the journal, found ${found}`);
}
