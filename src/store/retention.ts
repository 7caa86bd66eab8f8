import {day, hour} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';
import {sizeOf} from './disk.ts';
import type {Database} from './engine.ts';
import {inTransaction} from './migrate.ts';
import {all, bulk, precious, RetentionStatements, type Table} from './retention-statements.ts';
import type {Session} from './session.ts';

export interface RetentionLimits {
  /** 0: no limit by age. */
  readonly keepDays: number;
  readonly capBytes: number;
}

// A step aims at this much work; the chunk grows and shrinks with what steps really take.
const wantedMillis = 12;
// Room for what is written between two steps.
const leastSlack = 2 * 1_048_576;
// The WAL is folded in at 4 MB, and is longer by one transaction then.
const usualWal = 8 * 1_048_576;
const fewestRows = 32;
const mostRows = 8_192;
const leastFree = 262_144;
const fewestPages = 16;
const mostPages = 4_096;

/**
 * Keeps the store within its limits, a chunk at a time. Age is counted from when a row was stored (so that an imported
 * log of last year stays its time), and told by the sequence number: see `mark` in the schema.
 */
export class Retention {
  /** Rows with a higher sequence number stay. */
  heldUntil: number | undefined;
  readonly #session: Session;
  readonly #database: Database;
  readonly #limits: RetentionLimits;
  readonly #slack: number;
  readonly #pageSize: number;
  readonly #statements: RetentionStatements;
  #rows = 256;
  #pages = 64;
  #blocks = 64;
  #vacuumed = false;
  #talliesChecked = Number.NEGATIVE_INFINITY;

  constructor(session: Session, limits: RetentionLimits) {
    this.#session = session;
    this.#database = session.database;
    this.#limits = limits;
    this.#slack = Math.max(Math.ceil(limits.capBytes / 16), leastSlack);
    this.#statements = new RetentionStatements(session.database);
    this.#pageSize = this.#statements.pageSize();
  }

  /** One chunk of work, if there is any. `done` when all is within the limits, or what is not may not go yet. */
  step(now: Micros): {deleted: number; done: boolean} {
    if (this.#purgeIndex()) return {deleted: 0, done: false};
    const chunk = this.#expired(now) ?? this.#excess();
    if (chunk) return {deleted: this.#delete(chunk), done: false};
    if (this.#vacuum() || this.#shrink()) return {deleted: 0, done: false};
    this.#forgetTallies(now);
    return {deleted: 0, done: true};
  }

  #purgeIndex(): boolean {
    const {fullText} = this.#session;
    if (!fullText?.hasDead(seqOf(this.#statements.first.log.get()))) return false;
    const began = performance.now();
    fullText.purge(this.#blocks);
    this.#blocks = adapted(this.#blocks, performance.now() - began, fewestPages, mostPages);
    return true;
  }

  #expired(now: Micros): Chunk | undefined {
    if (this.#limits.keepDays === 0) return undefined;
    const before = this.#statements.markBefore.get(now - this.#limits.keepDays * day - hour)?.seq;
    return typeof before === 'number' ? this.#chunk(all, before) : undefined;
  }

  #excess(): Chunk | undefined {
    const used = (this.#pageCount() - this.#freePages()) * this.#pageSize + this.#wal();
    if (used <= this.#limits.capBytes - this.#slack) return undefined;
    return this.#chunk(bulk, Number.MAX_SAFE_INTEGER) ?? this.#chunk(precious, Number.MAX_SAFE_INTEGER);
  }

  /** The oldest rows of these tables, by sequence number up to `last`. */
  #chunk(tables: readonly Table[], last: number): Chunk | undefined {
    const allowed = Math.min(last, this.heldUntil ?? last);
    const firsts = tables.map(table => seqOf(this.#statements.first[table].get()) ?? Number.POSITIVE_INFINITY);
    const from = Math.min(...firsts);
    if (from > allowed) return undefined;
    const ends = tables.map(table => seqOf(this.#statements.nth[table].get(from, this.#rows - 1)) ?? allowed);
    return {tables, from, to: Math.min(allowed, ...ends)};
  }

  #delete({tables, from, to}: Chunk): number {
    const began = performance.now();
    const logs = {deleted: 0};
    const deleted = inTransaction(this.#database, () => {
      let sum = 0;
      for (const table of tables) {
        if (table === 'alert') this.#statements.deleteChanges.run(from, to);
        const {changes} = this.#statements.delete[table].run(from, to);
        if (table === 'log') logs.deleted = changes;
        sum += changes;
      }
      // Flows that go for their size take their minutes along.
      if (tables.includes('flow')) this.#statements.deleteTraffic.run(Number.MAX_SAFE_INTEGER);
      if (logs.deleted > 0) {
        this.#statements.saveCount.run(this.#session.logs - logs.deleted);
      }
      return sum;
    });
    this.#session.logs -= logs.deleted;
    this.#rows = adapted(this.#rows, performance.now() - began, fewestRows, mostRows);
    return deleted;
  }

  // Free pages are used again by new rows, so they are only given back when the file is near its limit or when there
  // are many of them. WAL is counted up to a part of the limit: a long reader keeps it from shrinking, and deleting
  // rows because of that would only make it grow.
  #vacuum(): boolean {
    const free = this.#freePages();
    const {capBytes} = this.#limits;
    const size = this.#pageCount() * this.#pageSize;
    const near = size + this.#wal() > capBytes - this.#slack / 2;
    const many = free * this.#pageSize > Math.min(this.#slack, Math.max(leastFree, size / 4));
    if (free === 0 || !(near || many)) return false;
    const began = performance.now();
    this.#database.exec(`PRAGMA incremental_vacuum(${this.#pages})`);
    this.#pages = adapted(this.#pages, performance.now() - began, fewestPages, mostPages);
    this.#vacuumed = true;
    return true;
  }

  // The file itself gets shorter when the WAL is folded in.
  #shrink(): boolean {
    if (!this.#vacuumed) return false;
    this.#vacuumed = false;
    this.#database.checkpoint();
    return true;
  }

  // Totals are kept as long as rows are, and as long as rows of their hour are there (imported ones may be of last year).
  #forgetTallies(now: Micros): void {
    if (this.#limits.keepDays === 0 || Math.abs(now - this.#talliesChecked) < hour) return;
    this.#talliesChecked = now;
    const cutoff = now - this.#limits.keepDays * day;
    inTransaction(this.#database, () => {
      this.#statements.deleteTallies.run(cutoff);
      this.#statements.deleteTraffic.run(cutoff);
      this.#statements.deleteMarks.run(cutoff);
    });
  }

  #pageCount(): number {
    return this.#statements.pageCount();
  }

  #freePages(): number {
    return this.#statements.freePages();
  }

  #wal(): number {
    return Math.min(sizeOf(`${this.#session.path}-wal`), Math.max(this.#limits.capBytes / 8, usualWal));
  }
}

interface Chunk {
  readonly tables: readonly Table[];
  readonly from: number;
  readonly to: number;
}

function seqOf(row: {seq?: unknown} | undefined): number | undefined {
  return typeof row?.seq === 'number' ? row.seq : undefined;
}

/** Towards the size that takes the wanted time, at most twice as much as before. */
function adapted(size: number, millis: number, least: number, most: number): number {
  const factor = Math.min(2, wantedMillis / Math.max(millis, 1));
  return Math.round(Math.min(most, Math.max(least, size * factor)));
}
