import {closeSync, openSync, readSync} from 'node:fs';
import {errorCode} from '../event/error-code.ts';
import {sizeOf} from './disk.ts';
import {databasePath} from './folder.ts';
import {hasJournal, journalPath} from './journal.ts';
import {nativeLibrary} from './native-library.ts';
import {migrations} from './schema.ts';
import {storeError} from './store-error.ts';

/** What a store looks like from outside, for `siem doctor`. */
export type StorePeek =
  | {readonly state: 'none'}
  | {readonly state: 'denied' | 'damaged' | 'busy'; readonly detail: string}
  | {
      readonly state: 'newer' | 'older' | 'current';
      readonly layout: number;
      readonly known: number;
      readonly bytes: number;
      /** The last writer has not folded its newest rows in: it runs, or it was killed. */
      readonly unfolded: boolean;
    };

const magic = 'SQLite format 3\u0000';
const headerLength = 100;
const versionAt = 60;
// A whole check reads the whole file: only what takes some ten milliseconds is checked so.
const checkedWhole = 16 * 1_048_576;

/**
 * Looks at the store of a folder without changing anything: the header alone while rows wait in a WAL or journal (opening
 * these would make files), otherwise with SQLite's own check, read-only and without waiting for locks.
 */
export async function peekStore(folder: string): Promise<StorePeek> {
  const path = databasePath(folder);
  try {
    const unfolded = sizeOf(`${path}-wal`) > 0 || hasJournal(path);
    const size = sizeOf(path);
    if (size === 0 && !unfolded) return {state: 'none'};
    const bytes = size + sizeOf(`${path}-wal`) + sizeOf(journalPath(path));
    const known = migrations.length;
    if (size === 0) return {state: 'current', layout: known, known, bytes, unfolded};
    const layout = layoutIn(path);
    if (layout === undefined) return {state: 'damaged', detail: `${path} is not a database`};
    if (!unfolded) await check(path, size);
    return {state: order(layout, known), layout, known, bytes, unfolded};
  } catch (error) {
    if (errorCode(error) === 'EACCES') return {state: 'denied', detail: `${path} may not be looked at`};
    const {code, message} = storeError(error, path);
    if (code === 'damaged' || code === 'busy') return {state: code, detail: message};
    return {state: 'denied', detail: message};
  }
}

/** `user_version` as the header has it; undefined where the file does not begin as a database does. */
function layoutIn(path: string): number | undefined {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(headerLength);
    const read = readSync(file, header, 0, headerLength, 0);
    if (read < headerLength || header.toString('latin1', 0, magic.length) !== magic) return undefined;
    return header.readUInt32BE(versionAt);
  } finally {
    closeSync(file);
  }
}

async function check(path: string, size: number): Promise<void> {
  const {library} = await nativeLibrary();
  if (!library) return;
  const connection = new library.DatabaseSync(path, {readOnly: true});
  try {
    connection.exec('PRAGMA busy_timeout=200');
    connection.prepare('SELECT count(*) FROM sqlite_master').get();
    if (size > checkedWhole) return;
    const verdict = String(Object.values(connection.prepare('PRAGMA quick_check(1)').get() as object)[0]);
    if (verdict !== 'ok') throw new Error(`database disk image is malformed: ${verdict}`);
  } finally {
    connection.close();
  }
}

function order(found: number, known: number): 'newer' | 'older' | 'current' {
  if (found > known) return 'newer';
  return found < known ? 'older' : 'current';
}
