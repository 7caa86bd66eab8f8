import {NumberMap} from './number-map.ts';

/**
 * A map that holds at most `limit` entries, for state that a flood may fill: when the young half is full, what was not
 * used since the last such moment is forgotten at once. Costs a look-up or two and never walks over removed entries.
 */
export class Generations<Value> {
  readonly #half: number;
  readonly #forgotten: ((value: Value) => void) | undefined;
  #young = new NumberMap<Value>();
  #old = new NumberMap<Value>();

  /** `forgotten` is told each value that makes room. */
  constructor(limit: number, forgotten?: (value: Value) => void) {
    this.#half = Math.max(1, limit >> 1);
    this.#forgotten = forgotten;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** The value, which counts as used now. */
  get(key: number): Value | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const older = this.#old.get(key);
    if (older === undefined) return undefined;
    this.#old.delete(key);
    this.#insert(key, older);
    return older;
  }

  set(key: number, value: Value): void {
    if (this.#young.get(key) !== undefined) this.#young.set(key, value);
    else {
      this.#old.delete(key);
      this.#insert(key, value);
    }
  }

  delete(key: number): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  /** Forgets what was not used since the last turn. Called when half is full, and where the values take too much room. */
  turn(): void {
    if (this.#forgotten) for (const value of this.#old.values()) this.#forgotten(value);
    this.#old = this.#young;
    this.#young = new NumberMap();
  }

  *values(): IterableIterator<Value> {
    yield* this.#old.values();
    yield* this.#young.values();
  }

  #insert(key: number, value: Value): void {
    if (this.#young.size >= this.#half) this.turn();
    this.#young.set(key, value);
  }
}
