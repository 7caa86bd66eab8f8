// What the learned model costs: `npm run -s bench:lstm-step -- FOLDER`. One JSON line. Beside the live step stand the
// same step on plain arrays and TensorFlow.js predicting the same, in turn in the same run, so that what else the
// machine does slows all three. The training figures come from the training process itself.
import {mkdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {LstmStep} from '../src/detect/surprise/lstm/lstm-step.ts';
import {PlainEngine} from '../src/detect/surprise/lstm/plain-engine.ts';
import {seededRandom} from '../src/detect/surprise/seeded-random.ts';
import {SurpriseDetector} from '../src/detect/surprise/surprise-detector.ts';
import {openBackend} from '../src/detect/surprise/train/backend.ts';
import type {HistoryEvent} from '../src/detect/surprise/train/corpus.ts';
import {buildNetwork, readWeights} from '../src/detect/surprise/train/network.ts';
import {type TrainingReport, trainModel} from '../src/detect/surprise/train/train-model.ts';
import type {LogEvent} from '../src/event/event.ts';
import {interleavedPrograms} from './interleaved-programs.ts';

const shape = {vocabulary: 300, embedding: 32, units: 64};
const programs = 50;
/** What TensorFlow.js predicts from: the last symbols of a session. */
const window = Array.from({length: 10}, (_, at) => (at * 29) % shape.vocabulary);
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('Expected a folder to put the model in: npm run -s bench:lstm-step -- FOLDER\n');
  process.exit(2);
}
mkdirSync(folder, {recursive: true});
const path = join(folder, 'bench-model.siem');
const stream = interleavedPrograms(programs, 200_000);
const step = await measureStep();
const ngram = detectorMicros(stream, undefined);
const report = await train(stream.slice(0, 100_000), path);
const model = detectorMicros(stream, path);
rmSync(path, {force: true});
process.stdout.write(`${JSON.stringify({...step, ...detectorFields(), ...trainingFields(report)})}\n`);

function detectorFields() {
  return {
    programs,
    ngramMicrosAnEvent: ngram.micros,
    ngramEventsASecond: Math.round(1e6 / ngram.micros),
    modelMicrosAnEvent: model.micros,
    modelEventsASecond: Math.round(1e6 / model.micros),
    memoHitRate: model.memoHitRate,
    busyMicrosAnEvent: model.busyMicros,
    skippedWhileBusy: model.skipped,
    stateBytes: ngram.stateBytes,
    saveMillis: ngram.saveMillis,
  };
}

function trainingFields({corpus, outcome}: TrainingReport) {
  return {
    trainedEvents: corpus.events,
    distinctSequences: corpus.distinct,
    trainingSeconds: round(outcome.seconds),
    trainingEventsASecond: Math.round((corpus.events * outcome.epochs) / outcome.seconds),
    epochs: outcome.epochs,
    heldOutLoss: round(outcome.heldOutLoss),
    heldOutFalseAlarmRate: outcome.falseAlarmRate,
  };
}

/** A live step is the state one symbol later and the probability of one symbol over the whole vocabulary. */
async function measureStep() {
  await openBackend('wasm');
  const network = buildNetwork(shape, 1);
  const weights = readWeights(network);
  const live = new LstmStep(weights);
  const found: Record<'live' | 'plain' | 'predict', number[]> = {live: [], plain: [], predict: []};
  const stepOnce = walker(live);
  const plainOnce = walker(new LstmStep(weights, new PlainEngine(weights)));
  for (let round = 0; round < 20; round++) {
    found.live.push(...times(1_000, stepOnce));
    found.plain.push(...times(1_000, plainOnce));
    found.predict.push(...times(10, () => predict(network)));
  }
  // The first tenth warms up the compiler.
  const [step, plain, predicted] = [found.live, found.plain, found.predict].map(one =>
    quantiles(one.slice(one.length / 10)),
  );
  return {
    ...shape,
    simd: live.simd,
    stepP50Micros: step?.p50,
    stepP99Micros: step?.p99,
    plainStepP50Micros: plain?.p50,
    plainStepP99Micros: plain?.p99,
    predictP50Micros: predicted?.p50,
    predictP99Micros: predicted?.p99,
    plainOverStepP50: ratio(plain?.p50, step?.p50),
    plainOverStepP99: ratio(plain?.p99, step?.p99),
    predictOverStepP50: ratio(predicted?.p50, step?.p50),
    predictOverStepP99: ratio(predicted?.p99, step?.p99),
  };
}

function walker(step: LstmStep): () => void {
  const random = seededRandom(1);
  let state = step.initial();
  return () => {
    state = step.step(state, Math.floor(random() * shape.vocabulary));
    state.probabilityOf(1);
  };
}

function predict(network: ReturnType<typeof buildNetwork>): void {
  tf.tidy(() => {
    const input = tf.cast(tf.oneHot(tf.tensor2d(window, [1, 10], 'int32'), shape.vocabulary), 'float32');
    const output = network.softmax.predict(input);
    if (!Array.isArray(output)) output.dataSync();
  });
}

function detectorMicros(events: readonly LogEvent[], modelFile: string | undefined) {
  const detector = new SurpriseDetector({alertsPerDay: 10});
  if (modelFile !== undefined) detector.loadModel(modelFile);
  const half = events.length / 2;
  feed(detector, events.slice(0, half));
  const before = detector.stats();
  const micros = feed(detector, events.slice(half));
  const after = detector.stats();
  const [hits, steps] = [after.memoHits - before.memoHits, after.memoSteps - before.memoSteps];
  const began = performance.now();
  const state = JSON.stringify(detector.save());
  const saveMillis = round(performance.now() - began);
  detector.setBusy(true);
  const busyMicros = feed(detector, events.slice(half));
  const memoHitRate = ratio(hits, hits + steps);
  return {micros, busyMicros, memoHitRate, skipped: detector.stats().skipped, stateBytes: state.length, saveMillis};
}

/** Processor time, which another load on the machine changes little. */
function feed(detector: SurpriseDetector, events: readonly LogEvent[]): number {
  const began = process.cpuUsage();
  for (let at = 0; at < events.length; at += 500) detector.onEvents(events.slice(at, at + 500));
  const {user, system} = process.cpuUsage(began);
  return round((user + system) / events.length);
}

function train(events: readonly LogEvent[], to: string): Promise<TrainingReport> {
  function* history(): Generator<HistoryEvent> {
    for (const event of events) yield {...event, host: event.origin.host};
  }
  return trainModel({
    history: history(),
    path: to,
    leastEvents: 1_000,
    backend: 'wasm',
    onLibraryOutput: text => process.stderr.write(text),
    signal: new AbortController().signal,
  });
}

function times(count: number, work: () => void): number[] {
  return Array.from({length: count}, () => {
    const began = performance.now();
    work();
    return (performance.now() - began) * 1_000;
  });
}

function quantiles(found: readonly number[]): {readonly p50: number; readonly p99: number} {
  const sorted = [...found].sort((a, b) => a - b);
  const at = (part: number): number => round(sorted[Math.floor(sorted.length * part)] ?? 0);
  return {p50: at(0.5), p99: at(0.99)};
}

function ratio(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || !b ? undefined : round(a / b);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
