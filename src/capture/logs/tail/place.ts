import {createHash} from 'node:crypto';
import {z} from 'zod';
import type {Position} from '../../source.ts';

const count = z.number().int().nonnegative();
const printSchema = z.object({length: count, hash: z.string()});

const placeSchema = z.object({
  /** `Origin.epoch` of the file's lines; '' before its first line. */
  epoch: z.string(),
  /** Of the first byte not handed over yet. */
  offset: count,
  device: count,
  inode: z.number(),
  /** Creation time in ms; tells an empty file from a later one with the same inode. */
  born: z.number(),
  /** Of the file's first bytes, and of those just before `offset`: what a copy or a renamed file is known by. */
  head: printSchema,
  tail: printSchema,
  /** Event time of the newest line. */
  time: z.number(),
});

const positionSchema = z.object({
  version: z.literal(1),
  /** Files begun so far: makes epochs of files with equal beginnings differ. */
  generation: count,
  /** The newest change of any file that was read, ms. */
  watermark: z.number(),
  /** Lines before this are left out while reading back. */
  backfillFrom: z.number(),
  /** The files in hand, oldest first; the last one is the newest begun. */
  places: z.array(placeSchema).max(1000),
});

export type Fingerprint = z.infer<typeof printSchema>;
/** How far one file was read, and what it is known by. */
export type FilePlace = z.infer<typeof placeSchema>;
/** How far a path with all its rotated files was read. */
export type FilePosition = z.infer<typeof positionSchema>;

export const headBytes = 512;
export const tailBytes = 64;

/** A stored position, or undefined where there is none that can be understood. */
export function parsePosition(position: Position | undefined): FilePosition | undefined {
  return positionSchema.safeParse(position).data;
}

export function fingerprint(bytes: Uint8Array): Fingerprint {
  return {length: bytes.length, hash: createHash('sha256').update(bytes).digest('hex').slice(0, 24)};
}

/** True where `bytes` begin with what the fingerprint was taken of. */
export function beginsWith(bytes: Uint8Array, print: Fingerprint): boolean {
  return bytes.length >= print.length && fingerprint(bytes.subarray(0, print.length)).hash === print.hash;
}
