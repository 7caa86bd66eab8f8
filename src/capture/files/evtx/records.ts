import type {Micros} from '../../../event/event.ts';
import {type Chunk, chunkHead, chunkSize} from './chunk.ts';
import {type Damage, DamageError} from './damage.ts';
import type {Node} from './nodes.ts';
import {parseFragment} from './parse-fragment.ts';
import {fileTimeMicros} from './times.ts';

/** "**" and two zero bytes. */
const signature = 0x00002a2a;
export const recordHead = 24;
/** Behind the content the size stands once more. */
const recordTail = 4;
const smallest = recordHead + recordTail;
const freeSpace = 48;

/** A record of a chunk. */
export interface RecordPlace {
  /** Offset of its head in the chunk. */
  readonly at: number;
  readonly size: number;
}

/**
 * The records of a chunk one after another, up to its free space or to where only zeros follow. Where the chain of
 * them breaks, what is lost is told: the place of the next record is known from the one before it only.
 */
export function* recordsOf(chunk: Chunk, damaged: (damage: Damage, count: number) => void): Generator<RecordPlace> {
  const {bytes} = chunk;
  const end = Math.min(bytes.readUInt32LE(freeSpace), chunkSize);
  let at = chunkHead;
  while (at + smallest <= end) {
    const size = sizeAt(bytes, at);
    if (size < smallest) {
      tellBreak(bytes, at, end, damaged);
      return;
    }
    yield {at, size};
    at += size;
  }
}

/** A record's content as nodes. Throws DamageError. */
export function contentOf(chunk: Chunk, {at, size}: RecordPlace): Node[] {
  chunk.nextRecord();
  try {
    return parseFragment(chunk, at + recordHead, at + size - recordTail, 'record');
  } catch (error) {
    // A place that a damaged record names may lie outside of the chunk.
    throw error instanceof RangeError ? new DamageError('record-content') : error;
  }
}

/** A record's 64-bit number, exact below 2^53. */
export function recordId(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at + 12) * 0x1_0000_0000 + bytes.readUInt32LE(at + 8);
}

/** When a record was written, which is mostly when its event happened. */
export function writtenTime(bytes: Buffer, at: number): Micros {
  return fileTimeMicros(bytes, at + 16);
}

/** The size of the record that begins there, 0 where it has no possible one, -1 where none begins. */
function sizeAt(bytes: Buffer, at: number): number {
  if (bytes.readUInt32LE(at) !== signature) return -1;
  const size = bytes.readUInt32LE(at + 4);
  return size < smallest || at + size > chunkSize ? 0 : size;
}

function tellBreak(bytes: Buffer, at: number, end: number, damaged: (damage: Damage, count: number) => void): void {
  const begins = sizeAt(bytes, at) === 0;
  if (begins) damaged('record-size', 1);
  else if (bytes.readUInt32LE(at) !== 0) damaged('record-signature', 1);
  const behind = wholeRecords(bytes, at + recordTail, end);
  if (behind > 0) damaged('record-after-damage', behind);
}

/** Counts records that have a signature and the same size at both ends. */
function wholeRecords(bytes: Buffer, from: number, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf('**\0\0', from, 'latin1'); at >= 0 && at + smallest <= end; ) {
    const size = sizeAt(bytes, at);
    const whole = size > 0 && at + size <= end && bytes.readUInt32LE(at + size - recordTail) === size;
    if (whole) count++;
    at = bytes.indexOf('**\0\0', at + (whole ? size : 2), 'latin1');
  }
  return count;
}
