import type {KeyHash} from './key-hash.ts';

/** Where an entry stands: the list's number and the byte that its line begins with. */
export interface EntryPlace {
  readonly list: number;
  readonly offset: number;
}

const noList = 255;
export const mostLists = 254;
/** Slots for an entry: few look past the first. */
const slotsPerEntry = 1.5;
/** Bits for an entry of the filter that says no to most of what is asked. */
const filterBits = 8;

/**
 * A closed table of 64-bit keys in typed arrays: 20.5 bytes an entry, whatever its text is. What is not in it, and that
 * is nearly everything, ends mostly at one bit of a filter that fits the processor's cache.
 */
export class IndicatorTable {
  /** Prefix lengths of IPv4 and IPv6 blocks that are there, longest first: an address is asked once for each. */
  readonly prefixes4: readonly number[];
  readonly prefixes6: readonly number[];
  size = 0;
  readonly #high: Uint32Array;
  readonly #low: Uint32Array;
  readonly #offset: Uint32Array;
  readonly #list: Uint8Array;
  readonly #filter: Uint32Array;
  readonly #filterMask: number;

  constructor(entries: number, prefixes: {readonly v4: readonly number[]; readonly v6: readonly number[]}) {
    const slots = Math.max(8, Math.ceil(entries * slotsPerEntry));
    this.prefixes4 = [...prefixes.v4].sort((one, other) => other - one);
    this.prefixes6 = [...prefixes.v6].sort((one, other) => other - one);
    this.#high = new Uint32Array(slots);
    this.#low = new Uint32Array(slots);
    this.#offset = new Uint32Array(slots);
    this.#list = new Uint8Array(slots).fill(noList);
    const bits = 2 ** Math.max(5, Math.floor(Math.log2(Math.max(1, entries) * filterBits)));
    this.#filter = new Uint32Array(bits / 32);
    this.#filterMask = bits - 1;
  }

  get bytes(): number {
    return this.#high.length * 13 + this.#filter.byteLength;
  }

  /** False where the key is there already: the first list keeps it. */
  insert(high: number, low: number, list: number, offset: number): boolean {
    const slot = this.#slotOf(high, low);
    if (this.#list[slot] !== noList) return false;
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#offset[slot] = offset;
    this.#list[slot] = list;
    const bit = high & this.#filterMask;
    this.#filter[bit >>> 5] = (this.#filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
    this.size++;
    return true;
  }

  find({high, low}: KeyHash): EntryPlace | undefined {
    const bit = high & this.#filterMask;
    if (((this.#filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return undefined;
    const slot = this.#slotOf(high, low);
    const list = this.#list[slot] ?? noList;
    return list === noList ? undefined : {list, offset: this.#offset[slot] ?? 0};
  }

  /** The key's slot, or the free one where it would go. There always is one: see `slotsPerEntry`. */
  #slotOf(high: number, low: number): number {
    const slots = this.#low.length;
    let slot = low % slots;
    while (this.#list[slot] !== noList && (this.#low[slot] !== low || this.#high[slot] !== high)) {
      slot = slot + 1 === slots ? 0 : slot + 1;
    }
    return slot;
  }
}
