import {join, resolve} from 'node:path';
import {z} from 'zod';
import {templateHash} from './drain.ts';
import {firstEntry, type LearnedModel} from './learned-model.ts';
import {flattenWeights, type LstmShape, unflattenWeights, weightCount} from './lstm/lstm-weights.ts';
import {decodePacked, encodePacked, type PackedFile, PackedFileError, readPacked, writePacked} from './packed-file.ts';
import type {SymbolName} from './symbols.ts';
import {headSize, type VerdictHead} from './verdict-head.ts';

/** The version is raised when a file of an earlier one can no longer be read as it is. */
const format = {name: 'siem model', version: 2, largest: 64 * 1024 * 1024};

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
const share = finite.min(0).max(1);
const bodySchema = z.strictObject({
  facts: z.strictObject({
    trainedAt: z.iso.datetime(),
    checkedAt: z.iso.datetime(),
    newest: finite,
    events: count,
    sequences: count,
    distinct: count,
    epochs: count,
    trainLoss: finite,
    heldOutLoss: finite,
    falseAlarmRate: share,
    threshold: finite.min(0),
    rank: count,
    mix: share,
  }),
  providers: z.array(z.strictObject({provider: z.string(), threshold: finite.min(0), mix: share})).max(4_096),
  shape: z.strictObject({
    vocabulary: z.number().int().min(firstEntry).max(4_096),
    embedding: z.number().int().min(1).max(512),
    units: z.number().int().min(1).max(512),
  }),
  vocabulary: z
    .array(z.strictObject({provider: z.string(), code: z.number().int(), text: z.string(), hash: z.string()}))
    .max(4_096),
  head: z.strictObject({cut: share, alerts: count, truths: count, held: count}).optional(),
});

type Body = z.infer<typeof bodySchema>;

/** Where the model is kept: what `ModelFile` names, counted from the data folder, or `models/model.siem` there. */
export function modelPath(dataDir: string, modelFile: string): string {
  return modelFile === '' ? join(dataDir, 'models', 'model.siem') : resolve(dataDir, modelFile);
}

/** Writes the model as one packed file: facts and vocabulary with the template hashes, then the weights. */
export function saveModel(path: string, model: LearnedModel): void {
  writePacked(path, format, packedModel(model));
}

/** Reads a model and checks all of it; throws a ModelError and nothing else. */
export function loadModel(path: string): LearnedModel {
  return explained(path, () => modelOf(readPacked(path, format), path));
}

export function encodeModel(model: LearnedModel): Buffer {
  return encodePacked(format, packedModel(model));
}

/** As `loadModel`, from bytes; `name` is what the error calls them. */
export function decodeModel(bytes: Buffer, name: string): LearnedModel {
  return explained(name, () => modelOf(decodePacked(bytes, format, name), name));
}

function packedModel({facts, providers, vocabulary: words, weights, head}: LearnedModel): PackedFile {
  const {vocabulary, embedding, units} = weights;
  const body: Body = {
    facts,
    providers: [...providers],
    shape: {vocabulary, embedding, units},
    vocabulary: words.map(({provider, code, text}) => ({
      provider,
      code,
      text,
      hash: entryHash({provider, code, text}),
    })),
    ...(head ? {head: {cut: head.cut, alerts: head.alerts, truths: head.truths, held: head.held}} : {}),
  };
  const flat = flattenWeights(weights);
  const extra = head ? [...head.weights, head.bias] : [];
  const numbers = new Float32Array(flat.length + extra.length);
  numbers.set(flat);
  numbers.set(extra, flat.length);
  return {body, numbers};
}

function modelOf(packed: PackedFile, name: string): LearnedModel {
  const body = bodySchema.safeParse(packed.body).data;
  if (!body) throw damaged(name, 'its header lacks fields or has wrong ones');
  checkVocabulary(body, name);
  const size = weightCount(body.shape);
  const expected = size + (body.head ? headSize(body.shape.units) + 1 : 0);
  if (packed.numbers.length !== expected) {
    throw damaged(name, `it holds ${packed.numbers.length} weights where its sizes need ${expected}`);
  }
  return {
    facts: body.facts,
    providers: body.providers,
    vocabulary: body.vocabulary.map(({provider, code, text}) => ({provider, code, text})),
    weights: unflattenWeights(body.shape, packed.numbers.slice(0, size)),
    ...(body.head ? {head: headOf(body.head, body.shape, packed.numbers.subarray(size))} : {}),
  };
}

function headOf(facts: NonNullable<Body['head']>, {units}: LstmShape, numbers: Float32Array): VerdictHead {
  return {...facts, weights: numbers.slice(0, headSize(units)), bias: numbers[headSize(units)] ?? 0};
}

function checkVocabulary(body: Body, name: string): void {
  if (body.vocabulary.length + firstEntry !== body.shape.vocabulary) {
    throw damaged(name, 'its vocabulary is not as long as its weights need');
  }
  if (body.vocabulary.some(entry => entry.hash !== entryHash(entry))) {
    throw damaged(name, 'a template of its vocabulary does not match its hash');
  }
}

function entryHash({provider, code, text}: SymbolName): string {
  return templateHash(provider, code === 0 ? text : `#${code}`);
}

/** A packed file's failure in the words of a model. */
function explained(path: string, read: () => LearnedModel): LearnedModel {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PackedFileError)) throw error;
    if (error.code === 'missing') throw new ModelError('missing', `There is no model file ${path} yet.`);
    const help = error.code === 'newer' ? 'Update siem, or run siem train' : 'Run siem train';
    const mend = error.code === 'denied' ? '' : ` ${help} to make a new one.`;
    throw new ModelError(error.code, `The model file ${error.message}.${mend}`);
  }
}

function damaged(name: string, why: string): PackedFileError {
  return new PackedFileError('damaged', `${name} is damaged: ${why}`);
}
