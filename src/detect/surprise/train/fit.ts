import {unflattenWeights} from '../lstm/lstm-weights.ts';
import {Narrowing} from '../narrowing.ts';
import {Adam} from './adam.ts';
import {BackPropagation} from './back-propagation.ts';
import {chunksOf, planBatches, Weighing} from './batches.ts';
import type {Checkpoint} from './checkpoint.ts';
import {meanLoss} from './evaluate.ts';
import type {TrainingJob, TrainingOutcome, TrainingProgress} from './job.ts';
import {noveltyOf} from './novelty.ts';
import {freshParameters, parametersOf} from './parameters.ts';

export interface Fitted {
  /** As `flattenWeights` orders them. */
  readonly weights: Float32Array;
  readonly epochs: number;
  readonly trainLoss: number;
  readonly heldOutLoss: number;
  readonly stoppedBy: TrainingOutcome['stoppedBy'];
}

/** What the loop asks for while it runs; injected, so that it holds no clock of its own. */
export interface FitControl {
  /** Seconds. */
  now(): number;
  stopped(): boolean;
  progress(progress: TrainingProgress): void;
  /** Lets messages in between two batches. */
  pause(): Promise<void>;
  /** Keeps where training stands: after each epoch, every while within one, and when it is stopped. */
  keep(checkpoint: Checkpoint): void;
}

const keepEverySeconds = 20;
/** A gain in nats below this is none. */
const leastGain = 0.002;
/** The rate is lowered to this part of itself after each epoch without a gain. */
const slower = 0.3;

/**
 * Trains until the held-out loss no longer falls, the epochs or the time are used up, or it is stopped; keeps the epoch
 * of the least held-out loss. Goes on from a checkpoint as if it had not been interrupted. Undefined where it was
 * stopped before one epoch was done.
 */
export async function fitNetwork(
  job: TrainingJob,
  control: FitControl,
  from?: Checkpoint,
): Promise<Fitted | undefined> {
  const fit = new Fit(job, control, from);
  while (fit.wantsMore) await fit.epoch();
  return fit.result();
}

class Fit {
  private readonly job: TrainingJob;
  private readonly control: FitControl;
  private readonly narrowing: Narrowing;
  private readonly network: BackPropagation;
  private readonly parameters;
  private readonly adam: Adam;
  private readonly weighing: Weighing;
  private readonly began: number;
  private keptAt: number;
  private state: Checkpoint;
  private ended: TrainingOutcome['stoppedBy'] | undefined;

  constructor(job: TrainingJob, control: FitControl, from?: Checkpoint) {
    this.job = job;
    this.control = control;
    this.narrowing = narrowingOf(job);
    this.parameters = from ? parametersOf(job.shape, from.weights.slice()) : freshParameters(job.shape, job.seed);
    const {flat} = this.parameters;
    this.network = new BackPropagation(this.parameters, this.narrowing, noveltyOf(job.train, job.providers));
    this.adam = new Adam(flat.length, from && {means: from.means, squares: from.squares, steps: from.steps});
    this.weighing = new Weighing(job.train, job.batch);
    this.state = from ?? blank(job, flat, this.adam);
    this.began = control.now() - this.state.seconds;
    this.keptAt = control.now();
  }

  get wantsMore(): boolean {
    const {epoch, idle} = this.state;
    if (this.ended === undefined && epoch > 1 && idle >= this.job.patience) this.ended = 'no gain';
    if (this.ended === undefined && epoch > this.job.epochs) this.ended = 'epochs';
    return this.ended === undefined;
  }

  async epoch(): Promise<void> {
    const {job, state} = this;
    const plans = planBatches(job.train, job.batch, job.seed, state.epoch);
    let {lossSum, weightSum} = state;
    for (let batch = state.batch; batch < plans.length; batch++) {
      if (this.outOfTime()) {
        this.note({batch, lossSum, weightSum});
        this.control.keep(this.state);
        return;
      }
      if (this.control.now() - this.keptAt > keepEverySeconds) {
        this.note({batch, lossSum, weightSum});
        this.save();
      }
      const learned = this.learn(plans[batch] ?? []);
      lossSum += learned.loss;
      weightSum += learned.weight;
      await this.control.pause();
    }
    this.judge(weightSum > 0 ? lossSum / weightSum : 0);
  }

  /** The best epoch; what there is where time was up within the first; nothing where the user stopped it there. */
  result(): Fitted | undefined {
    const {best, bestEpoch, bestTrainLoss, bestLoss} = this.state;
    const stoppedBy = this.ended ?? 'epochs';
    if (best) return {weights: best, epochs: bestEpoch, trainLoss: bestTrainLoss, heldOutLoss: bestLoss, stoppedBy};
    if (stoppedBy === 'user') return undefined;
    const heldOutLoss = this.heldOutLoss();
    return {weights: this.parameters.flat, epochs: 0, trainLoss: heldOutLoss, heldOutLoss, stoppedBy};
  }

  private outOfTime(): boolean {
    if (this.control.stopped()) this.ended = 'user';
    else if (this.control.now() - this.began > this.job.maxSeconds) this.ended = 'time';
    return this.ended !== undefined;
  }

  private learn(plan: readonly number[]): {loss: number; weight: number} {
    const state = this.network.blank(plan.length);
    const sum = {loss: 0, weight: 0};
    for (const chunk of chunksOf(this.job.train, plan, this.weighing)) {
      sum.loss += this.network.run(chunk, state);
      for (const weight of chunk.weights) sum.weight += weight;
      this.adam.update(this.parameters.flat, this.network.gradient.flat, this.state.rate);
    }
    return sum;
  }

  private judge(trainLoss: number): void {
    const {job, state, control} = this;
    const heldOutLoss = this.heldOutLoss();
    const better = !state.best || heldOutLoss < state.bestLoss;
    const gain = !state.best || state.bestLoss - heldOutLoss > leastGain;
    const best = better
      ? {best: this.parameters.flat.slice(), bestEpoch: state.epoch, bestLoss: heldOutLoss, bestTrainLoss: trainLoss}
      : {};
    this.note({
      ...best,
      epoch: state.epoch + 1,
      batch: 0,
      lossSum: 0,
      weightSum: 0,
      idle: gain ? 0 : state.idle + 1,
      rate: gain ? state.rate : state.rate * slower,
    });
    this.save();
    control.progress(progressOf(job, state.epoch, trainLoss, heldOutLoss, this.state));
  }

  private heldOutLoss(): number {
    const weights = unflattenWeights(this.job.shape, this.parameters.flat);
    return meanLoss(weights, this.job.heldOut, this.narrowing);
  }

  private note(changes: Partial<Checkpoint>): void {
    const seconds = this.control.now() - this.began;
    this.state = {...this.state, ...changes, seconds, weights: this.parameters.flat, steps: this.adam.steps};
  }

  private save(): void {
    this.control.keep(this.state);
    this.keptAt = this.control.now();
  }
}

/** How a job's expectations are narrowed. */
export function narrowingOf({shape, providers, begins}: TrainingJob): Narrowing {
  return new Narrowing(shape.vocabulary, providers, new Set(begins));
}

function blank(job: TrainingJob, weights: Float32Array, {means, squares}: Adam): Checkpoint {
  return {
    epoch: 1,
    batch: 0,
    lossSum: 0,
    weightSum: 0,
    idle: 0,
    rate: job.learningRate,
    seconds: 0,
    steps: 0,
    bestEpoch: 0,
    bestLoss: 0,
    bestTrainLoss: 0,
    weights,
    means,
    squares,
    best: undefined,
  };
}

function progressOf(
  job: TrainingJob,
  epoch: number,
  trainLoss: number,
  heldOutLoss: number,
  {seconds, bestLoss}: Checkpoint,
): TrainingProgress {
  const part = Math.max(epoch / job.epochs, seconds / job.maxSeconds);
  const secondsLeft = Math.max(0, Math.min((seconds / epoch) * (job.epochs - epoch), job.maxSeconds - seconds));
  return {epoch, epochs: job.epochs, trainLoss, heldOutLoss, bestLoss, secondsLeft, part: Math.min(1, part)};
}
