import {Alphabet} from './alphabet.ts';
import type {Found, Literal} from './literal.ts';
import {Trie} from './trie.ts';

/** Long texts share the automaton by their first characters only; the rest is compared where those are found. */
const longestHead = 24;

/** Finds all of many texts anywhere in a value in one pass (Aho & Corasick, CACM 1975). */
export class InsideMatcher {
  readonly #trie: Trie;
  readonly #fail: Int32Array;
  /** The state itself, or the nearest on its failure path, where a text ends; 0 for none. */
  readonly #ending: Int32Array;
  readonly #root: Int32Array;
  readonly #texts: (readonly Literal[] | undefined)[] = [];

  constructor(literals: readonly Literal[]) {
    this.#trie = new Trie(new Alphabet(literals.map(literal => literal.text.slice(0, longestHead))));
    const ends = new Map<number, Literal[]>();
    for (const literal of literals) {
      const state = this.#add(literal.text);
      const others = ends.get(state);
      if (others) others.push(literal);
      else ends.set(state, [literal]);
    }
    const {states, alphabet} = this.#trie;
    this.#texts = Array.from({length: states}, (_, state) => ends.get(state));
    this.#root = Int32Array.from({length: alphabet.size}, (_, letter) => Math.max(0, this.#trie.next(0, letter)));
    this.#fail = new Int32Array(states);
    this.#ending = new Int32Array(states);
    this.#link();
  }

  scan(text: string, found: Found): void {
    const {alphabet} = this.#trie;
    const trie = this.#trie;
    const [root, fail, ending] = [this.#root, this.#fail, this.#ending];
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const letter = alphabet.classOf(text.charCodeAt(at));
      if (letter === 0) {
        state = 0;
        continue;
      }
      while (state !== 0) {
        const next = trie.next(state, letter);
        if (next >= 0) {
          state = next;
          break;
        }
        state = fail[state] ?? 0;
        if (state === 0) state = -1;
        if (state < 0) break;
      }
      if (state <= 0) state = root[letter] ?? 0;
      if (ending[state] !== 0) this.#report(ending[state] ?? 0, text, at, found);
    }
  }

  #report(first: number, text: string, at: number, found: Found): void {
    for (let state = first; state !== 0; state = this.#ending[this.#fail[state] ?? 0] ?? 0) {
      for (const literal of this.#texts[state] ?? []) {
        const length = literal.text.length;
        if (length <= longestHead || text.startsWith(literal.text, at + 1 - longestHead)) found(literal.leaves);
      }
    }
  }

  #add(text: string): number {
    let state = 0;
    const length = Math.min(text.length, longestHead);
    for (let at = 0; at < length; at++)
      state = this.#trie.nextOrNew(state, this.#trie.alphabet.classOf(text.charCodeAt(at)));
    return state;
  }

  /** Failure links, in the order of depth. States are numbered as they were made, so parents come before children. */
  #link(): void {
    const {states} = this.#trie;
    const children: [number, number][][] = Array.from({length: states}, () => []);
    for (const [state, letter, target] of this.#trie.edges()) children[state]?.push([letter, target]);
    let level = [0];
    while (level.length > 0) {
      const below: number[] = [];
      for (const state of level) {
        for (const [letter, target] of children[state] ?? []) {
          const fail = state === 0 ? 0 : this.#failOf(state, letter);
          this.#fail[target] = fail;
          this.#ending[target] = this.#texts[target] ? target : (this.#ending[fail] ?? 0);
          below.push(target);
        }
      }
      level = below;
    }
  }

  #failOf(parent: number, letter: number): number {
    for (let state = this.#fail[parent] ?? 0; state !== 0; state = this.#fail[state] ?? 0) {
      const next = this.#trie.next(state, letter);
      if (next >= 0) return next;
    }
    return this.#root[letter] ?? 0;
  }
}
