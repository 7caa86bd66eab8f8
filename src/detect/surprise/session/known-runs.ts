/** The younger generation of known runs, then the older. */
export interface KnownRunsSnapshot {
  readonly young: readonly number[];
  readonly old: readonly number[];
}

/**
 * STIDE (Forrest, Hofmeyr, Somayaji & Longstaff, 1996): which runs of `length` symbols normal sessions have; a session
 * is as odd as the share of its runs that are unknown. A session shorter than one run is one run. Runs are kept as hashes, in two generations: when the younger is
 * full the older goes, with what was not met meanwhile.
 */
export class KnownRuns {
  readonly length: number;
  private readonly capacity: number;
  private young = new Set<number>();
  private old = new Set<number>();

  constructor(length = 6, capacity = 524_288) {
    this.length = length;
    this.capacity = capacity;
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  /** For each symbol 1 where the run that ends there is unknown. Before the first whole run there is nothing to know. */
  unknownAt(symbols: ArrayLike<number>): Uint8Array {
    const unknown = new Uint8Array(symbols.length);
    let end = Math.min(this.length, symbols.length) - 1;
    for (const run of this.runsOf(symbols)) unknown[end++] = this.young.has(run) || this.old.has(run) ? 0 : 1;
    return unknown;
  }

  learn(symbols: ArrayLike<number>): void {
    for (const run of this.runsOf(symbols)) {
      if (this.young.has(run)) continue;
      if (this.young.size >= this.capacity / 2) {
        this.old = this.young;
        this.young = new Set();
      }
      this.young.add(run);
      this.old.delete(run);
    }
  }

  snapshot(): KnownRunsSnapshot {
    return {young: [...this.young], old: [...this.old]};
  }

  restore(snapshot: KnownRunsSnapshot): void {
    this.young = new Set(snapshot.young);
    this.old = new Set(snapshot.old);
  }

  private *runsOf(symbols: ArrayLike<number>): Generator<number> {
    if (symbols.length === 0) return;
    const last = Math.max(0, symbols.length - this.length);
    for (let begin = 0; begin <= last; begin++) {
      let low = 0x2545f491;
      let high = 0x6b43a9b5;
      for (let at = begin; at < begin + this.length && at < symbols.length; at++) {
        low = Math.imul(low ^ (symbols[at] ?? 0), 0x85ebca6b);
        low ^= low >>> 15;
        high = Math.imul(high ^ (symbols[at] ?? 0) ^ (low << 3), 0xc2b2ae35);
        high ^= high >>> 13;
      }
      yield (high & 0x3ffffff) * 0x4000000 + (low & 0x3ffffff);
    }
  }
}
