import {
  closeSync,
  copyFileSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import {dirname} from 'node:path';
import {sizeOf, syncFolder, writeAll} from './disk.ts';
import {type FrameList, framesIn} from './frame.ts';
import {StoreError} from './sink.ts';

const magic = Buffer.from('siemfrm1');

/** Where the transactions that no export holds yet are kept. Not `-journal`: SQLite would take that for its own. */
export function journalPath(path: string): string {
  return `${path}-frames`;
}

/** Whether sql.js has written here and did not end cleanly, or is still running. */
export function hasJournal(path: string): boolean {
  return sizeOf(journalPath(path)) > 0;
}

/** Reads the journal of a database. A journal that was being made when the program was killed counts as empty. */
export function readJournal(path: string): FrameList & {readonly bytes: number} {
  const bytes = readIfThere(journalPath(path));
  if (bytes.length < magic.length) return {frames: [], end: 0, rest: 'none', bytes: bytes.length};
  if (!bytes.subarray(0, magic.length).equals(magic)) {
    throw new StoreError('damaged', `${journalPath(path)}: expected a journal of siem, found something else`);
  }
  return {...framesIn(bytes, magic.length), bytes: bytes.length};
}

/** Appends one frame a transaction; what `append` has returned from is on the disk. */
export class Journal {
  readonly #file: number;
  readonly #path: string;
  #size: number;

  /** `end` is where `readJournal` found the last good frame to end; what follows is cut off. */
  constructor(path: string, end: number) {
    this.#path = journalPath(path);
    // `a` would ignore the place to write at, `r+` does not create.
    closeSync(openSync(this.#path, 'a', 0o600));
    this.#file = openSync(this.#path, 'r+');
    this.#size = Math.max(end, magic.length);
    ftruncateSync(this.#file, this.#size);
    writeAll(this.#file, magic, 0);
    fsyncSync(this.#file);
    syncFolder(dirname(this.#path));
  }

  /** Bytes of frames held. */
  get size(): number {
    return this.#size - magic.length;
  }

  append(frame: Buffer): void {
    try {
      writeAll(this.#file, frame, this.#size);
      fdatasyncSync(this.#file);
    } catch (error) {
      ftruncateSync(this.#file, this.#size);
      throw error;
    }
    this.#size += frame.length;
  }

  /** Takes back the frame appended last. */
  retract(frame: Buffer): void {
    this.#size -= frame.length;
    ftruncateSync(this.#file, this.#size);
  }

  /** Forgets all frames: an export holds them. */
  clear(): void {
    this.#size = magic.length;
    ftruncateSync(this.#file, this.#size);
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
    if (this.size === 0) rmSync(this.#path, {force: true});
  }
}

/** Keeps a copy of a journal whose end cannot be read, and says so in words; a torn last frame is no damage. */
export function keepDamagedRest(path: string, found: FrameList & {readonly bytes: number}, now: number): string {
  const copy = `${journalPath(path)}.damaged-${now}`;
  copyFileSync(journalPath(path), copy);
  return `${found.bytes - found.end} bytes of ${journalPath(path)} could not be read; a copy was kept as ${copy}`;
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
