import {createHash} from 'node:crypto';
import {readFileSync, statSync} from 'node:fs';
import {z} from 'zod';
import type {FlowBaseline} from '../flows/flow-surprise.ts';
import type {MetricBaseline} from '../metrics/baseline.ts';
import {ModelError} from '../model-file.ts';

/** What a machine that has learned nothing yet begins with. */
export interface Baseline {
  readonly flows: FlowBaseline;
  /** What the metrics' `seed` takes. */
  readonly metrics: MetricBaseline;
}

/** Raised when a file of an earlier version can no longer be read as it is. */
const version = 1;
const maxFile = 1024 * 1024;

const finite = z.number();
const count = z.number().int().min(0);
const packed = z.base64().max(maxFile);
const spotSchema = z.strictObject({
  seen: count,
  level: finite.nullable(),
  calibration: z.array(finite).max(10_000),
  excesses: z.array(finite).max(10_000),
  indexes: z.array(count).max(10_000),
  recent: z.array(finite).max(10_000),
  again: z.strictObject({skip: count, values: z.array(finite).max(10_000)}).nullable(),
});
const flowsSchema = z.strictObject({
  letters: z.strictObject({order: count.max(16), contexts: packed, entries: packed}),
  spot: spotSchema,
  shapes: z.strictObject({
    dimensions: count.max(512),
    rows: count,
    fittedAt: count,
    components: count.max(512),
    numbers: packed,
    errors: spotSchema,
  }),
});
const meanSchema = z.tuple([count, finite, z.array(finite).max(1_000)]).readonly();
const levelsSchema = z.strictObject({
  grid: z.strictObject({low: finite, high: finite}).nullable(),
  past: z.array(finite).max(1_000),
  waiting: z.array(z.tuple([finite, count]).readonly()).max(1_000),
  block: z.tuple([count, finite, finite]).readonly(),
  blocks: z.array(z.tuple([finite, finite]).readonly()).max(1_000),
  model: z.strictObject({
    counts: z.array(z.tuple([packed, packed]).readonly()).max(16),
    sequence: finite,
    clock: finite,
  }),
});
const seriesSchema = z.strictObject({
  last: finite.nullable(),
  means: z.array(meanSchema).max(16),
  scales: z.array(levelsSchema).max(16),
  changes: meanSchema,
  unrest: levelsSchema,
  fixed: z.array(levelsSchema).max(16),
  rank: packed,
});
const metricsSchema = z.strictObject({version: z.literal(1), streams: z.record(z.string().max(200), seriesSchema)});
const bodySchema = z.strictObject({flows: flowsSchema, metrics: metricsSchema});
const fileSchema = z.strictObject({
  format: z.literal('siem baseline'),
  version: z.number().int(),
  checksum: z.string().regex(/^[0-9a-f]{64}$/),
  body: z.unknown(),
});

/** Reads the baseline and checks all of it; throws a ModelError and nothing else. */
export function loadBaseline(path: string): Baseline {
  return decodeBaseline(readText(path), path);
}

/** One line of JSON: version, checksum, body. The same baseline gives the same bytes. */
export function encodeBaseline(body: Baseline): string {
  return `${JSON.stringify({format: 'siem baseline', version, checksum: checksum(body), body})}\n`;
}

/** As `loadBaseline`, from text; `name` is what the error calls it. */
export function decodeBaseline(text: string, name: string): Baseline {
  const file = fileSchema.safeParse(parseJson(text)).data;
  if (!file) throw damaged(name, 'it is not a baseline with version and checksum');
  if (file.version !== version) throw wrongVersion(name, file.version);
  if (checksum(file.body) !== file.checksum) throw damaged(name, 'its checksum does not match its content');
  const body = bodySchema.safeParse(file.body).data;
  if (!body) throw damaged(name, 'it lacks fields or has wrong ones');
  return body;
}

function checksum(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}

function readText(path: string): string {
  try {
    const {size} = statSync(path);
    if (size > maxFile) throw damaged(path, `it has ${size} bytes where a baseline has ${maxFile} at most`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw error instanceof ModelError ? error : unreadable(path, error);
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
  return new ModelError('damaged', `The baseline ${name} is damaged: ${why}. Install siem again to get it back.`);
}

function wrongVersion(name: string, found: number): ModelError {
  return new ModelError(
    found > version ? 'newer' : 'older',
    `The baseline ${name} has format version ${found}, and this program reads version ${version}. ` +
      'Install siem again to get the one that belongs to it.',
  );
}

function unreadable(path: string, error: unknown): ModelError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ModelError('missing', `There is no baseline ${path}. Install siem again to get it back.`);
  }
  const why = error instanceof Error ? error.message : String(error);
  return new ModelError('denied', `The baseline ${path} could not be read: ${why}`);
}
