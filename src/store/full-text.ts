import type {Database, Statement} from './engine.ts';
import {inTransaction} from './migrate.ts';

/** Whether this file has an index of the words of log messages, and this engine can use it. */
export function hasFullText(database: Database): boolean {
  return (
    database.fullText && database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'log_text'").get() !== undefined
  );
}

/**
 * The index of the words of log messages: FTS5 in parts, each for a range of sequence numbers. `log_text` is a view over
 * the parts and is asked as one FTS5 table would be: `seq IN (SELECT rowid FROM log_text WHERE log_text MATCH ?)`.
 *
 * In parts, because FTS5 forgets a deleted row by writing that it is deleted: measured at the size cap, one index came
 * to hold four times its rows and writing fell to half. A part whose rows are all gone is dropped as a whole. Until then
 * it may name rows that are no longer there, which the join with the log leaves out.
 *
 * `detail=none` keeps which rows hold a word and not where (a third faster to write, half the size): an expression may
 * have words and prefixes joined by AND, OR, NOT; that words stand next to each other is checked with LIKE.
 */
export class FullText {
  readonly #database: Database;
  readonly #span: number;
  /** First sequence number of each part, rising. */
  #parts: number[] = [];
  #insert: Statement | undefined;

  /** `span`: sequence numbers a part covers. */
  constructor(database: Database, span: number) {
    this.#database = database;
    this.#span = span;
    this.#parts = partsOf(database);
    if (!hasFullText(database)) this.#build();
  }

  /** Adds the log rows in this range of sequence numbers, within the caller's transaction. */
  add(first: number, last: number): void {
    const newest = this.#parts.at(-1);
    if (newest === undefined || first - newest >= this.#span) this.#begin(first);
    this.#insert ??= this.#database.prepare(insertInto(this.#parts.at(-1) ?? first));
    this.#insert.run(first, last);
  }

  rolledBack(): void {
    this.#parts = partsOf(this.#database);
    this.#insert = undefined;
  }

  /** Whether there is a part whose rows are all gone: everything below `oldest`, or all but the newest where no row is left. */
  hasDead(oldest: number | undefined): boolean {
    const second = this.#parts[1];
    return second !== undefined && (oldest === undefined || second <= oldest);
  }

  /** Removes a chunk of the oldest part. Dropping it at once would take long. */
  purge(blocks: number): void {
    const part = this.#parts[0];
    if (part === undefined) return;
    const data = `log_text_${part}_data`;
    inTransaction(this.#database, () => {
      const chunk = this.#database.prepare(`DELETE FROM ${data} WHERE id IN (SELECT id FROM ${data} LIMIT ?)`);
      if (chunk.run(blocks).changes >= blocks) return;
      this.#database.exec(`DROP TABLE log_text_${part}`);
      this.#parts.shift();
      this.#arrangeView();
    });
  }

  #build(): void {
    const range = this.#database.prepare('SELECT min(seq) AS first, max(seq) AS last FROM log').get();
    if (typeof range?.first !== 'number') {
      inTransaction(this.#database, () => this.#begin(1));
      return;
    }
    for (let first = range.first; first <= Number(range.last); first += this.#span) {
      inTransaction(this.#database, () => this.add(first, Math.min(first + this.#span - 1, Number(range.last))));
    }
  }

  #begin(first: number): void {
    this.#database.exec(`CREATE VIRTUAL TABLE log_text_${first} USING fts5(message, content='', columnsize=0,
      detail=none, tokenize='unicode61 remove_diacritics 0')`);
    this.#parts.push(first);
    this.#insert = undefined;
    this.#arrangeView();
  }

  // A column with the view's own name makes `log_text MATCH ?` reach the parts, as it does with one FTS5 table.
  #arrangeView(): void {
    const selects = this.#parts.map(part => `SELECT rowid, log_text_${part} FROM log_text_${part}`);
    this.#database.exec('DROP VIEW IF EXISTS log_text');
    this.#database.exec(`CREATE VIEW log_text (rowid, log_text) AS ${selects.join(' UNION ALL ')}`);
  }
}

/** Removes the index, where the settings no longer ask for it: left in place it would no longer match the log. */
export function dropFullText(database: Database): void {
  if (!hasFullText(database)) return;
  inTransaction(database, () => {
    database.exec('DROP VIEW log_text');
    for (const part of partsOf(database)) database.exec(`DROP TABLE log_text_${part}`);
  });
}

function partsOf(database: Database): number[] {
  const tables = database
    .prepare("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE log_text_%'")
    .all();
  return tables.map(({name}) => Number(String(name).slice('log_text_'.length))).sort((a, b) => a - b);
}

function insertInto(part: number): string {
  return `INSERT INTO log_text_${part} (rowid, message) SELECT seq, message FROM log WHERE seq BETWEEN ? AND ?`;
}
