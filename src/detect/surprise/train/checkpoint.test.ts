import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {weightCount} from '../lstm/lstm-weights.ts';
import {seededRandom} from '../seeded-random.ts';
import {type Checkpoint, checkpointFacts, jobFingerprint, readCheckpoint, writeCheckpoint} from './checkpoint.ts';
import {packSequences} from './corpus.ts';
import type {TrainingJob} from './job.ts';
import {interruptedTraining} from './resume.ts';

const folder = mkdtempSync(join(tmpdir(), 'siem-checkpoint-'));
afterAll(() => rmSync(folder, {recursive: true}));

const shape = {vocabulary: 5, embedding: 2, units: 3};
const size = weightCount(shape);
const random = seededRandom(4);
const numbers = () => Float32Array.from({length: size}, () => random() - 0.5);

function checkpoint(best: Float32Array | undefined): Checkpoint {
  const losses = {lossSum: 1.5, weightSum: 3, bestEpoch: 2, bestLoss: 0.4, bestTrainLoss: 0.3};
  const place = {epoch: 3, batch: 7, idle: 1, rate: 0.003, seconds: 12.5, steps: 90};
  return {...losses, ...place, weights: numbers(), means: numbers(), squares: numbers(), best};
}

function job(more: Partial<TrainingJob> = {}): TrainingJob {
  const set = packSequences([{entries: [1, 3, 4, 2], firstTarget: 1, count: 2}]);
  const rates = {batch: 8, learningRate: 0.01, seed: 1, risk: 0.001, backend: 'wasm'} as const;
  return {shape, train: set, heldOut: set, epochs: 9, patience: 2, maxSeconds: 9, ...rates, ...more};
}

test.each([[undefined], [numbers()]])('a checkpoint comes back as it was, with and without a best epoch', best => {
  const path = join(folder, 'whole');
  const written = checkpoint(best);
  writeCheckpoint({path, fresh: false, origin: 'store', newest: 77}, 'print', written);
  expect(readCheckpoint(path, 'print', shape)).toEqual({checkpoint: written});
  expect(checkpointFacts(path)).toMatchObject({newest: 77, origin: 'store', epoch: 3});
});

test('a checkpoint is of one job: its history, sizes and rates; not of how long it may take', () => {
  const print = jobFingerprint(job());
  expect(jobFingerprint(job({epochs: 3, maxSeconds: 1}))).toBe(print);
  expect(jobFingerprint(job({seed: 2}))).not.toBe(print);
  const other = packSequences([{entries: [1, 4, 3, 2], firstTarget: 1, count: 2}]);
  expect(jobFingerprint(job({train: other}))).not.toBe(print);
  expect(jobFingerprint(job({providers: new Uint16Array([0, 0, 0, 1, 1])}))).not.toBe(print);
});

test('an interrupted training is gone on with for a day, and on history from the same place', () => {
  const model = join(folder, 'm.siem');
  writeCheckpoint(
    {path: `${model}.unfinished`, fresh: false, origin: 'store', newest: 77},
    'print',
    checkpoint(undefined),
  );
  const now = Date.parse(checkpointFacts(`${model}.unfinished`)?.writtenAt ?? '') * 1000;
  expect(interruptedTraining(model, 'store', now)).toEqual({newest: 77, epoch: 3});
  expect(interruptedTraining(model, 'files a b', now)).toBeUndefined();
  expect(interruptedTraining(model, 'store', now + 25 * 3600e6)).toBeUndefined();
  expect(interruptedTraining(join(folder, 'none.siem'), 'store', now)).toBeUndefined();
});

test('no damage gives anything but a reason', () => {
  const path = join(folder, 'damaged');
  writeCheckpoint({path, fresh: false, origin: 'store', newest: 77}, 'print', checkpoint(numbers()));
  const bytes = readFileSync(path);
  for (let round = 0; round < 200; round++) {
    const wrong = Buffer.from(bytes.subarray(0, round % 2 === 0 ? Math.floor(random() * bytes.length) : bytes.length));
    const at = Math.floor(random() * wrong.length);
    if (wrong.length > 0) wrong[at] = (wrong[at] ?? 0) ^ (1 + Math.floor(random() * 255));
    writeFileSync(path, wrong);
    expect(readCheckpoint(path, 'print', shape)).toEqual({reason: expect.stringMatching(/damaged|version/)});
  }
});
