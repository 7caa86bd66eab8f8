import {readFileSync, statSync} from 'node:fs';
import type {Database as Raw, SqlJsStatic} from 'sql.js';
import {sizeOf} from './disk.ts';
import type {Database, SqlValue, Statement} from './engine.ts';
import {journalPath, readJournal} from './journal.ts';
import {frameNumber} from './replay.ts';
import {openRaw, replayRaw, sqljsLibrary} from './sqljs-library.ts';
import {type SqljsHost, SqljsStatement} from './sqljs-statement.ts';

/**
 * Reads what a program that uses sql.js has stored: the last export, and the journal played back over it. Before each
 * statement it looks whether the files have changed, so that following works as with native SQLite.
 */
export async function openSqljsReader(path: string): Promise<Database> {
  return new SqljsReader(path, await sqljsLibrary());
}

class SqljsReader implements Database, SqljsHost {
  readonly kind = 'sql.js';
  readonly fullText = false;
  reading = 0;
  readonly #path: string;
  readonly #sqljs: SqlJsStatic;
  readonly #functions = new Map<string, (...values: SqlValue[]) => SqlValue>();
  #raw: Raw;
  #number: number;
  #seen: string;

  constructor(path: string, sqljs: SqlJsStatic) {
    this.#path = path;
    this.#sqljs = sqljs;
    this.#seen = this.#signature();
    [this.#raw, this.#number] = this.#load();
  }

  raw(): Raw {
    return this.#raw;
  }

  refresh(): void {
    const signature = this.#signature();
    if (signature === this.#seen) return;
    this.#seen = signature;
    if (this.#takeUp()) return;
    this.#raw.close();
    [this.#raw, this.#number] = this.#load();
    for (const [name, run] of this.#functions) this.#raw.create_function(name, run);
  }

  exec(sql: string): void {
    this.#raw.exec(sql);
  }

  prepare(sql: string): Statement {
    return new SqljsStatement(this, sql);
  }

  function(name: string, run: (...values: SqlValue[]) => SqlValue): void {
    this.#functions.set(name, run);
    this.#raw.create_function(name, run);
  }

  // Reading connections refuse to change anything by themselves: see query_only below.
  change(_sql: string, _parameters: readonly SqlValue[], run: () => void): number {
    run();
    return 0;
  }

  checkpoint(): void {}

  bytes(): number {
    return sizeOf(this.#path) + sizeOf(journalPath(this.#path));
  }

  close(): void {
    this.#raw.close();
  }

  #signature(): string {
    return [this.#path, journalPath(this.#path)]
      .map(path => statSync(path, {throwIfNoEntry: false}))
      .map(stat => (stat ? `${stat.ino}:${stat.size}:${stat.mtimeMs}` : ''))
      .join();
  }

  // The journal is read before the export. An export may come in between: then the journal's frames are older than it
  // and skipped. The other way round, frames that went from the journal into an export would be missed.
  #load(): [Raw, number] {
    const {frames} = readJournal(this.#path);
    const bytes = statSync(this.#path, {throwIfNoEntry: false}) ? readFileSync(this.#path) : new Uint8Array();
    const raw = openRaw(this.#sqljs, bytes, this.#path);
    const known = raw.exec("SELECT 1 FROM sqlite_master WHERE name = 'frame'").length > 0;
    const held = known ? Number(raw.exec(frameNumber)[0]?.values[0]?.[0] ?? 0) : 0;
    if (!known) raw.exec('CREATE TABLE frame (id INTEGER PRIMARY KEY, number INTEGER NOT NULL)');
    const number = replayRaw(raw, frames, held);
    raw.exec('PRAGMA query_only=ON');
    return [raw, number];
  }

  /** Plays back what the journal gained, where it goes on from what is known. */
  #takeUp(): boolean {
    const {frames} = readJournal(this.#path);
    const first = frames[0];
    const last = frames.at(-1);
    if (!first || !last || first.number > this.#number + 1 || last.number < this.#number) return false;
    this.#raw.exec('PRAGMA query_only=OFF');
    this.#number = replayRaw(this.#raw, frames, this.#number);
    this.#raw.exec('PRAGMA query_only=ON');
    return true;
  }
}
