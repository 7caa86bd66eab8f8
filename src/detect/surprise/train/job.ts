import type {LstmShape} from '../lstm/lstm-weights.ts';

/**
 * Distinct sequences of vocabulary places, each beginning with `beginEntry`, with how often each came and how many of
 * its first places are context only. Flat arrays, so that they cross to another process without a copy an item.
 */
export interface SequenceSet {
  readonly symbols: Uint16Array;
  /** Where each sequence begins in `symbols`, and one more for the end. */
  readonly offsets: Uint32Array;
  readonly counts: Uint32Array;
  /** The first place of each sequence that is to be predicted, 1 or more. */
  readonly firstTargets: Uint8Array;
}

/** What the training process is asked to do. Plain data: it crosses a process border. */
export interface TrainingJob {
  readonly shape: LstmShape;
  readonly train: SequenceSet;
  readonly heldOut: SequenceSet;
  readonly epochs: number;
  /** Epochs without a better held-out loss after which training ends. */
  readonly patience: number;
  /** Training ends after this long with the best so far. */
  readonly maxSeconds: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly seed: number;
  /** Share of held-out events that may exceed the threshold. */
  readonly risk: number;
  readonly backend: 'auto' | 'wasm' | 'node';
}

/** Where training stands, after each epoch. Losses are nats an event. */
export interface TrainingProgress {
  readonly epoch: number;
  readonly epochs: number;
  readonly trainLoss: number;
  readonly heldOutLoss: number;
  readonly bestLoss: number;
  readonly secondsLeft: number;
  readonly part: number;
}

export interface TrainingOutcome {
  /** As `flattenWeights` orders them. */
  readonly weights: Float32Array;
  readonly epochs: number;
  readonly trainLoss: number;
  readonly heldOutLoss: number;
  readonly threshold: number;
  readonly rank: number;
  readonly falseAlarmRate: number;
  readonly mix: number;
  readonly seconds: number;
  readonly backend: string;
  readonly stoppedBy: 'epochs' | 'no gain' | 'time' | 'user';
}

export type ToTrainer = {readonly type: 'train'; readonly job: TrainingJob} | {readonly type: 'stop'};

export type FromTrainer =
  | {readonly type: 'progress'; readonly progress: TrainingProgress}
  | {readonly type: 'done'; readonly outcome: TrainingOutcome}
  | {readonly type: 'failed'; readonly reason: string};

/** How many sequences a set holds. */
export function sequenceCount(set: SequenceSet): number {
  return set.counts.length;
}

/** One sequence of a set. */
export function sequenceAt(set: SequenceSet, index: number): Uint16Array {
  return set.symbols.subarray(set.offsets[index] ?? 0, set.offsets[index + 1] ?? 0);
}
