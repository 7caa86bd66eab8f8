import type {Counts} from './count-vectors.ts';

/** Newest last: symbol, weight, symbol, weight … of each remembered session. */
export type NeighboursSnapshot = readonly (readonly number[])[];

interface Known {
  readonly place: number;
  readonly weights: ReadonlyMap<number, number>;
}

/** Beside a session this like another, a second like it says nothing more. */
const same = 1e-6;

/**
 * How far a session's mixture of symbols is from the nearest normal ones: nearest neighbours on frequency vectors
 * (Liao & Vemuri 2002), by the Hellinger distance, in which a symbol that came 400 times does not hide one that came
 * four. Remembers a bounded number of different sessions, of which the oldest goes first.
 */
export class Neighbours {
  private readonly capacity: number;
  private readonly places: (Known | undefined)[] = [];
  private readonly bySymbol = new Map<number, Map<number, number>>();
  private next = 0;

  constructor(capacity = 1_024) {
    this.capacity = capacity;
  }

  get size(): number {
    return this.places.length;
  }

  /** 0 (the same mixture as a normal session) to 1 (no symbol in common with any). */
  distance(counts: Counts): number {
    let nearest = 0;
    for (const affinity of this.affinities(weightsOf(counts))) nearest = Math.max(nearest, affinity);
    return Math.sqrt(Math.max(0, 1 - nearest));
  }

  learn(counts: Counts): void {
    const weights = weightsOf(counts);
    if (weights.size === 0 || this.affinities(weights).some(affinity => affinity > 1 - same)) return;
    this.put(weights);
  }

  snapshot(): NeighboursSnapshot {
    const ordered = [...this.places.slice(this.next), ...this.places.slice(0, this.next)];
    return ordered.flatMap(known => (known ? [[...known.weights].flat()] : []));
  }

  restore(snapshot: NeighboursSnapshot): void {
    this.places.length = 0;
    this.bySymbol.clear();
    this.next = 0;
    for (const pairs of snapshot) {
      const weights = new Map<number, number>();
      for (let at = 0; at + 1 < pairs.length; at += 2) weights.set(pairs[at] ?? 0, pairs[at + 1] ?? 0);
      this.put(weights);
    }
  }

  private put(weights: ReadonlyMap<number, number>): void {
    const place = this.next;
    this.remove(this.places[place]);
    this.places[place] = {place, weights};
    this.next = (place + 1) % this.capacity;
    for (const [symbol, weight] of weights) {
      const posting = this.bySymbol.get(symbol) ?? new Map<number, number>();
      posting.set(place, weight);
      this.bySymbol.set(symbol, posting);
    }
  }

  private remove(known: Known | undefined): void {
    if (!known) return;
    for (const symbol of known.weights.keys()) {
      const posting = this.bySymbol.get(symbol);
      posting?.delete(known.place);
      if (posting?.size === 0) this.bySymbol.delete(symbol);
    }
  }

  /** Bhattacharyya's coefficient with every remembered session, through the symbols they share. */
  private affinities(weights: ReadonlyMap<number, number>): Float64Array {
    const sums = new Float64Array(this.places.length);
    for (const [symbol, weight] of weights) {
      for (const [place, other] of this.bySymbol.get(symbol) ?? []) sums[place] = (sums[place] ?? 0) + weight * other;
    }
    return sums;
  }
}

/** Square roots of shares: their dot product is the affinity. */
function weightsOf(counts: Counts): Map<number, number> {
  let total = 0;
  for (const count of counts.values()) total += count;
  const weights = new Map<number, number>();
  for (const [symbol, count] of counts) weights.set(symbol, Math.sqrt(count / total));
  return weights;
}
