import {seededRandom} from '../seeded-random.ts';
import {type SequenceSet, sequenceAt, sequenceCount} from './job.ts';

/** Longest run that a gradient flows through; a longer sequence goes on in the next chunk with its state carried. */
export const chunkLength = 32;

/**
 * A piece of a batch, step by step: at each step the symbols of those rows that still go on, which are the first ones,
 * since a batch's rows are ordered by length. So nothing is padded.
 */
export interface Chunk {
  /** Rows at each step; never more than at the step before. */
  readonly rows: Int32Array;
  /** What is given, what is to be predicted and how much that weighs (0: context only), step after step. */
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
  readonly weights: Float32Array;
  /** The first place of the sequence of each row: says which provider it belongs to. */
  readonly firsts: Int32Array;
}

/** Sequences of like length, longest first, by their number in the set. */
export type BatchPlan = readonly number[];

/**
 * Groups the sequences into batches of like length, mixed anew in each epoch: which of equal length are together, and
 * the order of the batches. The same for the same seed and epoch.
 */
export function planBatches(set: SequenceSet, size: number, seed: number, epoch: number): readonly BatchPlan[] {
  const random = seededRandom(seed * 1_000 + epoch);
  const order = shuffled(
    Array.from({length: sequenceCount(set)}, (_, index) => index).filter(index => sequenceAt(set, index).length > 1),
    random,
  );
  order.sort((a, b) => sequenceAt(set, b).length - sequenceAt(set, a).length);
  const plans: number[][] = [];
  for (let at = 0; at < order.length; at += size) plans.push(order.slice(at, at + size));
  return shuffled(plans, random);
}

/** Weighs places so that a chunk weighs 1 on average. */
export class Weighing {
  private readonly set: SequenceSet;
  private readonly scale: number;

  constructor(set: SequenceSet, batch: number) {
    this.set = set;
    let total = 0;
    let steps = 0;
    for (let index = 0; index < sequenceCount(set); index++) {
      const targets = Math.max(0, sequenceAt(set, index).length - (set.firstTargets[index] ?? 1));
      total += this.raw(index) * targets;
      steps += Math.ceil(targets / chunkLength);
    }
    this.scale = total > 0 ? steps / batch / total : 0;
  }

  of(index: number): number {
    return this.raw(index) * this.scale;
  }

  /** Less than the count: by the count itself the few commonest sequences would drown what is rare but normal. */
  private raw(index: number): number {
    return (this.set.counts[index] ?? 1) ** 0.75;
  }
}

/** The chunks of a batch, in order. */
export function* chunksOf(set: SequenceSet, plan: BatchPlan, weighing: Weighing): Generator<Chunk> {
  const sequences = plan.map(index => sequenceAt(set, index));
  const longest = sequences[0]?.length ?? 0;
  const firsts = Int32Array.from(sequences, sequence => sequence[0] ?? 0);
  for (let from = 0; from + 1 < longest; from += chunkLength) {
    const steps = Math.min(chunkLength, longest - 1 - from);
    const rows = Int32Array.from({length: steps}, (_, step) => going(sequences, from + step));
    const places = rows.reduce((sum, count) => sum + count, 0);
    const chunk = {
      rows,
      inputs: new Int32Array(places),
      targets: new Int32Array(places),
      weights: new Float32Array(places),
      firsts,
    };
    let place = 0;
    rows.forEach((count, step) => {
      for (let row = 0; row < count; row++, place++) {
        const index = plan[row] ?? 0;
        const at = from + step;
        chunk.inputs[place] = sequences[row]?.[at] ?? 0;
        chunk.targets[place] = sequences[row]?.[at + 1] ?? 0;
        chunk.weights[place] = at + 1 < (set.firstTargets[index] ?? 1) ? 0 : weighing.of(index);
      }
    });
    yield chunk;
  }
}

/** How many of the sequences, longest first, have something to predict after this place. */
function going(sequences: readonly Uint16Array[], at: number): number {
  let count = sequences.length;
  while (count > 0 && (sequences[count - 1]?.length ?? 0) <= at + 1) count -= 1;
  return count;
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
