import {endEntry} from '../learned-model.ts';
import {ContextMemo} from '../lstm/context-memo.ts';
import type {LstmState} from '../lstm/lstm-state.ts';
import {LstmStep} from '../lstm/lstm-step.ts';
import type {LstmWeights} from '../lstm/lstm-weights.ts';
import {type Narrowing, rankNeeded} from '../narrowing.ts';
import {Ngram} from '../ngram.ts';
import {type ProviderChoice, type SequenceSet, sequenceAt, sequenceCount, type Worth} from './job.ts';

/** What was chosen on one half of held-out history, and what a network is worth on the other. */
export interface Evaluation {
  readonly threshold: number;
  readonly rank: number;
  readonly falseAlarmRate: number;
  readonly mix: number;
  readonly choices: readonly ProviderChoice[];
  readonly worth: Worth;
}

interface Scored {
  /** Of the sequence: halves are told apart by it. */
  readonly sequence: number;
  readonly provider: number;
  /** Probability by the network, of the place and of the symbol itself where the place stands for many. */
  readonly place: number;
  readonly network: number;
  readonly ngram: number;
  /** Among the less likely of what can follow. */
  readonly far: boolean;
  readonly weight: number;
}

/** Rank from which a symbol can be unexpected: the places before are "one of the usual few". */
const unexpectedRank = 5;
/** Never unexpected below this, however regular the history was: p = 1.8 %. */
const leastThreshold = 4;
const epochEvents = 10_000;
const finalEvents = 40_000;
/** How many events' worth of the whole history's opinion a provider's own must outweigh. */
const priorEvents = 100;
const order = 4;

/** The network's mean surprise over (some of) a set, in nats an event. */
export function meanLoss(weights: LstmWeights, set: SequenceSet, narrowing: Narrowing): number {
  let sum = 0;
  let total = 0;
  visit(weights, set, narrowing, epochEvents, ({state, among, entry, index}) => {
    const weight = set.counts[index] ?? 1;
    sum -= Math.log(Math.max(state.shareOf(entry, among), 1e-9)) * weight;
    total += weight;
  });
  return total === 0 ? Number.NaN : sum / total;
}

/**
 * Chooses thresholds and mixtures with an n-gram on every second held-out sequence, and measures worth and false alarms
 * on the others. The n-gram is asked as it would be live: it has learned the older history and learns on as it goes.
 */
export function evaluate(
  weights: LstmWeights,
  train: SequenceSet,
  heldOut: SequenceSet,
  narrowing: Narrowing,
  providers: Uint16Array | undefined,
  risk: number,
): Evaluation {
  const all = score(weights, train, heldOut, narrowing, providers);
  const chosen = all.filter(({sequence}) => sequence % 2 === 0);
  const measured = all.filter(({sequence}) => sequence % 2 === 1);
  const mix = bestMix(chosen, undefined);
  const threshold = Math.max(leastThreshold, quantile(chosen, 1 - risk, natsOfPlace));
  const choices = chooseEach(chosen, mix, threshold, risk);
  const of = new Map(choices.map(choice => [choice.provider, choice]));
  const alarms = measured.filter(
    scored => scored.far && natsOfPlace(scored) > (of.get(scored.provider)?.threshold ?? threshold),
  );
  const mixed = (scored: Scored): number => natsMixed(scored, of.get(scored.provider)?.mix ?? mix);
  const limit = quantile(chosen, 1 - risk, mixed);
  const worth = {
    nats: mean(measured, mixed),
    aloneNats: mean(measured, scored => natsMixed(scored, 1)),
    placeNats: mean(all, natsOfPlace),
    alertRate: part(measured, scored => mixed(scored) > limit),
  };
  const falseAlarmRate = weightOf(alarms) / Math.max(1, weightOf(measured));
  return {threshold, rank: unexpectedRank, falseAlarmRate, mix, choices, worth};
}

/** A provider's own choice where it has the events for one: pulled to the whole's by as much as a few events weigh. */
function chooseEach(chosen: readonly Scored[], mix: number, threshold: number, risk: number): ProviderChoice[] {
  const groups = new Map<number, Scored[]>();
  for (const scored of chosen) {
    const group = groups.get(scored.provider) ?? [];
    group.push(scored);
    groups.set(scored.provider, group);
  }
  return [...groups]
    .filter(([provider, group]) => provider > 0 && weightOf(group) >= priorEvents)
    .map(([provider, group]) => ({
      provider,
      mix: bestMix(group, mix),
      threshold:
        weightOf(group) * risk < 1 ? threshold : Math.max(leastThreshold, quantile(group, 1 - risk, natsOfPlace)),
    }));
}

function score(
  weights: LstmWeights,
  train: SequenceSet,
  heldOut: SequenceSet,
  narrowing: Narrowing,
  providers: Uint16Array | undefined,
): Scored[] {
  const ngram = new Ngram({order});
  for (let index = 0; index < sequenceCount(train); index++) {
    learnSequence(ngram, train, index, streamOf(train, index, providers), train.counts[index] ?? 1);
  }
  const scored: Scored[] = [];
  let pending: {readonly index: number; readonly from: number} | undefined;
  const settle = (): void => {
    if (!pending) return;
    const {index, from} = pending;
    const count = heldOut.counts[index] ?? 1;
    const stream = streamOf(heldOut, index, providers);
    learnSequence(ngram, heldOut, index, stream, 1);
    if (count > 1) again(ngram, heldOut, index, stream, scored, from, count - 1);
  };
  visit(weights, heldOut, narrowing, finalEvents, ({state, among, entry, index, at, number}) => {
    if (pending?.index !== index) {
      settle();
      pending = {index, from: scored.length};
    }
    const stream = streamOf(heldOut, index, providers);
    const own = probabilityBy(ngram, stream, heldOut, index, at);
    const place = Math.max(state.shareOf(entry, among), 1e-9);
    // What the vocabulary does not hold shares the place of the unknown, as the n-gram would share it out.
    const network = entry === 0 ? place * own : place;
    const far = state.rankOf(entry, among) >= rankNeeded(unexpectedRank, among);
    scored.push({sequence: number, provider: stream, place, network, ngram: own, far, weight: 1});
  });
  settle();
  return scored;
}

/** The further times that an equal sequence came, when the n-gram had seen it once. */
function again(
  ngram: Ngram,
  set: SequenceSet,
  index: number,
  stream: number,
  scored: Scored[],
  from: number,
  times: number,
): void {
  const first = scored.slice(from);
  const start = set.firstTargets[index] ?? 1;
  first.forEach((one, offset) => {
    const own = probabilityBy(ngram, stream, set, index, start + offset);
    const network = one.network === one.place ? one.place : one.place * own;
    scored.push({...one, network, ngram: own, weight: times});
  });
  learnSequence(ngram, set, index, stream, times);
}

function learnSequence(ngram: Ngram, set: SequenceSet, index: number, stream: number, times: number): void {
  const raw = rawAt(set, index);
  for (let at = set.firstTargets[index] ?? 1; at < raw.length; at++) {
    ngram.learn(stream, contextBefore(raw, at), Math.min(at, order), raw[at] ?? 0, times);
  }
}

function probabilityBy(ngram: Ngram, stream: number, set: SequenceSet, index: number, at: number): number {
  const raw = rawAt(set, index);
  return Math.exp(-ngram.surprise(stream, contextBefore(raw, at), Math.min(at, order), raw[at] ?? 0));
}

/** Newest first. */
function contextBefore(raw: Uint16Array | Uint32Array, at: number): number[] {
  const context: number[] = [];
  for (let back = 1; back <= Math.min(at, order); back++) context.push(raw[at - back] ?? 0);
  return context;
}

function rawAt(set: SequenceSet, index: number): Uint16Array | Uint32Array {
  return (set.raw ?? set.symbols).subarray(set.offsets[index] ?? 0, set.offsets[index + 1] ?? 0);
}

function streamOf(set: SequenceSet, index: number, providers: Uint16Array | undefined): number {
  return providers?.[sequenceAt(set, index)[0] ?? 0] ?? 0;
}

interface Visited {
  readonly state: LstmState;
  readonly among: Int32Array;
  readonly entry: number;
  readonly index: number;
  readonly at: number;
  /** Of the sequence among those visited. */
  readonly number: number;
}

/** Walks (evenly chosen) sequences through the network, and tells of each place that is to be predicted. */
function visit(
  weights: LstmWeights,
  set: SequenceSet,
  narrowing: Narrowing,
  events: number,
  tell: (visited: Visited) => void,
): void {
  const memo = new ContextMemo(new LstmStep(weights));
  const stride = Math.max(1, Math.ceil(set.symbols.length / events));
  for (let index = 0, number = 0; index < sequenceCount(set); index += stride, number++) {
    const sequence = sequenceAt(set, index);
    const among = narrowing.after(sequence[0] ?? 0);
    const first = set.firstTargets[index] ?? 1;
    let context = memo.begin(sequence[0] ?? 0);
    for (let at = 1; at < sequence.length; at++) {
      const entry = sequence[at] ?? 0;
      if (at >= first) tell({state: context.state, among, entry, index, at, number});
      // Nothing is expected after the end.
      if (entry !== endEntry || at + 1 < sequence.length) context = memo.after(context, entry);
    }
  }
}

function natsOfPlace({place}: Scored): number {
  return -Math.log(place);
}

function natsMixed({network, ngram}: Scored, mix: number): number {
  return -Math.log(mix * network + (1 - mix) * ngram);
}

function quantile(scored: readonly Scored[], wantedPart: number, nats: (scored: Scored) => number): number {
  const sorted = scored.map(one => [nats(one), one.weight] as const).sort((a, b) => a[0] - b[0]);
  const wanted = weightOf(scored) * wantedPart;
  let sum = 0;
  for (const [value, weight] of sorted) {
    sum += weight;
    if (sum >= wanted) return value;
  }
  return 0;
}

const mixes = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** The mixture of the least surprise; with a prior, at it some more events of average surprise are thought to be. */
function bestMix(scored: readonly Scored[], prior: number | undefined): number {
  const cost = (mix: number): number => {
    const own = mean(scored, one => natsMixed(one, mix));
    return prior === undefined ? own : own * weightOf(scored) + priorEvents * Math.abs(mix - prior);
  };
  const costs = mixes.map(cost);
  return mixes[costs.indexOf(Math.min(...costs))] ?? 0.5;
}

function mean(scored: readonly Scored[], value: (scored: Scored) => number): number {
  return scored.reduce((sum, one) => sum + value(one) * one.weight, 0) / Math.max(1, weightOf(scored));
}

function part(scored: readonly Scored[], over: (scored: Scored) => boolean): number {
  return weightOf(scored.filter(over)) / Math.max(1, weightOf(scored));
}

function weightOf(scored: readonly Scored[]): number {
  return scored.reduce((sum, {weight}) => sum + weight, 0);
}
