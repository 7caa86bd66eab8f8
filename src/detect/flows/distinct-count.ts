const bitmapBits = 8_192;
const fewest = 64;

/**
 * Counts distinct 32-bit hashes: exactly up to 64, then by bits of a kilobyte, where two may fall on one bit: of 100 one
 * is missed at the most, of 2,000 an eighth. It never counts too many.
 */
export class DistinctCount {
  #few: Set<number> | undefined = new Set();
  #bits: Uint32Array | undefined;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** True for one that was not there. */
  add(hash: number): boolean {
    const isNew = this.#few ? this.#addToFew(this.#few, hash) : this.#setBit(hash);
    if (isNew) this.#count++;
    return isNew;
  }

  #addToFew(few: Set<number>, hash: number): boolean {
    if (few.has(hash)) return false;
    few.add(hash);
    if (few.size > fewest) {
      this.#bits = new Uint32Array(bitmapBits / 32);
      for (const known of few) this.#setBit(known);
      this.#few = undefined;
    }
    return true;
  }

  #setBit(hash: number): boolean {
    if (!this.#bits) return false;
    const bit = (hash >>> 0) % bitmapBits;
    const word = this.#bits[bit >>> 5] ?? 0;
    const mask = 1 << (bit & 31);
    if ((word & mask) !== 0) return false;
    this.#bits[bit >>> 5] = word | mask;
    return true;
  }
}
