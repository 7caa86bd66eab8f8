import {hour} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';
import type {Database, Statement} from './engine.ts';

/** Tables whose rows have a store sequence number. */
const sequencedTables = ['log', 'flow', 'metric', 'anomaly', 'alert', 'alert_change', 'gap'] as const;

/**
 * Gives out the store sequence number: one rising series over all tables, also over restarts and after everything was
 * removed. Keeps, for each hour, the last number given out in it, so that retention can tell rows' age by their number.
 */
export class Sequence {
  readonly #mark: Statement;
  #last: number;
  #committed: number;

  constructor(database: Database) {
    this.#mark = database.prepare(
      'INSERT INTO mark (hour, seq) VALUES (?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq',
    );
    this.#last = lastUsed(database);
    this.#committed = this.#last;
  }

  next(): number {
    return ++this.#last;
  }

  get last(): number {
    return this.#last;
  }

  /** Within each transaction that took numbers. */
  save(now: Micros): void {
    if (this.#last !== this.#committed) this.#mark.run(now - (now % hour), this.#last);
  }

  committed(): void {
    this.#committed = this.#last;
  }

  rolledBack(): void {
    this.#last = this.#committed;
  }
}

function lastUsed(database: Database): number {
  const used = ['mark', ...sequencedTables].map(
    table => database.prepare(`SELECT max(seq) AS seq FROM ${table}`).get()?.seq,
  );
  return Math.max(0, ...used.map(Number).filter(Number.isFinite));
}
