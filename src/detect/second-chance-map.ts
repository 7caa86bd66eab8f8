/**
 * A bounded map for what is looked up with every packet or flow: a look-up costs no more than a Map's, since it only
 * marks the entry. When room is needed the oldest entry goes, except that a marked one loses its mark and moves to the
 * end instead (Corbató's clock, 1968). `BoundedMap` forgets exactly the one used longest ago, and pays for that with
 * each look-up.
 */
export class SecondChanceMap<Key, Value> {
  readonly limit: number;
  readonly #slots = new Map<Key, Slot<Value>>();
  /** Stands before the oldest entry. Kept, since a new one would walk over the places of all that went before. */
  #hand: IterableIterator<Key> | undefined;

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.#slots.size;
  }

  get(key: Key): Value | undefined {
    const slot = this.#slots.get(key);
    if (slot === undefined) return undefined;
    slot.used = true;
    return slot.value;
  }

  /** The value, without counting as used. */
  peek(key: Key): Value | undefined {
    return this.#slots.get(key)?.value;
  }

  set(key: Key, value: Value): void {
    const known = this.#slots.get(key);
    if (known) {
      known.value = value;
      known.used = true;
      return;
    }
    if (this.#slots.size >= this.limit) this.#makeRoom();
    this.#slots.set(key, {value, used: false});
  }

  delete(key: Key): void {
    this.#slots.delete(key);
  }

  getOrAdd(key: Key, make: () => Value): Value {
    const known = this.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.set(key, value);
    return value;
  }

  /** Those that go first, first. */
  *entries(): IterableIterator<[Key, Value]> {
    for (const [key, {value}] of this.#slots) yield [key, value];
  }

  #makeRoom(): void {
    for (;;) {
      this.#hand ??= this.#slots.keys();
      const next = this.#hand.next();
      if (next.done) {
        this.#hand = undefined;
        continue;
      }
      const slot = this.#slots.get(next.value);
      this.#slots.delete(next.value);
      if (!slot?.used) return;
      slot.used = false;
      this.#slots.set(next.value, slot);
    }
  }
}

interface Slot<Value> {
  value: Value;
  used: boolean;
}
