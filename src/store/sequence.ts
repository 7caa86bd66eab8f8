import {hour} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';
import type {Database, Statement} from './engine.ts';

/** Tables whose rows have a store sequence number. */
export const sequencedTables = ['log', 'flow', 'metric', 'anomaly', 'alert', 'alert_change', 'gap'] as const;

/**
 * Gives out the store sequence number: one rising series over all tables, also over restarts and after everything was
 * removed. Keeps, for each hour, the number that was reached, so that retention can tell rows' age by their number.
 */
export class Sequence {
  readonly #save: Statement;
  readonly #mark: Statement;
  #last: number;
  #saved: number;
  #marked: Micros = -1;

  constructor(database: Database) {
    this.#save = database.prepare(
      "INSERT INTO meta (key, value) VALUES ('seq', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    );
    this.#mark = database.prepare('INSERT OR IGNORE INTO mark (hour, seq) VALUES (?, ?)');
    this.#last = lastUsed(database);
    this.#saved = this.#last;
  }

  next(): number {
    return ++this.#last;
  }

  get last(): number {
    return this.#last;
  }

  /** Within each transaction that used numbers. */
  save(now: Micros): void {
    if (this.#last !== this.#saved) this.#save.run(this.#last);
    const start = now - (now % hour);
    if (start !== this.#marked) this.#mark.run(start, this.#saved);
  }

  committed(now: Micros): void {
    this.#saved = this.#last;
    this.#marked = now - (now % hour);
  }

  rolledBack(): void {
    this.#last = this.#saved;
  }
}

function lastUsed(database: Database): number {
  const saved = database.prepare("SELECT value FROM meta WHERE key = 'seq'").get()?.value;
  const used = sequencedTables.map(table => database.prepare(`SELECT max(seq) AS seq FROM ${table}`).get()?.seq);
  return Math.max(0, ...[saved, ...used].map(Number).filter(Number.isFinite));
}
