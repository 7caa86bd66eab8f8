/** Counts by name. Names come from logs and may be without end: beyond a bound they are counted together. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #most: number;

  constructor(most = 20_000) {
    this.#most = most;
  }

  add(name: string, count = 1): void {
    const known = this.#counts.get(name);
    const key = known === undefined && this.#counts.size >= this.#most ? others : name;
    this.#counts.set(key, (known ?? this.#counts.get(key) ?? 0) + count);
  }

  addAll(counts: Iterable<readonly [string, number]>): void {
    for (const [name, count] of counts) this.add(name, count);
  }

  get size(): number {
    return this.#counts.size;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  entries(): readonly (readonly [string, number])[] {
    return [...this.#counts];
  }

  /** The largest first; equal ones by name. */
  largest(most = Number.POSITIVE_INFINITY): readonly (readonly [string, number])[] {
    return [...this.#counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, most);
  }
}

const others = '(others)';
