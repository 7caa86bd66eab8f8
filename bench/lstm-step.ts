// What the learned model costs: `node dist/bench/lstm-step.js FOLDER`. One JSON line. Beside the live step stands
// TensorFlow.js predicting the same, in the same run; the training figures come from the training process itself.
import {mkdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {entry, ordinaryLife} from '../src/detect/surprise/generated-life.ts';
import {LstmStep} from '../src/detect/surprise/lstm/lstm-step.ts';
import {seededRandom} from '../src/detect/surprise/seeded-random.ts';
import {SurpriseDetector} from '../src/detect/surprise/surprise-detector.ts';
import {openBackend} from '../src/detect/surprise/train/backend.ts';
import type {HistoryEvent} from '../src/detect/surprise/train/corpus.ts';
import {buildNetwork, readWeights} from '../src/detect/surprise/train/network.ts';
import {type TrainingReport, trainModel} from '../src/detect/surprise/train/train-model.ts';
import type {LogEvent} from '../src/event/event.ts';

const shape = {vocabulary: 300, embedding: 32, units: 64};
const programs = 50;
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('Expected a folder to put the model in: npm run -s bench:lstm-step -- FOLDER\n');
  process.exit(2);
}
mkdirSync(folder, {recursive: true});
const path = join(folder, 'bench-model.siem');
const stream = interleaved(200_000);
const step = await measureStep();
const ngram = detectorMicros(stream, undefined);
const report = await train(stream.slice(0, 100_000), path);
const model = detectorMicros(stream, path);
rmSync(path);
process.stdout.write(`${JSON.stringify({...step, ...detectorFields(), ...trainingFields(report)})}\n`);

function detectorFields() {
  return {
    programs,
    ngramMicrosAnEvent: ngram.micros,
    ngramEventsASecond: Math.round(1e6 / ngram.micros),
    modelMicrosAnEvent: model.micros,
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

async function measureStep() {
  await openBackend('wasm');
  const network = buildNetwork(shape, 1);
  const live = new LstmStep(readWeights(network));
  const random = seededRandom(1);
  let state = live.initial();
  const liveTimes = times(20_000, () => {
    state = live.step(state, Math.floor(random() * shape.vocabulary));
  });
  const window = Array.from({length: 10}, () => Math.floor(random() * shape.vocabulary));
  const predictTimes = times(200, () => {
    tf.tidy(() => {
      const input = tf.cast(tf.oneHot(tf.tensor2d(window, [1, 10], 'int32'), shape.vocabulary), 'float32');
      const output = network.softmax.predict(input);
      if (!Array.isArray(output)) output.dataSync();
    });
  });
  return {
    ...shape,
    stepP50Micros: quantile(liveTimes, 0.5),
    stepP99Micros: quantile(liveTimes, 0.99),
    predictP50Micros: quantile(predictTimes, 0.5),
    predictP99Micros: quantile(predictTimes, 0.99),
  };
}

function detectorMicros(events: readonly LogEvent[], modelFile: string | undefined) {
  const detector = new SurpriseDetector({alertsPerDay: 10});
  if (modelFile !== undefined) detector.loadModel(modelFile);
  const half = events.length / 2;
  feed(detector, events.slice(0, half));
  const micros = feed(detector, events.slice(half));
  const began = performance.now();
  const state = JSON.stringify(detector.save());
  const saveMillis = round(performance.now() - began);
  detector.setBusy(true);
  const busyMicros = feed(detector, events.slice(half));
  return {micros, busyMicros, skipped: detector.stats().skipped, stateBytes: state.length, saveMillis};
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

/** Fifty programs that write at the same time: the ordinary life of ten servers' services under names of their own. */
function interleaved(count: number): LogEvent[] {
  const lives = Array.from({length: programs / 5}, (_, number) => ordinaryLife(number + 1));
  const events: LogEvent[] = [];
  for (let at = 0; at < count; at++) {
    const number = at % lives.length;
    const event = lives[number]?.next().value as LogEvent | undefined;
    if (!event) break;
    events.push(entry(`${event.provider}-${number}`, event.message, event.pid, event.time, at));
  }
  return events;
}

function times(count: number, work: () => void): number[] {
  const found: number[] = [];
  for (let at = 0; at < count; at++) {
    const began = performance.now();
    work();
    // The first tenth warms up the compiler.
    if (at >= count / 10) found.push((performance.now() - began) * 1_000);
  }
  return found.sort((a, b) => a - b);
}

function quantile(sorted: readonly number[], part: number): number {
  return round(sorted[Math.floor(sorted.length * part)] ?? 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
