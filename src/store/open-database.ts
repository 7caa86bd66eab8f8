import {closeSync, openSync, readSync, rmSync} from 'node:fs';
import {sizeOf} from './disk.ts';
import type {Database, OpenOptions} from './engine.ts';
import {hasJournal, journalPath, keepDamagedRest, readJournal} from './journal.ts';
import {openNative} from './native-database.ts';
import {type NativeProbe, nativeLibrary} from './native-library.ts';
import {frameNumber, frameTable, replay} from './replay.ts';
import {StoreError} from './sink.ts';
import {storeError} from './store-error.ts';

/**
 * Opens a database file with the engine that the settings ask for. A reader follows the file instead: while a program
 * with sql.js writes, only the journal beside the file has the newest rows.
 *
 * @example
 * const database = await openDatabase('/var/lib/siem/siem.db', {mode: 'read', engine: 'auto'});
 */
export async function openDatabase(path: string, options: OpenOptions): Promise<Database> {
  try {
    return options.mode === 'read' ? await openToRead(path, options) : await openToWrite(path, options);
  } catch (error) {
    throw storeError(error, path);
  }
}

async function openToRead(path: string, options: OpenOptions): Promise<Database> {
  if (hasJournal(path)) return (await import('./sqljs-reader.ts')).openSqljsReader(path);
  if (options.engine === 'sql.js' && !hasWal(path)) return (await import('./sqljs-reader.ts')).openSqljsReader(path);
  const {library, reasons} = await nativeLibrary();
  if (library) return openNative(library, path, options);
  if (hasWal(path) || options.engine === 'native') throw noNative(reasons);
  return (await import('./sqljs-reader.ts')).openSqljsReader(path);
}

async function openToWrite(path: string, options: OpenOptions): Promise<Database> {
  const probe: NativeProbe = options.engine === 'sql.js' ? {library: undefined, reasons: []} : await nativeLibrary();
  if (!probe.library) {
    if (options.engine === 'native') throw noNative(probe.reasons);
    await foldWal(path);
    refuseTooLarge(path, options);
    return (await import('./sqljs-writer.ts')).openSqljsWriter(path, options);
  }
  const database = openNative(probe.library, path, options);
  try {
    if (hasJournal(path)) takeOver(database, path, options);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Native SQLite goes on where sql.js was killed: what only its journal holds is played back first. */
function takeOver(database: Database, path: string, options: OpenOptions): void {
  const found = readJournal(path);
  if (found.rest === 'damaged') options.notice?.(keepDamagedRest(path, found, Date.now()));
  database.exec(frameTable);
  replay(database, found.frames, Number(database.prepare(frameNumber).get()?.number ?? 0));
  rmSync(journalPath(path), {force: true});
}

/** sql.js cannot read a WAL: what a killed program left there is folded into the file by native SQLite. */
async function foldWal(path: string): Promise<void> {
  if (!hasWal(path)) return;
  const {library, reasons} = await nativeLibrary();
  if (!library) throw noNative(reasons);
  const connection = new library.DatabaseSync(path);
  try {
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE');
  } finally {
    connection.close();
  }
}

// Somewhat too large is no harm: retention makes it smaller.
function refuseTooLarge(path: string, options: OpenOptions): void {
  const limit = options.sizeCapBytes ?? 0;
  const size = sizeOf(path);
  if (limit === 0 || size <= 2 * limit) return;
  throw new StoreError(
    'failed',
    `${path} takes ${megabytes(size)} MB; sql.js, which holds all in memory, may use ${megabytes(limit)} MB`,
    `Raise [store] sqljs_megabytes to ${megabytes(size) + 16}, set [store] engine = native, or move the file away.`,
  );
}

function hasWal(path: string): boolean {
  return sizeOf(`${path}-wal`) > 0 && sizeOf(path) > 0 && isWal(path);
}

/** Bytes 18 and 19 of the header: 2 for WAL. */
function isWal(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(1);
    readSync(file, bytes, 0, 1, 18);
    return bytes[0] === 2;
  } finally {
    closeSync(file);
  }
}

function noNative(reasons: readonly string[]): StoreError {
  return new StoreError(
    'failed',
    `Expected a native SQLite library, found none: ${reasons.join('; ')}`,
    'npm install @photostructure/sqlite, or use Node 22.16 or later, or set [store] engine = sql.js',
  );
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_048_576);
}
