import {type FileHandle, open} from 'node:fs/promises';
import {gunzipFile, isDamage, ReplacedFileError} from './gunzip.ts';
import type {OnLine} from './line-splitter.ts';
import {type FilePlace, fingerprint, headBytes, tailBytes} from './place.ts';
import type {LogFile} from './rotation.ts';
import {TrackedLines} from './tracked-lines.ts';

/**
 * `more`: bytes were read and more may be there; `end`: nothing new for now; `rewritten`: the bytes read last are no
 * longer there, so the file was truncated or written anew; `damaged`: the rest cannot be unpacked.
 */
export type ReadOutcome = 'more' | 'end' | 'rewritten' | 'damaged';

/** One file that is read by pieces of at most 64 KiB. */
export interface LogReader {
  readonly lines: TrackedLines;
  /** `isOwn` is asked when the first bytes of a file were read, which nothing before them can vouch for. */
  read(onLine: OnLine, isOwn?: () => Promise<boolean>): Promise<ReadOutcome>;
  /** ms of the last change, and whether the file's last name is gone. */
  state(): Promise<{readonly modified: number; readonly unlinked: boolean}>;
  close(): Promise<void>;
}

/** A place at the beginning of a file that was never read. */
export function freshPlace(file: LogFile): FilePlace {
  const nothing = fingerprint(new Uint8Array());
  const {device, inode, born} = file;
  return {epoch: '', offset: 0, device, inode, born, head: nothing, tail: nothing, time: 0};
}

export async function openReader(file: LogFile, place: FilePlace, maxLine: number): Promise<LogReader> {
  return file.packed ? PackedReader.open(file, place, maxLine) : PlainReader.open(file, place, maxLine);
}

const smallRead = 4 * 1024;
const largeRead = 64 * 1024;

class PlainReader implements LogReader {
  readonly lines: TrackedLines;
  readonly #handle: FileHandle;
  #buffer = Buffer.allocUnsafeSlow(smallRead);

  static async open(file: LogFile, place: FilePlace, maxLine: number): Promise<PlainReader> {
    const handle = await open(file.path, 'r');
    try {
      const {dev, ino} = await handle.stat();
      if (ino !== file.inode) throw new ReplacedFileError(file.path);
      const head = await readAt(handle, 0, headBytes);
      const recentStart = Math.max(0, place.offset - tailBytes);
      const recent = await readAt(handle, recentStart, place.offset - recentStart);
      return new PlainReader(handle, new TrackedLines({...place, device: dev, inode: ino}, head, recent, maxLine));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  private constructor(handle: FileHandle, lines: TrackedLines) {
    this.#handle = handle;
    this.lines = lines;
  }

  /** Reads again the last bytes it knows before the new ones: one call tells growth, truncation and rewriting apart. */
  async read(onLine: OnLine, isOwn?: () => Promise<boolean>): Promise<ReadOutcome> {
    const {recent, readOffset} = this.lines;
    const {bytesRead} = await this.#handle.read(this.#buffer, 0, this.#buffer.length, readOffset - recent.length);
    if (bytesRead < recent.length || !recent.equals(this.#buffer.subarray(0, recent.length))) return 'rewritten';
    if (bytesRead === recent.length) {
      if (this.#buffer.length > smallRead) this.#buffer = Buffer.allocUnsafeSlow(smallRead);
      return 'end';
    }
    if (readOffset === 0 && isOwn && !(await isOwn())) return 'rewritten';
    this.lines.push(this.#buffer.subarray(recent.length, bytesRead), onLine);
    if (bytesRead === this.#buffer.length && bytesRead < largeRead) this.#buffer = Buffer.allocUnsafeSlow(largeRead);
    return 'more';
  }

  async state(): Promise<{modified: number; unlinked: boolean}> {
    const {mtimeMs, nlink} = await this.#handle.stat();
    return {modified: mtimeMs, unlinked: nlink === 0};
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

class PackedReader implements LogReader {
  readonly lines: TrackedLines;
  readonly #modified: number;
  readonly #pieces: AsyncGenerator<Buffer>;
  #skip: number;
  #first: IteratorResult<Buffer, unknown> | 'damaged' | undefined;

  static async open(file: LogFile, place: FilePlace, maxLine: number): Promise<PackedReader> {
    const reader = new PackedReader(file, place, maxLine);
    // The file is opened with its first piece: a rename shows here and not in the middle of reading.
    reader.#first = await reader.#next();
    return reader;
  }

  private constructor(file: LogFile, place: FilePlace, maxLine: number) {
    // What was read of it before it was packed is unpacked again and passed over.
    this.lines = new TrackedLines(place, Buffer.alloc(0), Buffer.alloc(0), maxLine);
    this.#modified = file.modified;
    this.#pieces = gunzipFile(file.path, file.inode);
    this.#skip = place.offset;
  }

  async read(onLine: OnLine): Promise<ReadOutcome> {
    for (;;) {
      const next = this.#first ?? (await this.#next());
      this.#first = undefined;
      if (next === 'damaged') return 'damaged';
      if (next.done) return 'end';
      const skipped = Math.min(this.#skip, next.value.length);
      this.#skip -= skipped;
      if (skipped === next.value.length) continue;
      this.lines.push(next.value.subarray(skipped), onLine);
      return 'more';
    }
  }

  state(): Promise<{modified: number; unlinked: boolean}> {
    return Promise.resolve({modified: this.#modified, unlinked: false});
  }

  async #next(): Promise<IteratorResult<Buffer, unknown> | 'damaged'> {
    try {
      return await this.#pieces.next();
    } catch (error) {
      if (isDamage(error)) return 'damaged';
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#pieces.return(undefined);
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const {bytesRead} = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
