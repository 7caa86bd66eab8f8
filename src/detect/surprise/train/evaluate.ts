import {ContextMemo} from '../lstm/context-memo.ts';
import {LstmStep} from '../lstm/lstm-step.ts';
import type {LstmWeights} from '../lstm/lstm-weights.ts';
import {Ngram} from '../ngram.ts';
import {type SequenceSet, sequenceAt, sequenceCount} from './job.ts';

/** What held-out history says of a trained network. */
export interface Evaluation {
  /** Nats an event. */
  readonly loss: number;
  readonly threshold: number;
  readonly rank: number;
  readonly falseAlarmRate: number;
  readonly mix: number;
}

interface Scored {
  /** Probability by the network and by the n-gram. */
  readonly network: number;
  readonly ngram: number;
  /** How many symbols were thought likelier. */
  readonly rank: number;
  readonly weight: number;
}

/** Rank from which a symbol can be unexpected: the places before are "one of the usual few". */
const unexpectedRank = 5;
/** Never unexpected below this, however regular the history was: p = 1.8 %. */
const leastThreshold = 4;
const epochEvents = 10_000;
const finalEvents = 60_000;

/** The network's mean surprise over (some of) a set, in nats an event. */
export function meanLoss(weights: LstmWeights, set: SequenceSet): number {
  let sum = 0;
  let total = 0;
  for (const {network, weight} of score(weights, set, undefined, epochEvents)) {
    sum -= Math.log(network) * weight;
    total += weight;
  }
  return total === 0 ? Number.NaN : sum / total;
}

/**
 * Chooses the threshold and the mixture with an n-gram on every second held-out sequence, and measures the false-alarm
 * rate on the others.
 */
export function evaluate(weights: LstmWeights, train: SequenceSet, heldOut: SequenceSet, risk: number): Evaluation {
  const ngram = learnNgram(train);
  const chosen: Scored[] = [];
  const measured: Scored[] = [];
  const all = score(weights, heldOut, ngram, finalEvents);
  for (const scored of all) (scored.sequence % 2 === 0 ? chosen : measured).push(scored);
  const threshold = Math.max(leastThreshold, quantile(chosen, 1 - risk));
  const alarms = measured.filter(({network, rank}) => -Math.log(network) > threshold && rank >= unexpectedRank);
  return {
    loss: mixtureLoss(all, 1),
    threshold,
    rank: unexpectedRank,
    falseAlarmRate: weightOf(alarms) / Math.max(1, weightOf(measured)),
    mix: bestMix(chosen),
  };
}

function learnNgram(set: SequenceSet): Ngram {
  const ngram = new Ngram();
  for (let index = 0; index < sequenceCount(set); index++) {
    walk(set, index, (context, length, symbol) => ngram.learn(0, context, length, symbol, set.counts[index]));
  }
  return ngram;
}

function score(weights: LstmWeights, set: SequenceSet, ngram: Ngram | undefined, events: number) {
  const memo = new ContextMemo(new LstmStep(weights));
  const scored: (Scored & {sequence: number})[] = [];
  const stride = Math.max(1, Math.ceil(set.symbols.length / events));
  for (let sequence = 0; sequence < sequenceCount(set); sequence += stride) {
    const weight = set.counts[sequence] ?? 1;
    let context = memo.begin(sequenceAt(set, sequence)[0] ?? 0);
    let at = 1;
    walk(set, sequence, (symbols, length, symbol) => {
      const {state} = context;
      const network = Math.max(state.probabilityOf(symbol), 1e-9);
      if (at >= (set.firstTargets[sequence] ?? 1)) {
        const other = ngram ? Math.exp(-ngram.surprise(0, symbols, length, symbol)) : network;
        scored.push({network, ngram: other, rank: state.rankOf(symbol), weight, sequence: sequence / stride});
      }
      context = memo.after(context, symbol);
      at += 1;
    });
  }
  return scored;
}

/** Calls with the context (newest first) of each place after the first. */
function walk(
  set: SequenceSet,
  index: number,
  visit: (context: readonly number[], length: number, symbol: number) => void,
): void {
  const sequence = sequenceAt(set, index);
  const context: number[] = [];
  sequence.forEach((symbol, at) => {
    if (at > 0) visit(context, context.length, symbol);
    context.unshift(symbol);
    if (context.length > 8) context.pop();
  });
}

function quantile(scored: readonly Scored[], part: number): number {
  const sorted = [...scored].sort((a, b) => b.network - a.network);
  const wanted = weightOf(scored) * part;
  let sum = 0;
  for (const {network, weight} of sorted) {
    sum += weight;
    if (sum >= wanted) return -Math.log(network);
  }
  return 0;
}

function bestMix(scored: readonly Scored[]): number {
  const mixes = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
  const losses = mixes.map(mix => mixtureLoss(scored, mix));
  return mixes[losses.indexOf(Math.min(...losses))] ?? 0.5;
}

function mixtureLoss(scored: readonly Scored[], mix: number): number {
  let sum = 0;
  for (const {network, ngram, weight} of scored) sum -= Math.log(mix * network + (1 - mix) * ngram) * weight;
  return sum / Math.max(1, weightOf(scored));
}

function weightOf(scored: readonly Scored[]): number {
  return scored.reduce((sum, {weight}) => sum + weight, 0);
}
