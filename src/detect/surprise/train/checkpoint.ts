import {createHash} from 'node:crypto';
import {rmSync} from 'node:fs';
import {z} from 'zod';
import {type LstmShape, weightCount} from '../lstm/lstm-weights.ts';
import {type PackedFile, PackedFileError, readPacked, writePacked} from '../packed-file.ts';
import type {CheckpointPlace, TrainingJob} from './job.ts';

/** Where training stands: with the job itself, all that is needed to go on as if nothing had happened. */
export interface Checkpoint {
  /** The epoch under way, from 1, and its next batch: the order of batches follows from seed and epoch. */
  readonly epoch: number;
  readonly batch: number;
  readonly lossSum: number;
  readonly weightSum: number;
  /** Epochs since the last gain, and the learning rate. */
  readonly idle: number;
  readonly rate: number;
  readonly seconds: number;
  /** The optimiser's steps and moments. */
  readonly steps: number;
  readonly means: Float32Array;
  readonly squares: Float32Array;
  readonly weights: Float32Array;
  readonly best: Float32Array | undefined;
  readonly bestEpoch: number;
  readonly bestLoss: number;
  readonly bestTrainLoss: number;
}

/** What is known of a checkpoint without its job. */
export interface CheckpointFacts {
  /** ISO time of writing; where the history came from, and the time of its newest event, µs. */
  readonly writtenAt: string;
  readonly origin: string;
  readonly newest: number;
  readonly epoch: number;
}

const format = {name: 'siem checkpoint', version: 1, largest: 64 * 1024 * 1024};
const count = z.number().int().min(0);
const finite = z.number();
const bodySchema = z.strictObject({
  fingerprint: z.string(),
  writtenAt: z.iso.datetime(),
  origin: z.string(),
  newest: finite,
  size: count,
  hasBest: z.boolean(),
  state: z.strictObject({
    epoch: count.min(1),
    batch: count,
    lossSum: finite,
    weightSum: finite,
    idle: count,
    rate: finite,
    seconds: finite,
    steps: count,
    bestEpoch: count,
    bestLoss: finite,
    bestTrainLoss: finite,
  }),
});

/** Beside the model. */
export function checkpointPath(modelFile: string): string {
  return `${modelFile}.unfinished`;
}

/** What a job is recognised by: its history as sequences, its sizes and how it is trained. */
export function jobFingerprint(job: TrainingJob): string {
  const hash = createHash('sha256');
  const {shape, train, heldOut, batch, learningRate, seed, patience} = job;
  hash.update(JSON.stringify([format.version, shape, batch, learningRate, seed, patience]));
  const none = new Uint16Array(0);
  for (const part of [
    ...[train, heldOut].flatMap(set => [set.symbols, set.offsets, set.counts, set.firstTargets]),
    job.providers ?? none,
    job.begins ?? none,
  ]) {
    hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
  return hash.digest('hex');
}

/** Written beside and renamed: whatever ends the process, the one before or this one is there, whole. */
export function writeCheckpoint(place: CheckpointPlace, fingerprint: string, checkpoint: Checkpoint): void {
  const {path, origin, newest} = place;
  const {weights, means, squares, best, ...state} = checkpoint;
  const body = {
    fingerprint,
    writtenAt: new Date().toISOString(),
    origin,
    newest,
    size: weights.length,
    hasBest: best !== undefined,
    state,
  };
  const numbers = new Float32Array(weights.length * (best ? 4 : 3));
  [weights, means, squares, ...(best ? [best] : [])].forEach((part, at) => {
    numbers.set(part, at * weights.length);
  });
  writePacked(path, format, {body, numbers});
}

/** A checkpoint to go on from, or why there is none; '' where there simply is no file. */
export function readCheckpoint(
  path: string,
  fingerprint: string,
  shape: LstmShape,
): {readonly checkpoint: Checkpoint} | {readonly reason: string} {
  const read = open(path);
  if ('reason' in read) return read;
  const {body, numbers} = read;
  if (body.fingerprint !== fingerprint) return {reason: `${path} is of another history or another training`};
  const {size, hasBest, state} = body;
  if (size !== weightCount(shape) || numbers.length !== size * (hasBest ? 4 : 3)) {
    return {reason: `${path} is damaged: it has not as many numbers as the network`};
  }
  const part = (at: number) => numbers.slice(at * size, (at + 1) * size);
  return {
    checkpoint: {...state, weights: part(0), means: part(1), squares: part(2), best: hasBest ? part(3) : undefined},
  };
}

/** What a checkpoint says of itself; undefined where there is none that can be read. */
export function checkpointFacts(path: string): CheckpointFacts | undefined {
  const read = open(path);
  if ('reason' in read) return undefined;
  const {writtenAt, origin, newest, state} = read.body;
  return {writtenAt, origin, newest, epoch: state.epoch};
}

export function removeCheckpoint(path: string): void {
  rmSync(path, {force: true});
}

type Body = z.infer<typeof bodySchema>;

function open(path: string): {readonly body: Body; readonly numbers: Float32Array} | {readonly reason: string} {
  let packed: PackedFile;
  try {
    packed = readPacked(path, format);
  } catch (error) {
    if (!(error instanceof PackedFileError)) throw error;
    return {reason: error.code === 'missing' ? '' : error.message};
  }
  const body = bodySchema.safeParse(packed.body).data;
  return body ? {body, numbers: packed.numbers} : {reason: `${path} is damaged: its header lacks fields`};
}
