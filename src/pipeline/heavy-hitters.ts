/** How an entry is weighed against others: by the first number, where these are equal by the second. */
export type Weight = readonly [number, number];

/**
 * The heaviest of many, in bounded memory: at most twice `keep` are held, and at that bound all but the `keep` heaviest
 * are forgotten. What has more than one `keep`th of the weight of all is never among those forgotten, however many light
 * ones come; a light one that was forgotten begins again from nothing.
 */
export class HeavyHitters<Entry> {
  readonly #keep: number;
  readonly #weigh: (entry: Entry) => Weight;
  #entries = new Map<string, Entry>();

  constructor(keep: number, weigh: (entry: Entry) => Weight) {
    this.#keep = keep;
    this.#weigh = weigh;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  add(key: string, entry: Entry): void {
    if (this.#entries.size >= 2 * this.#keep) this.#entries = new Map(this.#sorted().slice(0, this.#keep));
    this.#entries.set(key, entry);
  }

  /** The heaviest first. */
  top(count: number): readonly Entry[] {
    return this.#sorted()
      .slice(0, count)
      .map(([, entry]) => entry);
  }

  /** Forgets what is no longer wanted. */
  drop(unwanted: (entry: Entry) => boolean): void {
    for (const [key, entry] of this.#entries) if (unwanted(entry)) this.#entries.delete(key);
  }

  #sorted(): readonly (readonly [string, Entry])[] {
    const weighed = Array.from(this.#entries, pair => ({pair, weight: this.#weigh(pair[1])}));
    weighed.sort((a, b) => b.weight[0] - a.weight[0] || b.weight[1] - a.weight[1]);
    return weighed.map(({pair}) => pair);
  }
}
