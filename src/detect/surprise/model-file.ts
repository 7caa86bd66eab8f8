import {createHash, randomUUID} from 'node:crypto';
import {closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {z} from 'zod';
import {templateHash} from './drain.ts';
import {firstEntry, type LearnedModel} from './learned-model.ts';
import {flattenWeights, type LstmShape, unflattenWeights, weightCount} from './lstm/lstm-weights.ts';
import type {SymbolName} from './symbols.ts';

/** Raised when a file of an earlier version can no longer be read as it is. */
const version = 1;
const maxFile = 64 * 1024 * 1024;
const maxHeader = 4 * 1024 * 1024;
const newline = 0x0a;

/** Why a model file cannot be used, in a sentence that names the file. */
export class ModelError extends Error {
  readonly code: 'missing' | 'denied' | 'damaged' | 'older' | 'newer';

  constructor(code: ModelError['code'], message: string) {
    super(message);
    this.name = 'ModelError';
    this.code = code;
  }
}

const count = z.number().int().min(0);
const finite = z.number();
const bodySchema = z.strictObject({
  facts: z.strictObject({
    trainedAt: z.iso.datetime(),
    events: count,
    sequences: count,
    distinct: count,
    epochs: count,
    trainLoss: finite,
    heldOutLoss: finite,
    falseAlarmRate: finite.min(0).max(1),
    threshold: finite.min(0),
    rank: count,
    mix: finite.min(0).max(1),
  }),
  shape: z.strictObject({
    vocabulary: z.number().int().min(firstEntry).max(4_096),
    embedding: z.number().int().min(1).max(512),
    units: z.number().int().min(1).max(512),
  }),
  vocabulary: z
    .array(z.strictObject({provider: z.string(), code: z.number().int(), text: z.string(), hash: z.string()}))
    .max(4_096),
});
const headerSchema = z.strictObject({
  format: z.literal('siem model'),
  version: z.number().int(),
  checksum: z.string().regex(/^[0-9a-f]{64}$/),
  body: z.unknown(),
});

type Body = z.infer<typeof bodySchema>;

/** Where the model is kept: what `ModelFile` names, counted from the data folder, or `models/model.siem` there. */
export function modelPath(dataDir: string, modelFile: string): string {
  return modelFile === '' ? join(dataDir, 'models', 'model.siem') : resolve(dataDir, modelFile);
}

/**
 * Writes the model as one file, readable by its owner only: a line of JSON (version, checksum, facts, vocabulary with
 * the template hashes, sizes), then the weights as little-endian float32. Beside first, then renamed, with both synced:
 * a reader sees the old file or the new one.
 */
export function saveModel(path: string, model: LearnedModel): void {
  const bytes = encodeModel(model);
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

/** Reads a model and checks all of it; throws a ModelError and nothing else. */
export function loadModel(path: string): LearnedModel {
  return decodeModel(readWhole(path), path);
}

export function encodeModel(model: LearnedModel): Buffer {
  const {vocabulary, embedding, units} = model.weights;
  const body: Body = {
    facts: model.facts,
    shape: {vocabulary, embedding, units},
    vocabulary: model.vocabulary.map(({provider, code, text}) => ({
      provider,
      code,
      text,
      hash: entryHash({provider, code, text}),
    })),
  };
  const flat = flattenWeights(model.weights);
  const weights = Buffer.from(flat.buffer, flat.byteOffset, flat.byteLength);
  const header = {format: 'siem model', version, checksum: checksum(body, weights), body};
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), weights]);
}

/** As `loadModel`, from bytes; `name` is what the error calls them. */
export function decodeModel(bytes: Buffer, name: string): LearnedModel {
  const end = bytes.subarray(0, maxHeader).indexOf(newline);
  const header = end < 0 ? undefined : headerSchema.safeParse(parseJson(bytes.toString('utf8', 0, end))).data;
  if (!header) throw damaged(name, 'it does not begin with the header of a model');
  if (header.version > version) throw wrongVersion('newer', name, header.version);
  if (header.version < version) throw wrongVersion('older', name, header.version);
  const weights = bytes.subarray(end + 1);
  if (checksum(header.body, weights) !== header.checksum)
    throw damaged(name, 'its checksum does not match its content');
  const body = bodySchema.safeParse(header.body).data;
  if (!body) throw damaged(name, 'its header lacks fields or has wrong ones');
  checkVocabulary(body, name);
  return {
    facts: body.facts,
    vocabulary: body.vocabulary.map(({provider, code, text}) => ({provider, code, text})),
    weights: unflattenWeights(body.shape, readWeights(body.shape, weights, name)),
  };
}

function checkVocabulary(body: Body, name: string): void {
  if (body.vocabulary.length + firstEntry !== body.shape.vocabulary) {
    throw damaged(name, 'its vocabulary is not as long as its weights need');
  }
  if (body.vocabulary.some(entry => entry.hash !== entryHash(entry))) {
    throw damaged(name, 'a template of its vocabulary does not match its hash');
  }
}

function readWeights(shape: LstmShape, bytes: Buffer, name: string): Float32Array {
  const expected = weightCount(shape) * 4;
  if (bytes.length !== expected) {
    throw damaged(name, `it holds ${bytes.length} bytes of weights where its sizes need ${expected}`);
  }
  const flat = new Float32Array(expected / 4);
  Buffer.from(flat.buffer).set(bytes);
  if (!flat.every(value => Number.isFinite(value))) throw damaged(name, 'a weight is not a finite number');
  return flat;
}

function entryHash({provider, code, text}: SymbolName): string {
  return templateHash(provider, code === 0 ? text : `#${code}`);
}

function checksum(body: unknown, weights: Buffer): string {
  return createHash('sha256').update(JSON.stringify(body)).update('\n').update(weights).digest('hex');
}

function readWhole(path: string): Buffer {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    return readBounded(file, path);
  } catch (error) {
    throw error instanceof ModelError ? error : unreadable(path, error);
  } finally {
    closeSync(file);
  }
}

function readBounded(file: number, path: string): Buffer {
  const stat = fstatSync(file);
  if (!stat.isFile()) throw damaged(path, 'it is not a file');
  if (stat.size > maxFile) throw damaged(path, `it has ${stat.size} bytes where a model has ${maxFile} at most`);
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

function damaged(name: string, why: string): ModelError {
  return new ModelError('damaged', `The model file ${name} is damaged: ${why}. Run siem train to make a new one.`);
}

function wrongVersion(code: 'newer' | 'older', name: string, found: number): ModelError {
  const help = code === 'newer' ? 'Update siem, or run siem train' : 'Run siem train';
  return new ModelError(
    code,
    `The model file ${name} has format version ${found}, and this program reads version ${version}. ${help} to make a new one.`,
  );
}

function unreadable(path: string, error: unknown): ModelError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new ModelError('missing', `There is no model file ${path} yet.`);
  const why = error instanceof Error ? error.message : String(error);
  return new ModelError('denied', `The model file ${path} could not be read: ${why}`);
}
