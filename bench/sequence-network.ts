import {beginEntry} from '../src/detect/surprise/learned-model.ts';
import {ContextMemo} from '../src/detect/surprise/lstm/context-memo.ts';
import {LstmStep} from '../src/detect/surprise/lstm/lstm-step.ts';
import {unflattenWeights} from '../src/detect/surprise/lstm/lstm-weights.ts';
import {openBackend} from '../src/detect/surprise/train/backend.ts';
import {packSequences} from '../src/detect/surprise/train/corpus.ts';
import {fitNetwork} from '../src/detect/surprise/train/fit.ts';
import type {SequenceSet} from '../src/detect/surprise/train/job.ts';
import {type Counted, framed} from './sequence-encoding.ts';
import {windowsOf} from './sequence-windows.ts';

/** A trained network's surprise at every symbol of a session and then at its end, nats; NaN where it did not look. */
export type NetworkNats = (symbols: Int32Array) => Float64Array;

export interface NetworkPlan {
  readonly vocabulary: number;
  readonly units: number;
  readonly epochs: number;
  /** Of processor time, so that another load on the machine changes nothing. */
  readonly maxSeconds: number;
  readonly seed: number;
}

export interface TrainedNetwork {
  readonly nats: NetworkNats;
  readonly epochs: number;
}

const embedding = 32;
const learningRate = 0.01;
const patience = 3;
/** One different session in ten says when to stop. */
const heldOutEvery = 10;
const leastProbability = 1e-9;
/** Windows of one session that are looked at: what a very long one costs is bounded. */
const mostWindows = 8;
const memoCapacity = 16_384;
/** Opened once in a process, whatever number of networks it trains. */
let backend: Promise<string> | undefined;

/** Trains on different sessions weighted by their number, in this process. The same result for the same seed, unless time runs out. */
export async function trainNetwork(sessions: readonly Counted[], plan: NetworkPlan): Promise<TrainedNetwork> {
  backend ??= openBackend('wasm');
  await backend;
  const heldOut = sessions.filter((_, index) => index % heldOutEvery === 0);
  const learned = sessions.filter((_, index) => index % heldOutEvery !== 0);
  const train = sequenceSet(learned);
  const job = {
    shape: {vocabulary: plan.vocabulary, embedding, units: plan.units},
    train,
    heldOut: sequenceSet(heldOut),
    epochs: plan.epochs,
    patience,
    maxSeconds: plan.maxSeconds,
    batch: Math.min(32, Math.max(8, Math.ceil(train.counts.length / 20))),
    learningRate,
    seed: plan.seed,
    risk: 1e-3,
    backend: 'wasm',
  } as const;
  const fitted = await fitNetwork(job, {
    now: processorSeconds,
    stopped: () => false,
    progress: () => undefined,
    pause: () => new Promise(resolve => setImmediate(resolve)),
    keep: () => undefined,
  });
  if (!fitted) throw new Error('Training gave no network.');
  const memo = new ContextMemo(new LstmStep(unflattenWeights(job.shape, fitted.weights)), memoCapacity);
  // Folds ask about the same sessions again.
  const answers = new WeakMap<Int32Array, Float64Array>();
  const nats = (symbols: Int32Array): Float64Array => {
    const known = answers.get(symbols);
    if (known) return known;
    const answer = networkNats(memo, symbols);
    answers.set(symbols, answer);
    return answer;
  };
  return {
    nats,
    epochs: fitted.epochs,
  };
}

/** All windows of the sessions, equal ones once. */
function sequenceSet(sessions: readonly Counted[]): SequenceSet {
  const merged = new Map<string, {entries: number[]; firstTarget: number; count: number}>();
  for (const {symbols, times} of sessions) {
    const all = framed(symbols);
    for (const {begin, firstTarget, end} of windowsOf(all.length, Number.POSITIVE_INFINITY)) {
      const entries = [...all.subarray(begin, end)];
      if (begin > 0) entries.unshift(beginEntry);
      const shift = begin > 0 ? 1 : 0;
      const key = `${firstTarget} ${entries.join(' ')}`;
      const known = merged.get(key);
      if (known) known.count += times;
      else merged.set(key, {entries, firstTarget: firstTarget - begin + shift, count: times});
    }
  }
  return packSequences([...merged.values()]);
}

function networkNats(memo: ContextMemo, symbols: Int32Array): Float64Array {
  const all = framed(symbols);
  const nats = new Float64Array(all.length - 1).fill(Number.NaN);
  for (const {begin, firstTarget, end} of windowsOf(all.length, mostWindows)) {
    let context = memo.begin(beginEntry);
    for (let at = begin === 0 ? 1 : begin; at < end; at++) {
      const symbol = all[at] ?? 0;
      const probability = context.state.probabilityOf(symbol);
      if (at >= firstTarget) nats[at - 1] = -Math.log(Math.max(probability, leastProbability));
      if (at + 1 < end) context = memo.after(context, symbol);
    }
  }
  return nats;
}

function processorSeconds(): number {
  const {user, system} = process.cpuUsage();
  return (user + system) / 1e6;
}
