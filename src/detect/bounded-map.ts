/**
 * A map that holds at most `limit` entries: the one that was used longest ago goes first. What keeps a detector's
 * memory bounded however many addresses, users or files a log names.
 */
export class BoundedMap<Key, Value> {
  readonly limit: number;
  readonly #entries = new Map<Key, Value>();

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value, which counts as used now. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    // While half is free nothing is about to go, and moving an entry costs ten times as much as finding it.
    if (value !== undefined && this.#entries.size * 2 > this.limit) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  /** The value, without counting as used: safe while iterating. */
  peek(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.limit) this.#dropOldest();
  }

  getOrAdd(key: Key, make: () => Value): Value {
    const known = this.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.set(key, value);
    return value;
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }

  /** Longest unused first. */
  entries(): IterableIterator<[Key, Value]> {
    return this.#entries.entries();
  }

  #dropOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}
