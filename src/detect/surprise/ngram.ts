import {packInts, unpackInts} from './packed.ts';

export interface Prediction {
  readonly symbol: number;
  readonly probability: number;
}

export interface NgramSnapshot {
  readonly order: number;
  /** Five integers a context: two hashes, total, last use, length; then three an entry: context, symbol, count. */
  readonly contexts: string;
  readonly entries: string;
}

export interface NgramLimits {
  /** Symbols of context looked at; the model is one order higher. */
  readonly order: number;
  /** Powers of two. Held at seven eighths at most; then the least useful quarter goes. */
  readonly contexts: number;
  readonly entries: number;
}

// Taken out once: where each test file runs in a context of its own, each mention of a global is a search.
const {imul, min, log} = Math;

const defaults: NgramLimits = {order: 4, contexts: 32_768, entries: 65_536};
/** A context's counts are halved here, so that what a stream does now outweighs what it did long ago. */
const maxTotal = 65_536;
const maxCandidates = 64;
const empty = -1;

/**
 * What follows what, learned as it comes: an interpolated back-off n-gram with Witten–Bell weights (Witten & Bell 1991;
 * in the form of Chen & Goodman 1998, section 2.6), for many streams in one bounded table of typed arrays.
 * Contexts are named by a hash of (stream, symbols). A context is an array of symbols, newest first.
 */
export class Ngram {
  readonly order: number;
  private readonly contextCapacity: number;
  private readonly entryCapacity: number;
  private contextCount = 0;
  private entryCount = 0;
  private clock = 0;
  private readonly hashes: Int32Array;
  private readonly checks: Int32Array;
  private readonly totals: Int32Array;
  private readonly distinct: Int32Array;
  private readonly lastUsed: Int32Array;
  private readonly lengths: Int8Array;
  private readonly heads: Int32Array;
  private readonly entryContexts: Int32Array;
  private readonly entrySymbols: Int32Array;
  private readonly entryCounts: Int32Array;
  private readonly entryNext: Int32Array;
  /** Slot of the context of each length in the call under way, or `empty`. */
  private readonly slots: Int32Array;
  private readonly slotHashes: Int32Array;
  private readonly slotChecks: Int32Array;

  constructor(limits: Partial<NgramLimits> = {}) {
    const {order, contexts, entries} = {...defaults, ...limits};
    this.order = order;
    this.contextCapacity = contexts;
    this.entryCapacity = entries;
    this.hashes = new Int32Array(contexts);
    this.checks = new Int32Array(contexts);
    this.totals = new Int32Array(contexts);
    this.distinct = new Int32Array(contexts);
    this.lastUsed = new Int32Array(contexts);
    this.lengths = new Int8Array(contexts).fill(empty);
    this.heads = new Int32Array(contexts);
    this.entryContexts = new Int32Array(entries).fill(empty);
    this.entrySymbols = new Int32Array(entries);
    this.entryCounts = new Int32Array(entries);
    this.entryNext = new Int32Array(entries);
    this.slots = new Int32Array(order + 1);
    this.slotHashes = new Int32Array(order + 1);
    this.slotChecks = new Int32Array(order + 1);
  }

  get size(): {readonly contexts: number; readonly entries: number} {
    return {contexts: this.contextCount, entries: this.entryCount};
  }

  /** Surprise of the symbol in nats, −ln p: before it is learned. */
  surprise(stream: number, context: ArrayLike<number>, length: number, symbol: number): number {
    this.locate(stream, context, length);
    return -log(this.probability(symbol, min(length, this.order)));
  }

  /** Learns that the symbol came, `times` times. Contexts longer than the first unseen one are not begun yet. */
  learn(stream: number, context: ArrayLike<number>, length: number, symbol: number, times = 1): void {
    if (this.contextCount + this.order >= this.contextCapacity * 0.875) this.forget();
    if (this.entryCount + this.order >= this.entryCapacity * 0.875) this.forget();
    this.locate(stream, context, length);
    this.clock += 1;
    const deepest = min(length, this.order);
    for (let size = 0; size <= deepest; size++) {
      const known = this.slots[size] ?? empty;
      const slot = known === empty ? this.addContext(size) : known;
      this.count(slot, symbol, times);
      this.lastUsed[slot] = this.clock;
    }
  }

  /** How often the symbol came after this context (of length 0: at all). */
  seen(stream: number, context: ArrayLike<number>, length: number, symbol: number): number {
    this.locate(stream, context, length);
    const slot = this.slots[min(length, this.order)] ?? empty;
    return slot === empty ? 0 : this.countOf(slot, symbol);
  }

  /** How much of anything the stream has had; 0 also where it was forgotten for want of room. */
  total(stream: number): number {
    this.locate(stream, [], 0);
    return this.locatedTotal;
  }

  /** As `total`, of the stream that was asked about last. */
  get locatedTotal(): number {
    const slot = this.slots[0] ?? empty;
    return slot === empty ? 0 : (this.totals[slot] ?? 0);
  }

  /** The likeliest next symbols with their probabilities, likeliest first. */
  predict(stream: number, context: ArrayLike<number>, length: number, top: number): Prediction[] {
    this.locate(stream, context, length);
    const deepest = min(length, this.order);
    const candidates = new Set<number>();
    for (let size = deepest; size >= 0; size--) {
      const slot = this.slots[size] ?? empty;
      if (slot === empty) continue;
      for (let entry = this.heads[slot] ?? empty; entry !== empty; entry = this.entryNext[entry] ?? empty) {
        if (candidates.size >= maxCandidates) break;
        candidates.add(this.entrySymbols[entry] ?? 0);
      }
    }
    return [...candidates]
      .map(symbol => ({symbol, probability: this.probability(symbol, deepest)}))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, top);
  }

  snapshot(): NgramSnapshot {
    const {contexts, entries} = this.rows();
    return {order: this.order, contexts: packInts(contexts), entries: packInts(entries)};
  }

  restore(snapshot: NgramSnapshot): void {
    this.clear();
    if (snapshot.order !== this.order) return;
    this.fill(unpackInts(snapshot.contexts), unpackInts(snapshot.entries), () => true);
  }

  /** All there is, as a snapshot has it. */
  private rows(): {readonly contexts: Int32Array; readonly entries: Int32Array} {
    const numbers = new Int32Array(this.contextCapacity);
    const contexts = new Int32Array(this.contextCount * 5);
    let at = 0;
    for (let slot = 0; slot < this.contextCapacity; slot++) {
      if (this.lengths[slot] === empty) continue;
      numbers[slot] = at / 5;
      contexts[at++] = this.hashes[slot] ?? 0;
      contexts[at++] = this.checks[slot] ?? 0;
      contexts[at++] = this.totals[slot] ?? 0;
      contexts[at++] = this.lastUsed[slot] ?? 0;
      contexts[at++] = this.lengths[slot] ?? 0;
    }
    const entries = new Int32Array(this.entryCount * 3);
    at = 0;
    for (let entry = 0; entry < this.entryCapacity; entry++) {
      const slot = this.entryContexts[entry] ?? empty;
      if (slot === empty) continue;
      entries[at++] = numbers[slot] ?? 0;
      entries[at++] = this.entrySymbols[entry] ?? 0;
      entries[at++] = this.entryCounts[entry] ?? 0;
    }
    return {contexts, entries};
  }

  /** Finds the slots of the contexts of every length. */
  private locate(stream: number, context: ArrayLike<number>, length: number): void {
    let hash = mix(0x2545f491, stream);
    let check = mix(0x9e3779b1 | 0, ~stream);
    const deepest = min(length, this.order);
    for (let size = 0; size <= deepest; size++) {
      if (size > 0) {
        const symbol = context[size - 1] ?? 0;
        hash = mix(hash, symbol + 0x51);
        check = mix(check, symbol ^ 0x6b43a9b5);
      }
      this.slotHashes[size] = hash;
      this.slotChecks[size] = check;
      this.slots[size] = this.findContext(hash, check, size);
    }
  }

  private probability(symbol: number, deepest: number): number {
    const base = this.slots[0] ?? empty;
    let probability = 1 / ((base === empty ? 0 : (this.distinct[base] ?? 0)) + 1);
    for (let size = 0; size <= deepest; size++) {
      const slot = this.slots[size] ?? empty;
      if (slot === empty) break;
      const distinct = this.distinct[slot] ?? 0;
      probability = (this.countOf(slot, symbol) + distinct * probability) / ((this.totals[slot] ?? 0) + distinct);
    }
    return probability;
  }

  private findContext(hash: number, check: number, size: number): number {
    const mask = this.contextCapacity - 1;
    for (let slot = hash & mask; this.lengths[slot] !== empty; slot = (slot + 1) & mask) {
      if (this.hashes[slot] === hash && this.checks[slot] === check && this.lengths[slot] === size) return slot;
    }
    return empty;
  }

  private addContext(size: number): number {
    return this.placeContext(this.slotHashes[size] ?? 0, this.slotChecks[size] ?? 0, size);
  }

  private placeContext(hash: number, check: number, size: number): number {
    const mask = this.contextCapacity - 1;
    let slot = hash & mask;
    while (this.lengths[slot] !== empty) slot = (slot + 1) & mask;
    this.hashes[slot] = hash;
    this.checks[slot] = check;
    this.lengths[slot] = size;
    this.totals[slot] = 0;
    this.distinct[slot] = 0;
    this.lastUsed[slot] = this.clock;
    this.heads[slot] = empty;
    this.contextCount += 1;
    return slot;
  }

  private entrySlot(context: number, symbol: number): number {
    const mask = this.entryCapacity - 1;
    let entry = mix(mix(0x3c6ef372, context), symbol) & mask;
    while (this.entryContexts[entry] !== empty) {
      if (this.entryContexts[entry] === context && this.entrySymbols[entry] === symbol) break;
      entry = (entry + 1) & mask;
    }
    return entry;
  }

  private countOf(context: number, symbol: number): number {
    const entry = this.entrySlot(context, symbol);
    return this.entryContexts[entry] === empty ? 0 : (this.entryCounts[entry] ?? 0);
  }

  private count(context: number, symbol: number, times: number): void {
    const entry = this.entrySlot(context, symbol);
    if (this.entryContexts[entry] === empty) {
      this.entryContexts[entry] = context;
      this.entrySymbols[entry] = symbol;
      this.entryCounts[entry] = 0;
      this.entryNext[entry] = this.heads[context] ?? empty;
      this.heads[context] = entry;
      this.entryCount += 1;
      this.distinct[context] = (this.distinct[context] ?? 0) + 1;
    }
    this.entryCounts[entry] = (this.entryCounts[entry] ?? 0) + times;
    this.totals[context] = (this.totals[context] ?? 0) + times;
    if ((this.totals[context] ?? 0) >= maxTotal) this.halve(context);
  }

  /** Rounds up: what was seen once stays known until it is forgotten for want of room. */
  private halve(context: number): void {
    let total = 0;
    for (let entry = this.heads[context] ?? empty; entry !== empty; entry = this.entryNext[entry] ?? empty) {
      const count = ((this.entryCounts[entry] ?? 0) + 1) >> 1;
      this.entryCounts[entry] = count;
      total += count;
    }
    this.totals[context] = total;
  }

  /** Drops a quarter: long contexts met once first, then the least recently used. */
  private forget(): void {
    const worth: number[] = [];
    for (let slot = 0; slot < this.contextCapacity; slot++) {
      if (this.lengths[slot] !== empty) worth.push(this.worth(slot));
    }
    const limit = Float64Array.from(worth).sort()[Math.floor(worth.length / 4)] ?? 0;
    const {contexts, entries} = this.rows();
    const kept = worth.map(value => value > limit);
    this.clear();
    this.fill(contexts, entries, number => kept[number] ?? false);
  }

  private worth(slot: number): number {
    const once = (this.totals[slot] ?? 0) <= 1 && (this.lengths[slot] ?? 0) >= 2;
    return (this.lastUsed[slot] ?? 0) + (once ? 0 : 2 ** 31);
  }

  private fill(contexts: Int32Array, entries: Int32Array, keep: (number: number) => boolean): void {
    const slots = new Int32Array(contexts.length / 5).fill(empty);
    for (let at = 0; at < contexts.length; at += 5) {
      if (!keep(at / 5) || this.contextCount >= this.contextCapacity * 0.875) continue;
      const size = contexts[at + 4] ?? 0;
      const slot = this.placeContext(contexts[at] ?? 0, contexts[at + 1] ?? 0, size);
      this.lastUsed[slot] = contexts[at + 3] ?? 0;
      this.clock = Math.max(this.clock, this.lastUsed[slot] ?? 0);
      slots[at / 5] = slot;
    }
    for (let at = 0; at < entries.length; at += 3) {
      const slot = slots[entries[at] ?? 0] ?? empty;
      if (slot === empty || this.entryCount >= this.entryCapacity * 0.875) continue;
      this.count(slot, entries[at + 1] ?? 0, entries[at + 2] ?? 0);
    }
  }

  private clear(): void {
    this.lengths.fill(empty);
    this.entryContexts.fill(empty);
    this.contextCount = 0;
    this.entryCount = 0;
  }
}

function mix(hash: number, value: number): number {
  let mixed = imul(hash ^ value, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
