import type {LstmShape} from '../lstm/lstm-weights.ts';

/**
 * Distinct sequences of vocabulary places, each beginning with `beginEntry` or its provider's begin, with how often each
 * came and how many of its first places are context only. Flat arrays, so that they cross to another process without a
 * copy an item.
 */
export interface SequenceSet {
  readonly symbols: Uint16Array;
  /** Where each sequence begins in `symbols`, and one more for the end. */
  readonly offsets: Uint32Array;
  readonly counts: Uint32Array;
  /** The first place of each sequence that is to be predicted, 1 or more. */
  readonly firstTargets: Uint8Array;
  /**
   * What stood at each place before the vocabulary made much of it `unknown`: for the n-gram, and for models with other
   * vocabularies. Where absent the places themselves.
   */
  readonly raw?: Uint32Array;
}

/** Another model, to be judged on the same held-out sequences. */
export interface Rival {
  readonly shape: LstmShape;
  readonly weights: Float32Array;
  readonly providers: Uint16Array;
  readonly begins: Uint16Array;
  /** The held-out set's places in the rival's vocabulary. */
  readonly heldOut: Uint16Array;
}

/** Closed alerts: what came before each in its session, what the alert itself says, and what the analyst said. */
export interface VerdictSet {
  readonly contexts: SequenceSet;
  /** Flat: `verdictFeatures` an alert. */
  readonly features: Float32Array;
  /** 1 true, 0 false or benign. */
  readonly labels: Uint8Array;
}

/** Where training keeps what it needs to go on after an interruption. */
export interface CheckpointPlace {
  readonly path: string;
  /** Ignore what is there. */
  readonly fresh: boolean;
  /** Kept with it for whoever goes on: where the history came from, and the time of its newest event, µs. */
  readonly origin: string;
  readonly newest: number;
}

/** What the training process is asked to do. Plain data: it crosses a process border. */
export interface TrainingJob {
  readonly shape: LstmShape;
  readonly train: SequenceSet;
  readonly heldOut: SequenceSet;
  /** The provider of each place, see `providerNumbers`; where absent any symbol can follow any. */
  readonly providers?: Uint16Array;
  /** Places that begin sessions and never come within one. */
  readonly begins?: Uint16Array;
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
  readonly checkpoint?: CheckpointPlace;
  readonly rival?: Rival;
  readonly verdicts?: VerdictSet;
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

/** A model's worth on held-out history that was not used to choose anything. */
export interface Worth {
  /** Of network and n-gram mixed, nats an event. */
  readonly nats: number;
  /** Of the network alone; in the second, what the vocabulary lacks counts as one symbol. */
  readonly aloneNats: number;
  readonly placeNats: number;
  /** Share of events over the limit that the asked risk gave on the other half. */
  readonly alertRate: number;
}

/** Chosen for one provider (by its number) where its held-out history says enough. */
export interface ProviderChoice {
  readonly provider: number;
  readonly threshold: number;
  readonly mix: number;
}

/** A dense sigmoid layer, and how it did in cross-validation. */
export interface TrainedHead {
  readonly weights: Float32Array;
  readonly bias: number;
  readonly cut: number;
  readonly alerts: number;
  readonly truths: number;
  /** Closed false ones that it would have held back, in cross-validation. */
  readonly held: number;
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
  readonly choices: readonly ProviderChoice[];
  readonly worth: Worth;
  readonly rival?: Worth;
  readonly head?: TrainedHead;
  readonly seconds: number;
  readonly backend: string;
  readonly stoppedBy: 'epochs' | 'no gain' | 'time' | 'user';
}

export type ToTrainer =
  | {readonly type: 'train'; readonly job: TrainingJob}
  /** `leave`: keep the checkpoint only, without a look at what there is so far. */
  | {readonly type: 'stop'; readonly leave: boolean};

export type FromTrainer =
  | {readonly type: 'progress'; readonly progress: TrainingProgress}
  | {readonly type: 'note'; readonly text: string}
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
