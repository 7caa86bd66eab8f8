import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import {LstmStep} from '../lstm/lstm-step.ts';
import type {LstmWeights} from '../lstm/lstm-weights.ts';
import {seededRandom} from '../seeded-random.ts';
import {featureCount} from '../verdict-head.ts';
import {sequenceAt, sequenceCount, type TrainedHead, type VerdictSet} from './job.ts';

const leastAlerts = 20;
const leastOfEach = 5;
const folds = 5;
const rounds = 150;
const rate = 0.05;
const penalty = 0.01;
/** What is not rather surely false is never held back, however the true ones came out. */
const highestCut = 0.3;
/** The cut lies below the least sure of the true alerts by half its odds. */
const margin = 0.5;

interface Rows {
  /** [row, size] */
  readonly inputs: Float32Array;
  readonly labels: readonly number[];
  readonly size: number;
}

/**
 * Learns from closed alerts how likely one is true: a dense sigmoid layer with an L2 penalty. The cut below which alerts
 * are held back is such that in cross-validation no true one was. Undefined where there are too few closed alerts, or
 * where it would have held nothing back.
 */
export function trainHead(weights: LstmWeights, verdicts: VerdictSet, seed: number): TrainedHead | undefined {
  const labels = [...verdicts.labels];
  const truths = labels.filter(label => label === 1).length;
  if (labels.length < leastAlerts || truths < leastOfEach || labels.length - truths < leastOfEach) return undefined;
  const rows = {inputs: inputsOf(weights, verdicts), labels, size: weights.units + featureCount};
  const foldOf = stratified(labels, seed);
  const checked = new Array<number>(labels.length).fill(1);
  for (let fold = 0; fold < folds; fold++) {
    const model = learnLayer(rows, at => foldOf[at] !== fold, seed);
    labels.forEach((_, at) => {
      if (foldOf[at] === fold) checked[at] = probability(model, rows, at);
    });
  }
  const cut = cutBelow(checked.filter((_, at) => labels[at] === 1));
  const held = checked.filter((value, at) => labels[at] === 0 && value < cut).length;
  if (held === 0) return undefined;
  return {...learnLayer(rows, () => true, seed), cut, alerts: labels.length, truths, held};
}

/** What the network remembers before each alert's entry, then what the alert says of itself. */
function inputsOf(weights: LstmWeights, {contexts, features}: VerdictSet): Float32Array {
  const step = new LstmStep(weights);
  const size = weights.units + featureCount;
  const inputs = new Float32Array(sequenceCount(contexts) * size);
  for (let row = 0; row < sequenceCount(contexts); row++) {
    let state = step.initial();
    for (const symbol of sequenceAt(contexts, row)) state = step.step(state, symbol);
    inputs.set(state.hidden, row * size);
    inputs.set(features.subarray(row * featureCount, (row + 1) * featureCount), row * size + weights.units);
  }
  return inputs;
}

/** True and false ones are dealt out evenly. */
function stratified(labels: readonly number[], seed: number): number[] {
  const random = seededRandom(seed);
  const order = labels.map((label, at) => ({label, at, by: random()}));
  order.sort((a, b) => a.label - b.label || a.by - b.by);
  const foldOf = new Array<number>(labels.length).fill(0);
  order.forEach(({at}, number) => {
    foldOf[at] = number % folds;
  });
  return foldOf;
}

interface Layer {
  readonly weights: Float32Array;
  readonly bias: number;
}

/** True and false weigh the same in all, however many of each there are. */
function learnLayer({inputs, labels, size}: Rows, isUsed: (at: number) => boolean, seed: number): Layer {
  const used = labels.map((_, at) => at).filter(isUsed);
  const dense = layers.layers.dense({
    units: 1,
    activation: 'sigmoid',
    inputShape: [size],
    kernelInitializer: layers.initializers.glorotUniform({seed}),
  });
  const model = layers.sequential({layers: [dense]});
  const truths = used.filter(at => labels[at] === 1).length;
  const each = used.map(at => (labels[at] === 1 ? used.length / truths : used.length / (used.length - truths)) / 2);
  const x = tf.tensor2d(
    used.flatMap(at => [...inputs.subarray(at * size, (at + 1) * size)]),
    [used.length, size],
  );
  const y = tf.tensor2d(
    used.map(at => labels[at] ?? 0),
    [used.length, 1],
  );
  const w = tf.tensor2d(each, [used.length, 1]);
  const optimizer = tf.train.adam(rate);
  for (let round = 0; round < rounds; round++) {
    optimizer.minimize(() => loss(model, x, y, w));
  }
  const [kernel, bias] = dense.getWeights().map(weight => Float32Array.from(weight.dataSync()));
  for (const tensor of [x, y, w]) tensor.dispose();
  model.dispose();
  optimizer.dispose();
  return {weights: kernel ?? new Float32Array(size), bias: bias?.[0] ?? 0};
}

function loss(model: layers.Sequential, x: tf.Tensor2D, y: tf.Tensor2D, w: tf.Tensor2D): tf.Scalar {
  const given = model.apply(x, {training: true}) as tf.Tensor;
  const sure = tf.clipByValue(given, 1e-6, 1 - 1e-6);
  const nats = tf.add(tf.mul(y, tf.log(sure)), tf.mul(tf.sub(1, y), tf.log(tf.sub(1, sure))));
  const kernel = model.trainableWeights[0]?.read();
  const cost = tf.neg(tf.mean(tf.mul(nats, w)));
  return (kernel ? tf.add(cost, tf.mul(penalty, tf.sum(tf.square(kernel)))) : cost) as tf.Scalar;
}

function probability({weights, bias}: Layer, {inputs, size}: Rows, row: number): number {
  let sum = bias;
  for (let at = 0; at < size; at++) sum += (inputs[row * size + at] ?? 0) * (weights[at] ?? 0);
  return 1 / (1 + Math.exp(-sum));
}

function cutBelow(truths: readonly number[]): number {
  const least = Math.min(...truths);
  const odds = (least / Math.max(1e-9, 1 - least)) * margin;
  return Math.min(highestCut, odds / (1 + odds));
}
