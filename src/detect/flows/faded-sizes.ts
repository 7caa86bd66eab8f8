/**
 * A distribution of sizes that fades: counts by quarters of a power of two, each halved once in `halfLife` additions.
 * Gives quantiles to within a fifth. A few hundred bytes, whatever it is given.
 */
export class FadedSizes {
  /** By bin, sparse. */
  readonly #counts = new Map<number, number>();
  readonly #fade: number;
  #total = 0;

  constructor(halfLife: number) {
    this.#fade = 0.5 ** (1 / halfLife);
  }

  /** How many were added, faded. */
  get weight(): number {
    return this.#total;
  }

  add(size: number): void {
    for (const [bin, count] of this.#counts) {
      if (count < least) this.#counts.delete(bin);
      else this.#counts.set(bin, count * this.#fade);
    }
    const bin = binOf(size);
    this.#counts.set(bin, (this.#counts.get(bin) ?? 0) + 1);
    this.#total = this.#total * this.#fade + 1;
  }

  /** The upper end of the bin that holds it; 0 where nothing was added. */
  quantile(part: number): number {
    let left = this.#total * part;
    for (const bin of [...this.#counts.keys()].sort((one, other) => one - other)) {
      left -= this.#counts.get(bin) ?? 0;
      if (left <= 1e-9) return endOf(bin);
    }
    return this.#counts.size === 0 ? 0 : endOf(Math.max(...this.#counts.keys()));
  }

  save(): readonly (readonly [number, number])[] {
    return [...this.#counts].map(([bin, count]) => [bin, Math.round(count * 1_000) / 1_000]);
  }

  restore(saved: readonly (readonly [number, number])[]): void {
    for (const [bin, count] of saved) this.#counts.set(bin, count);
    this.#total = saved.reduce((sum, [, count]) => sum + count, 0);
  }
}

const least = 0.01;

function binOf(size: number): number {
  return size <= 0 ? 0 : Math.ceil(Math.log2(size) * 4);
}

function endOf(bin: number): number {
  return bin <= 0 ? 0 : 2 ** (bin / 4);
}
