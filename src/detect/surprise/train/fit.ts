import * as tf from '@tensorflow/tfjs-core';
import type {LstmWeights} from '../lstm/lstm-weights.ts';
import {seededRandom} from '../seeded-random.ts';
import {type Batch, makeBatches} from './batches.ts';
import {meanLoss} from './evaluate.ts';
import type {TrainingJob, TrainingOutcome, TrainingProgress} from './job.ts';
import {buildNetwork, type Network, readWeights} from './network.ts';

export interface Fitted {
  readonly weights: LstmWeights;
  readonly epochs: number;
  readonly trainLoss: number;
  readonly heldOutLoss: number;
  readonly stoppedBy: TrainingOutcome['stoppedBy'];
}

/** What the loop asks for while it runs; injected, so that it holds no clock of its own. */
export interface FitControl {
  now(): number;
  stopped(): boolean;
  progress(progress: TrainingProgress): void;
  /** Lets messages in between two batches. */
  pause(): Promise<void>;
}

/**
 * Trains until the held-out loss no longer falls, the epochs or the time are used up, or it is stopped; keeps the epoch
 * of the least held-out loss. Undefined where it was stopped before one epoch was done.
 */
export async function fitNetwork(job: TrainingJob, control: FitControl): Promise<Fitted | undefined> {
  const network = buildNetwork(job.shape, job.seed);
  const optimizer = tf.train.adam(job.learningRate);
  const batches = makeBatches(job.train, job.batch);
  const random = seededRandom(job.seed);
  const began = control.now();
  let best: Fitted | undefined;
  let idle = 0;
  for (let epoch = 1; epoch <= job.epochs; epoch++) {
    const trainLoss = await trainEpoch(network, optimizer, shuffled(batches, random), job, control, began);
    if (trainLoss === undefined && best) return {...best, stoppedBy: reason(control)};
    const weights = readWeights(network);
    const heldOutLoss = meanLoss(weights, job.heldOut);
    if (trainLoss === undefined) {
      // Out of time within the first epoch: what there is, is still the best so far. Stopped by the user: nothing is.
      if (control.stopped()) return undefined;
      return {weights, epochs: 0, trainLoss: heldOutLoss, heldOutLoss, stoppedBy: 'time'};
    }
    const better = !best || heldOutLoss < best.heldOutLoss;
    idle = better && (!best || best.heldOutLoss - heldOutLoss > 0.002) ? 0 : idle + 1;
    if (better) best = {weights, epochs: epoch, trainLoss, heldOutLoss, stoppedBy: 'epochs'};
    const spent = control.now() - began;
    control.progress(report(job, epoch, trainLoss, heldOutLoss, best?.heldOutLoss ?? heldOutLoss, spent));
    if (idle >= job.patience) return best && {...best, stoppedBy: 'no gain'};
  }
  return best;
}

function reason(control: FitControl): TrainingOutcome['stoppedBy'] {
  return control.stopped() ? 'user' : 'time';
}

/** The epoch's mean loss; undefined where it was cut short. */
async function trainEpoch(
  network: Network,
  optimizer: tf.Optimizer,
  batches: readonly Batch[],
  job: TrainingJob,
  control: FitControl,
  began: number,
): Promise<number | undefined> {
  let sum = 0;
  for (const batch of batches) {
    if (control.stopped() || control.now() - began > job.maxSeconds) return undefined;
    sum += trainBatch(network, optimizer, batch);
    await control.pause();
  }
  return sum / Math.max(1, batches.length);
}

function trainBatch(network: Network, optimizer: tf.Optimizer, batch: Batch): number {
  const cost = optimizer.minimize(() => batchLoss(network, batch), true);
  const value = cost?.dataSync()[0] ?? Number.NaN;
  cost?.dispose();
  return value;
}

/** Σ weight · (log Σ exp(logits) − logit of the target): without gather, whose gradient WebAssembly lacks. */
function batchLoss(network: Network, batch: Batch): tf.Scalar {
  const {rows, columns} = batch;
  const {vocabulary} = network.shape;
  const inputs = oneHot(tf.tensor2d(batch.inputs, [rows, columns], 'int32'), vocabulary);
  const targets = oneHot(tf.tensor1d(batch.targets, 'int32'), vocabulary);
  const output = network.logits.apply(inputs, {training: true});
  if (Array.isArray(output) || !(output instanceof tf.Tensor)) throw new Error('The network gave no single tensor.');
  const logits = tf.reshape(output, [rows * columns, vocabulary]);
  const most = tf.max(logits, 1, true);
  const total = tf.add(most, tf.log(tf.sum(tf.exp(tf.sub(logits, most)), 1, true)));
  const chosen = tf.sum(tf.mul(logits, targets), 1);
  const nats = tf.sub(tf.reshape(total, [rows * columns]), chosen);
  return tf.sum(tf.mul(nats, tf.tensor1d(batch.weights)));
}

/** WebAssembly writes integers whatever type is asked for, so the type is changed afterwards. */
function oneHot(indexes: tf.Tensor, depth: number): tf.Tensor {
  return tf.cast(tf.oneHot(indexes, depth), 'float32');
}

function report(
  job: TrainingJob,
  epoch: number,
  trainLoss: number,
  heldOutLoss: number,
  bestLoss: number,
  spent: number,
): TrainingProgress {
  const part = Math.max(epoch / job.epochs, spent / job.maxSeconds);
  const secondsLeft = Math.max(0, Math.min((spent / epoch) * (job.epochs - epoch), job.maxSeconds - spent));
  return {epoch, epochs: job.epochs, trainLoss, heldOutLoss, bestLoss, secondsLeft, part: Math.min(1, part)};
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const mixed = [...items];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    const kept = mixed[at] as Item;
    mixed[at] = mixed[other] as Item;
    mixed[other] = kept;
  }
  return mixed;
}
