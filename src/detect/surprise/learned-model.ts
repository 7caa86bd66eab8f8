import type {LstmWeights} from './lstm/lstm-weights.ts';
import type {SymbolName} from './symbols.ts';

/** Places of a model's vocabulary that no event has; symbols follow from `firstEntry`. */
export const unknownEntry = 0;
export const beginEntry = 1;
export const endEntry = 2;
export const firstEntry = 3;

/** Longest run of a session that the network is asked about at once; then it begins again with the newest few. */
export const windowLength = 32;
export const windowOverlap = 4;

/** What training found out, kept with the weights. */
export interface ModelFacts {
  /** ISO time. */
  readonly trainedAt: string;
  readonly events: number;
  readonly sequences: number;
  readonly distinct: number;
  readonly epochs: number;
  readonly trainLoss: number;
  readonly heldOutLoss: number;
  /** Share of held-out events, not used for choosing, that the model alone would have called unexpected. */
  readonly falseAlarmRate: number;
  /** Nats from which the model finds an event unexpected, and the rank it must at least have. */
  readonly threshold: number;
  readonly rank: number;
  /** The model's weight in the mixture with the n-gram, 0–1. */
  readonly mix: number;
}

/** A trained network with the words it knows and what is known of it. */
export interface LearnedModel {
  readonly facts: ModelFacts;
  /** Symbols by their place, from `firstEntry`. */
  readonly vocabulary: readonly SymbolName[];
  readonly weights: LstmWeights;
}
