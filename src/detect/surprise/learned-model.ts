import type {LstmWeights} from './lstm/lstm-weights.ts';
import type {SymbolName} from './symbols.ts';
import type {VerdictHead} from './verdict-head.ts';

/** Places of a model's vocabulary that no event has; symbols follow from `firstEntry`. */
export const unknownEntry = 0;
export const beginEntry = 1;
export const endEntry = 2;
export const firstEntry = 3;

/** The `code` of the vocabulary's names that stand for the begin of a session of their provider. */
export const beginCode = -1;

/** What training found out, kept with the weights. */
export interface ModelFacts {
  /** ISO time. */
  readonly trainedAt: string;
  /** ISO time of the last training that could have replaced it: its own, or one that made no better model. */
  readonly checkedAt: string;
  /** Time of the newest event learned from, µs. */
  readonly newest: number;
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
  /** The model's weight in the mixture with the n-gram, 0–1: of providers that have none of their own. */
  readonly mix: number;
}

/** What was chosen for one provider on its own held-out history. */
export interface ProviderFacts {
  readonly provider: string;
  readonly threshold: number;
  readonly mix: number;
}

/** A trained network with the words it knows and what is known of it. */
export interface LearnedModel {
  readonly facts: ModelFacts;
  readonly providers: readonly ProviderFacts[];
  /** Symbols by their place, from `firstEntry`. */
  readonly vocabulary: readonly SymbolName[];
  readonly weights: LstmWeights;
  /** What analysts' verdicts taught, once there were enough of them. */
  readonly head?: VerdictHead;
}
