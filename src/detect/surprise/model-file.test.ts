import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {LearnedModel} from './learned-model.ts';
import {unflattenWeights, weightCount} from './lstm/lstm-weights.ts';
import {decodeModel, encodeModel, loadModel, ModelError, modelPath, saveModel} from './model-file.ts';
import {watchModel} from './model-watch.ts';
import {seededRandom} from './seeded-random.ts';
import {headSize} from './verdict-head.ts';

const shape = {vocabulary: 5, embedding: 3, units: 4};
const folder = mkdtempSync(join(tmpdir(), 'siem-model-'));
afterAll(() => rmSync(folder, {recursive: true}));

function sample(seed: number): LearnedModel {
  const random = seededRandom(seed);
  return {
    facts: {
      trainedAt: '2026-01-02T03:04:05.000Z',
      checkedAt: '2026-01-03T03:04:05.000Z',
      newest: 1_767_323_045_000_000,
      events: 9_000,
      sequences: 800,
      distinct: 70,
      epochs: 6,
      trainLoss: 0.4,
      heldOutLoss: 0.5,
      falseAlarmRate: 0.001,
      threshold: 5.5,
      rank: 5,
      mix: 0.4,
    },
    providers: [{provider: 'sshd', threshold: 6.5, mix: 0.7}],
    vocabulary: [
      {provider: 'sshd', code: 0, text: 'Accepted publickey for <*>'},
      {provider: 'Security', code: 4624, text: 'An account was logged on'},
    ],
    weights: unflattenWeights(
      shape,
      Float32Array.from({length: weightCount(shape)}, () => random() - 0.5),
    ),
  };
}

/** The reason why a model is refused. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ModelError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

test('a model comes back from its file as it was, and only its owner may read it', () => {
  const path = join(folder, 'models', 'model.siem');
  saveModel(path, sample(1));
  expect(loadModel(path)).toEqual(sample(1));
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'models'))).toEqual(['model.siem']);
});

test('what verdicts taught comes back with the model', () => {
  const weights = Float32Array.from({length: headSize(shape.units)}, (_, at) => Math.fround(at / 7));
  const head = {weights, bias: -0.5, cut: 0.125, alerts: 40, truths: 12, held: 9};
  const model = {...sample(1), head};
  expect(decodeModel(encodeModel(model), 'x')).toEqual(model);
});

test('a missing, cut, lengthened or scribbled-on model is refused with its name and a reason', () => {
  const path = join(folder, 'damaged.siem');
  expect(refusal(() => loadModel(path))).toMatch(/^missing: .*damaged\.siem/);
  const bytes = encodeModel(sample(1));
  for (const wrong of [bytes.subarray(0, 20), bytes.subarray(0, -4), Buffer.concat([bytes, bytes]), Buffer.alloc(0)]) {
    writeFileSync(path, wrong);
    expect(refusal(() => loadModel(path))).toMatch(
      /^damaged: The model file .*damaged\.siem is damaged: .* siem train/,
    );
  }
  expect(refusal(() => loadModel(folder))).toMatch(/^(damaged|denied): /);
});

test('models of older and newer formats are refused as such', () => {
  const text = (version: number) =>
    Buffer.from(encodeModel(sample(1)).toString('latin1').replace('"version":2', `"version":${version}`), 'latin1');
  expect(refusal(() => decodeModel(text(3), 'x'))).toMatch(/^newer: .*format version 3.*reads version 2/);
  expect(refusal(() => decodeModel(text(1), 'x'))).toMatch(/^older: .*Run siem train/);
});

test('a weight that is not finite is refused even where the checksum fits', () => {
  const model = sample(1);
  model.weights.bias[1] = Number.NaN;
  expect(refusal(() => decodeModel(encodeModel(model), 'x'))).toMatch(/not a finite number/);
});

test('a vocabulary that does not fit the weights is refused', () => {
  const model = {...sample(1), vocabulary: sample(1).vocabulary.slice(1)};
  expect(refusal(() => decodeModel(encodeModel(model), 'x'))).toMatch(/vocabulary is not as long/);
});

test('no damage of single bytes or lengths gives anything but a refusal', () => {
  const random = seededRandom(8);
  const bytes = encodeModel(sample(2));
  for (let round = 0; round < 400; round++) {
    const wrong = Buffer.from(bytes.subarray(0, round % 3 === 0 ? Math.floor(random() * bytes.length) : bytes.length));
    for (let flips = 0; flips < 3 && wrong.length > 0; flips++) {
      const at = Math.floor(random() * wrong.length);
      wrong[at] = (wrong[at] ?? 0) ^ (1 + Math.floor(random() * 255));
    }
    expect(refusal(() => decodeModel(wrong, 'x'))).toMatch(/^(damaged|newer|older): /);
  }
});

test('ModelFile counts from the data folder, and has a place of its own where it is empty', () => {
  expect(modelPath('/data', '')).toBe(join('/data', 'models', 'model.siem'));
  expect(modelPath('/data', '/else/m.siem')).toBe('/else/m.siem');
});

test('a model that appears or is replaced is handed over without a restart; a damaged one is refused', () => {
  jest.useFakeTimers();
  const path = join(folder, 'watched.siem');
  const news: string[] = [];
  const stop = watchModel(path, item => news.push(item.type), 1_000);
  jest.advanceTimersByTime(2_000);
  expect(news).toEqual([]);
  saveModel(path, sample(1));
  jest.advanceTimersByTime(3_000);
  writeFileSync(path, readFileSync(path).subarray(0, 100));
  jest.advanceTimersByTime(3_000);
  stop();
  saveModel(path, sample(3));
  jest.advanceTimersByTime(3_000);
  expect(news).toEqual(['loaded', 'refused']);
  jest.useRealTimers();
});
