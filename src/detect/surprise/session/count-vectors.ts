import {countLevel} from './count-levels.ts';

/** How often each symbol came in one session. */
export type Counts = ReadonlyMap<number, number>;

/** The younger generation of known vectors, then the older: hashes, and how often each came. */
export interface CountVectorsSnapshot {
  readonly young: readonly (readonly [number, number])[];
  readonly old: readonly (readonly [number, number])[];
}

/**
 * Which count vectors sessions have had: an unknown one is by itself the best single sign on short sessions with a
 * protocol (Landauer et al. 2024: F1 .93 and more on HDFS). Counts are compared by `countLevel`. Bounded: two
 * generations of hashes; when the younger is full the older goes, with what was not met meanwhile.
 */
export class CountVectors {
  private readonly capacity: number;
  private young = new Map<number, number>();
  private old = new Map<number, number>();

  constructor(capacity = 8_192) {
    this.capacity = capacity;
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  /** How many sessions with this vector were learned (0: unknown). */
  seen(counts: Counts): number {
    const hash = hashOf(counts);
    return this.young.get(hash) ?? this.old.get(hash) ?? 0;
  }

  learn(counts: Counts, times = 1): void {
    const hash = hashOf(counts);
    const before = this.young.get(hash) ?? this.old.get(hash) ?? 0;
    if (!this.young.has(hash) && this.young.size >= this.capacity / 2) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(hash, before + times);
    this.old.delete(hash);
  }

  snapshot(): CountVectorsSnapshot {
    return {young: [...this.young], old: [...this.old]};
  }

  restore(snapshot: CountVectorsSnapshot): void {
    this.young = new Map(snapshot.young);
    this.old = new Map(snapshot.old);
  }
}

/** 52 bits, whatever the order in which the symbols came. */
function hashOf(counts: Counts): number {
  let low = 0;
  let high = 0;
  for (const [symbol, count] of counts) {
    const word = Math.imul(symbol + 1, 0x9e3779b1) ^ Math.imul(countLevel(count) + 1, 0x85ebca6b);
    low = (low + spread(word)) | 0;
    high = (high + spread(word ^ 0x51ed270b)) | 0;
  }
  return (high & 0x3ffffff) * 0x4000000 + (low & 0x3ffffff);
}

function spread(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x45d9f3b);
  return mixed ^ (mixed >>> 14);
}
