import {readSync} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {crc32} from 'node:zlib';
import {readBytes} from '../bytes.ts';
import {chunkHead, chunkSize} from './chunk.ts';
import type {Damage} from './damage.ts';

const fileSignature = 'ElfFile\0';
const chunkSignature = 'ElfChnk\0';
const usualHead = 4096;

/** Whether a file that begins so is an event log. */
export function isEventLog(head: Buffer): boolean {
  return head.toString('latin1', 0, 8) === fileSignature;
}

/** Bytes before the first chunk. */
export function headSize(head: Buffer): number {
  const size = head.length >= 42 ? head.readUInt16LE(40) : 0;
  return size >= 128 ? size : usualHead;
}

export interface ChunkPlace {
  /** Offset in the file. */
  readonly offset: number;
}

/**
 * Fills `target` with one chunk after another, in the order in which they were written where the file can be read at
 * any place: a log that is full begins again at its front. Slots of zeros hold nothing and are no damage.
 */
export async function* fileChunks(
  path: string,
  target: Buffer,
  damaged: (damage: Damage) => void,
): AsyncGenerator<ChunkPlace> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(usualHead);
    if (isEventLog(head.subarray(0, readAt(handle, head, 0))))
      yield* seekChunks(handle, headSize(head), target, damaged);
    else yield* streamChunks(path, target, damaged);
  } finally {
    await handle.close();
  }
}

/** Whether the checksums that a chunk carries are those of its bytes. Some writers leave them out: they are zero. */
export function hasRightChecksums(bytes: Buffer): boolean {
  if (bytes.readUInt32LE(124) === 0 && bytes.readUInt32LE(52) === 0) return true;
  const end = Math.min(Math.max(bytes.readUInt32LE(48), chunkHead), chunkSize);
  const head = crc32(bytes.subarray(128, chunkHead), crc32(bytes.subarray(0, 120)));
  return head === bytes.readUInt32LE(124) && crc32(bytes.subarray(chunkHead, end)) === bytes.readUInt32LE(52);
}

async function* seekChunks(
  handle: FileHandle,
  start: number,
  target: Buffer,
  damaged: (damage: Damage) => void,
): AsyncGenerator<ChunkPlace> {
  for (const offset of await writtenOrder(handle, start)) {
    if (isUsable(target, readAt(handle, target, offset), damaged)) yield {offset};
  }
}

/** Offsets of all chunk slots; where a later one holds earlier records, by the number of their first record. */
async function writtenOrder(handle: FileHandle, start: number): Promise<number[]> {
  const slots = await chunkSlots(handle, start);
  let latest = 0;
  const placed = slots.map(({offset, first}) => {
    // A slot without a chunk stays behind the one before it.
    latest = first ?? latest;
    return {offset, first: latest};
  });
  return placed.sort((a, b) => a.first - b.first || a.offset - b.offset).map(({offset}) => offset);
}

export interface ChunkSlot {
  readonly offset: number;
  /** Number of its first record; undefined where no chunk begins. */
  readonly first: number | undefined;
}

/** All slots of a log, in the order in which they lie. */
export async function chunkSlots(handle: FileHandle, start: number): Promise<ChunkSlot[]> {
  const {size} = await handle.stat();
  const slots: ChunkSlot[] = [];
  for (let offset = start; offset < size; offset += chunkSize) slots.push(chunkSlot(handle, offset));
  return slots;
}

export function chunkSlot(handle: FileHandle, offset: number): ChunkSlot {
  const head = Buffer.alloc(16);
  const isChunk = readAt(handle, head, offset) === head.length && head.toString('latin1', 0, 8) === chunkSignature;
  return {offset, first: isChunk ? Number(head.readBigUInt64LE(8)) : undefined};
}

/**
 * Fills a buffer from a place of the file and gives the bytes that were there. Not awaited: to ask another thread for
 * 64 KiB takes longer than to read them.
 */
export function readAt(handle: FileHandle, target: Buffer, offset: number): number {
  return readSync(handle.fd, target, 0, target.length, offset);
}

/** Packed files have no places; their chunks come as they lie. */
async function* streamChunks(
  path: string,
  target: Buffer,
  damaged: (damage: Damage) => void,
): AsyncGenerator<ChunkPlace> {
  let skip = -1;
  let filled = 0;
  let offset = 0;
  for await (const piece of readBytes(path)) {
    let at = 0;
    if (skip < 0) skip = headSize(piece);
    if (skip > 0) {
      at = Math.min(skip, piece.length);
      skip -= at;
      offset += at;
    }
    while (at < piece.length) {
      const copied = piece.copy(target, filled, at);
      at += copied;
      filled += copied;
      if (filled < chunkSize) break;
      if (isUsable(target, filled, damaged)) yield {offset};
      offset += filled;
      filled = 0;
    }
  }
  if (filled > 0 && isUsable(target, filled, damaged)) yield {offset};
}

/** Says whether there are records to read, and tells what is wrong where there are none. */
function isUsable(target: Buffer, length: number, damaged: (damage: Damage) => void): boolean {
  const cut = length < chunkSize;
  if (cut) target.fill(0, length);
  if (target.toString('latin1', 0, 8) === chunkSignature) {
    if (cut) damaged('chunk-cut');
    return true;
  }
  if (!isZero(target)) damaged('chunk-signature');
  return false;
}

const zeros = Buffer.alloc(chunkSize);

function isZero(bytes: Buffer): boolean {
  return bytes.equals(zeros);
}
