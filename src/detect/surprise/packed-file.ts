import {createHash, randomUUID} from 'node:crypto';
import {closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync} from 'node:fs';
import {dirname} from 'node:path';
import {z} from 'zod';

/** What a file of numbers says it is. */
export interface PackedFormat {
  readonly name: string;
  readonly version: number;
  /** In bytes: what is larger is refused unread. */
  readonly largest: number;
}

/** A description in JSON and the numbers that it describes. */
export interface PackedFile {
  readonly body: unknown;
  readonly numbers: Float32Array;
}

/** Why a packed file cannot be used: the rest of a sentence that begins with what the file is. */
export class PackedFileError extends Error {
  readonly code: 'missing' | 'denied' | 'damaged' | 'older' | 'newer';

  constructor(code: PackedFileError['code'], message: string) {
    super(message);
    this.name = 'PackedFileError';
    this.code = code;
  }
}

const maxHeader = 4 * 1024 * 1024;
const newline = 0x0a;
const headerSchema = z.strictObject({
  format: z.string(),
  version: z.number().int(),
  checksum: z.string().regex(/^[0-9a-f]{64}$/),
  body: z.unknown(),
});

/**
 * Writes one file, readable by its owner only: a line of JSON (format, version, checksum, body), then the numbers as
 * little-endian float32. Beside first, then renamed, with both synced: a reader sees the old file or the new one.
 */
export function writePacked(path: string, format: PackedFormat, packed: PackedFile): void {
  const bytes = encodePacked(format, packed);
  mkdirSync(dirname(path), {recursive: true, mode: 0o700});
  const beside = `${path}.${randomUUID()}.new`;
  try {
    writeSynced(beside, bytes);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, {force: true});
    throw error;
  }
  syncFolder(dirname(path));
}

/** Reads such a file and checks its version and checksum; throws a PackedFileError and nothing else. */
export function readPacked(path: string, format: PackedFormat): PackedFile {
  return decodePacked(readWhole(path, format), format, path);
}

export function encodePacked({name, version}: PackedFormat, {body, numbers}: PackedFile): Buffer {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const header = {format: name, version, checksum: checksum(body, bytes), body};
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), bytes]);
}

/** As `readPacked`, from bytes; `path` is what the error calls them. */
export function decodePacked(bytes: Buffer, format: PackedFormat, path: string): PackedFile {
  const end = bytes.subarray(0, maxHeader).indexOf(newline);
  const header = end < 0 ? undefined : headerSchema.safeParse(parseJson(bytes.toString('utf8', 0, end))).data;
  if (header?.format !== format.name) throw damaged(path, `it does not begin with the header of a ${format.name}`);
  if (header.version !== format.version) throw otherVersion(path, header.version, format.version);
  const rest = bytes.subarray(end + 1);
  if (checksum(header.body, rest) !== header.checksum) throw damaged(path, 'its checksum does not match its content');
  if (rest.length % 4 !== 0) throw damaged(path, 'it ends within a number');
  const numbers = new Float32Array(rest.length / 4);
  Buffer.from(numbers.buffer).set(rest);
  if (!numbers.every(value => Number.isFinite(value))) throw damaged(path, 'a weight is not a finite number');
  return {body: header.body, numbers};
}

function checksum(body: unknown, bytes: Buffer): string {
  return createHash('sha256').update(JSON.stringify(body)).update('\n').update(bytes).digest('hex');
}

function readWhole(path: string, format: PackedFormat): Buffer {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    return readBounded(file, path, format.largest);
  } catch (error) {
    throw error instanceof PackedFileError ? error : unreadable(path, error);
  } finally {
    closeSync(file);
  }
}

function readBounded(file: number, path: string, largest: number): Buffer {
  const stat = fstatSync(file);
  if (!stat.isFile()) throw damaged(path, 'it is not a file');
  if (stat.size > largest) throw damaged(path, `it has ${stat.size} bytes where ${largest} are the most`);
  const bytes = Buffer.alloc(stat.size);
  let at = 0;
  while (at < bytes.length) {
    const read = readSync(file, bytes, at, bytes.length - at, at);
    if (read === 0) throw damaged(path, 'it became shorter while it was read');
    at += read;
  }
  return bytes;
}

function writeSynced(path: string, bytes: Buffer): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Windows cannot open a folder to sync it, and needs not. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the caller says so in its own words.
    return undefined;
  }
}

function damaged(path: string, why: string): PackedFileError {
  return new PackedFileError('damaged', `${path} is damaged: ${why}`);
}

function otherVersion(path: string, found: number, version: number): PackedFileError {
  const code = found > version ? 'newer' : 'older';
  return new PackedFileError(code, `${path} has format version ${found}, and this program reads version ${version}`);
}

function unreadable(path: string, error: unknown): PackedFileError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new PackedFileError('missing', `${path} is not there`);
  const why = error instanceof Error ? error.message : String(error);
  return new PackedFileError('denied', `${path} could not be read: ${why}`);
}
