import {readFileSync, rmSync, statSync} from 'node:fs';
import type {Database as Raw} from 'sql.js';
import {replaceFile, sizeOf} from './disk.ts';
import type {Database, OpenOptions, SqlValue, Statement} from './engine.ts';
import {FrameBuilder} from './frame.ts';
import {Journal, journalPath, keepDamagedRest, readJournal} from './journal.ts';
import {frameNumber, frameTable, setFrameNumber} from './replay.ts';
import {openRaw, pragmas, replayRaw, sqljsLibrary} from './sqljs-library.ts';
import {changesDatabase, countsChanges, firstWord, type SqljsHost, SqljsStatement} from './sqljs-statement.ts';

/**
 * sql.js keeps the database in memory. So each transaction's statements go to a journal that is on the disk when COMMIT
 * returns, and the whole database is exported now and then: at a clean end, and in between for 2 % of the time at most.
 */
export async function openSqljsWriter(path: string, options: OpenOptions): Promise<Database> {
  const sqljs = await sqljsLibrary();
  rmSync(exportPath(path), {force: true});
  const notice = options.notice ?? (() => {});
  const found = readJournal(path);
  if (found.rest === 'damaged') notice(keepDamagedRest(path, found, Date.now()));
  const pageLimit = Math.ceil((options.sizeCapBytes ?? 0) / pageSize);
  const raw = openRaw(sqljs, readIfThere(path), path);
  raw.exec(frameTable);
  const held = replayRaw(raw, found.frames, Number(raw.exec(frameNumber)[0]?.values[0]?.[0] ?? 0));
  // Only now, so that what was stored under a larger limit can be read back.
  raw.exec(pragmas(pageLimit));
  return new SqljsWriter(path, raw, new Journal(path, found.end), held, {pageLimit, notice});
}

const pageSize = 4096;

// An export is due once the last took less than this part of the time since, and never for a handful of frames: a
// quiet machine would otherwise write its whole database again and again.
const exportShare = 0.02;
const shortestPause = 10_000;
const smallestJournal = 65_536;
const journalShare = 8;

class SqljsWriter implements Database, SqljsHost {
  readonly kind = 'sql.js';
  readonly fullText = false;
  reading = 0;
  readonly #path: string;
  readonly #raw: Raw;
  readonly #journal: Journal;
  readonly #pageLimit: number;
  readonly #notice: (text: string) => void;
  readonly #frame = new FrameBuilder();
  #number: number;
  #inTransaction = false;
  #nextExport = performance.now() + shortestPause;

  constructor(
    path: string,
    raw: Raw,
    journal: Journal,
    number: number,
    options: {pageLimit: number; notice: (text: string) => void},
  ) {
    this.#path = path;
    this.#raw = raw;
    this.#journal = journal;
    this.#number = number;
    this.#pageLimit = options.pageLimit;
    this.#notice = options.notice;
  }

  raw(): Raw {
    return this.#raw;
  }

  refresh(): void {}

  exec(sql: string): void {
    for (const statement of this.#raw.iterateStatements(sql)) {
      this.#execute(statement.getSQL(), () => {
        while (statement.step());
        statement.reset();
      });
    }
    this.#exportWhenDue();
  }

  prepare(sql: string): Statement {
    return new SqljsStatement(this, sql);
  }

  function(name: string, run: (...values: SqlValue[]) => SqlValue): void {
    this.#raw.create_function(name, run);
  }

  change(sql: string, parameters: readonly SqlValue[], run: () => void): number {
    if (!this.#inTransaction) return this.#alone(() => this.change(sql, parameters, run));
    run();
    const changed = this.#raw.getRowsModified();
    if (changed > 0 || !countsChanges(sql)) this.#frame.add(sql, parameters);
    return changed;
  }

  checkpoint(): void {}

  bytes(): number {
    return sizeOf(this.#path) + sizeOf(journalPath(this.#path));
  }

  close(): void {
    try {
      if (this.#journal.size > 0) this.#export();
    } catch (error) {
      this.#notice(`The database could not be saved (${words(error)}); its journal is kept and read at the next start`);
    }
    this.#journal.close();
    this.#raw.close();
  }

  #execute(sql: string, run: () => void): void {
    switch (firstWord(sql)) {
      case 'BEGIN':
        run();
        this.#inTransaction = true;
        return;
      case 'COMMIT':
      case 'END':
        this.#commit();
        return;
      case 'ROLLBACK':
        this.#rollback();
        return;
      default:
        if (changesDatabase(sql)) this.change(sql, [], run);
        else run();
    }
  }

  #alone(change: () => number): number {
    this.#raw.exec('BEGIN');
    this.#inTransaction = true;
    try {
      const changed = change();
      this.#commit();
      return changed;
    } catch (error) {
      this.#rollback();
      throw error;
    }
  }

  // The frame is on the disk before memory commits. A kill in between leaves a transaction that nobody was told of,
  // which is right as well.
  #commit(): void {
    if (!this.#frame.empty) {
      this.#raw.run(setFrameNumber, [this.#number + 1]);
      const frame = this.#frame.finish(this.#number + 1);
      this.#journal.append(frame);
      try {
        this.#raw.exec('COMMIT');
      } catch (error) {
        this.#journal.retract(frame);
        throw error;
      }
      this.#number++;
      this.#frame.clear();
    } else {
      this.#raw.exec('COMMIT');
    }
    this.#inTransaction = false;
  }

  // SQLite may have rolled back by itself (a full database): then ROLLBACK has nothing to do and fails.
  #rollback(): void {
    this.#frame.clear();
    if (!this.#inTransaction) return;
    this.#inTransaction = false;
    try {
      this.#raw.exec('ROLLBACK');
    } catch (error) {
      if (!words(error).includes('no transaction is active')) throw error;
    }
  }

  #exportWhenDue(): void {
    if (this.#inTransaction || this.#journal.size < smallestJournal || performance.now() < this.#nextExport) return;
    if (this.#journal.size < sizeOf(this.#path) / journalShare) return;
    const began = performance.now();
    try {
      this.#export();
    } catch (error) {
      this.#notice(`The database could not be saved (${words(error)}); its journal grows until that works again`);
    }
    const ended = performance.now();
    this.#nextExport = ended + Math.max(shortestPause, (ended - began) * (1 / exportShare - 1));
  }

  // Killed before the rename, the old export and the journal hold all; after it, the frame number inside the new export
  // says that the journal's frames are in it already.
  #export(): void {
    replaceFile(this.#path, exportPath(this.#path), this.#raw.export());
    this.#journal.clear();
    this.#raw.exec(pragmas(this.#pageLimit));
  }
}

function exportPath(path: string): string {
  return `${path}-export`;
}

function readIfThere(path: string): Uint8Array {
  return statSync(path, {throwIfNoEntry: false}) ? readFileSync(path) : new Uint8Array();
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
