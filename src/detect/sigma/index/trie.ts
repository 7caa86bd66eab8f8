import type {Alphabet} from './alphabet.ts';

/** A trie whose edges lie in one open-addressed table: twelve bytes a state, however large the alphabet. State 0 is the root. */
export class Trie {
  readonly alphabet: Alphabet;
  #keys = new Int32Array(64).fill(-1);
  #targets = new Int32Array(64);
  readonly #parents: number[] = [0];
  readonly #letters: number[] = [0];

  constructor(alphabet: Alphabet) {
    this.alphabet = alphabet;
  }

  get states(): number {
    return this.#parents.length;
  }

  /** The state behind an edge, or -1. */
  next(state: number, letter: number): number {
    const key = state * this.alphabet.size + letter;
    const keys = this.#keys;
    const mask = keys.length - 1;
    for (let at = Math.imul(key, 0x9e3779b1) >>> 7; ; at++) {
      const found = keys[at & mask];
      if (found === key) return this.#targets[at & mask] ?? -1;
      if (found === -1) return -1;
    }
  }

  nextOrNew(state: number, letter: number): number {
    const known = this.next(state, letter);
    if (known >= 0) return known;
    const made = this.#parents.length;
    if (made * 2 > this.#keys.length) this.#grow();
    this.#insert(state * this.alphabet.size + letter, made);
    this.#parents.push(state);
    this.#letters.push(letter);
    return made;
  }

  /** The state that an edge leads to this one from; states are numbered after their parents. */
  parentOf(state: number): number {
    return this.#parents[state] ?? 0;
  }

  letterOf(state: number): number {
    return this.#letters[state] ?? 0;
  }

  #insert(key: number, target: number): void {
    const mask = this.#keys.length - 1;
    let at = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
    while (this.#keys[at] !== -1) at = (at + 1) & mask;
    this.#keys[at] = key;
    this.#targets[at] = target;
  }

  #grow(): void {
    const [keys, targets] = [this.#keys, this.#targets];
    this.#keys = new Int32Array(keys.length * 2).fill(-1);
    this.#targets = new Int32Array(keys.length * 2);
    for (const [at, key] of keys.entries()) if (key >= 0) this.#insert(key, targets[at] ?? 0);
  }
}
