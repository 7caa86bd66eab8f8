import {Alphabet} from './alphabet.ts';
import type {FoundLeaves, Literal} from './literal.ts';
import {Trie} from './trie.ts';

/** Long texts share the automaton by their first characters only; the rest is compared where those are found. */
const longestHead = 24;
/** Numbers that the rows of the states nearest to the root may take: 1 MB. */
const mostCells = 262_144;

/** What is found where a state ends a text, with all texts that end there too. */
interface Ending {
  readonly leaves: readonly number[];
  /** Texts of which only the beginning is in the automaton. */
  readonly long: readonly Literal[];
}

/**
 * Finds all of many texts anywhere in a value in one pass (Aho & Corasick, CACM 1975). States near the root, where a
 * scan spends its time, have a row of all their successors; the others look theirs up and fall back.
 */
export class InsideMatcher {
  readonly #trie: Trie;
  readonly #fail: Int32Array;
  readonly #endings: (Ending | undefined)[];
  /** 1 where `endings` has something: read for every character. */
  readonly #ends: Uint8Array;
  /** Successors by state and letter, of the first states in the order of depth. */
  readonly #rows: Int32Array;
  /** Where a state's row begins, or -1. */
  readonly #rowOf: Int32Array;

  constructor(literals: readonly Literal[]) {
    const trie = new Trie(new Alphabet(literals.map(literal => literal.text.slice(0, longestHead))));
    this.#trie = trie;
    const own = new Map<number, Literal[]>();
    for (const literal of literals) {
      const state = this.#add(literal.text);
      const others = own.get(state);
      if (others) others.push(literal);
      else own.set(state, [literal]);
    }
    const {states, alphabet} = trie;
    const order = byDepth(trie);
    const rows = Math.min(states, Math.max(1, Math.floor(mostCells / alphabet.size)));
    this.#fail = new Int32Array(states);
    this.#endings = new Array<Ending | undefined>(states).fill(undefined);
    this.#ends = new Uint8Array(states);
    this.#rows = new Int32Array(rows * alphabet.size);
    this.#rowOf = new Int32Array(states).fill(-1);
    for (const [place, state] of order.entries()) this.#link(state, place < rows ? place : -1, own.get(state));
  }

  scan(text: string, found: FoundLeaves): void {
    const trie = this.#trie;
    const {alphabet} = trie;
    const {ascii} = alphabet;
    const [rows, rowOf, fail, ends] = [this.#rows, this.#rowOf, this.#fail, this.#ends];
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      const letter = unit < 128 ? (ascii[unit] ?? 0) : alphabet.classOf(unit);
      if (letter === 0) {
        state = 0;
        continue;
      }
      let row = rowOf[state] ?? -1;
      while (row < 0) {
        const next = trie.next(state, letter);
        if (next >= 0) {
          state = next;
          break;
        }
        state = fail[state] ?? 0;
        row = rowOf[state] ?? -1;
      }
      if (row >= 0) state = rows[row + letter] ?? 0;
      if (ends[state] === 0) continue;
      const ending = this.#endings[state];
      if (ending) report(ending, text, at, found);
    }
  }

  #add(text: string): number {
    let state = 0;
    const length = Math.min(text.length, longestHead);
    for (let at = 0; at < length; at++)
      state = this.#trie.nextOrNew(state, this.#trie.alphabet.classOf(text.charCodeAt(at)));
    return state;
  }

  /** Called in the order of depth: what a state falls back to is linked before. */
  #link(state: number, place: number, own: readonly Literal[] | undefined): void {
    const {size} = this.#trie.alphabet;
    const fail = state === 0 ? 0 : this.#failOf(state);
    this.#fail[state] = fail;
    const inherited = state === 0 ? undefined : this.#endings[fail];
    this.#endings[state] = own ? joined(own, inherited) : inherited;
    if (this.#endings[state]) this.#ends[state] = 1;
    if (place < 0) return;
    this.#rowOf[state] = place * size;
    for (let letter = 1; letter < size; letter++) {
      const next = this.#trie.next(state, letter);
      const beside = state === 0 ? 0 : (this.#rows[(this.#rowOf[fail] ?? 0) + letter] ?? 0);
      this.#rows[place * size + letter] = next >= 0 ? next : beside;
    }
  }

  #failOf(state: number): number {
    const parent = this.#trie.parentOf(state);
    if (parent === 0) return 0;
    const letter = this.#trie.letterOf(state);
    for (let other = this.#fail[parent] ?? 0; ; other = this.#fail[other] ?? 0) {
      const next = this.#trie.next(other, letter);
      if (next >= 0) return next;
      if (other === 0) return 0;
    }
  }
}

function report({leaves, long}: Ending, text: string, at: number, found: FoundLeaves): void {
  if (leaves.length > 0) found.push(leaves);
  for (const literal of long) if (text.startsWith(literal.text, at + 1 - longestHead)) found.push(literal.leaves);
}

function joined(own: readonly Literal[], inherited: Ending | undefined): Ending {
  const short = own.filter(literal => literal.text.length <= longestHead).flatMap(literal => literal.leaves);
  const long = own.filter(literal => literal.text.length > longestHead);
  return {leaves: [...short, ...(inherited?.leaves ?? [])], long: [...long, ...(inherited?.long ?? [])]};
}

/** Every state, those nearer to the root first. */
function byDepth(trie: Trie): number[] {
  const depths = new Uint8Array(trie.states);
  const levels: number[][] = [[0]];
  for (let state = 1; state < trie.states; state++) {
    const depth = (depths[trie.parentOf(state)] ?? 0) + 1;
    depths[state] = depth;
    const level = levels[depth] ?? [];
    level.push(state);
    levels[depth] = level;
  }
  return levels.flat();
}
