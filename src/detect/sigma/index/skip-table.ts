import {type ByteTable, type Candidate, candidateOf, push, type Seen} from './candidate.ts';
import type {Literal} from './literal.ts';

/** So many characters are looked at together. */
const blockLength = 3;
const tableSize = 8_192;
const mostLiterals = 600;
const longestWindow = 24;
/** What a place costs in a table that looks at every one, and to search one text on its own, to a look at a block. */
const everyPlace = 1.5;
const oneSearch = 0.15;

/**
 * Finds few and long texts without looking at every place (Wu & Manber, "A Fast Algorithm for Multi-Pattern Searching",
 * 1994): of each text a window of the same length is taken; three characters that stand in no window, or far from every
 * window's end, tell how far to go on.
 */
export class SkipTable implements ByteTable {
  readonly #window: number;
  /** By the hash of a block: how far on the next window may end; 0 where one may end here. */
  readonly #shifts = new Uint8Array(tableSize);
  readonly #byBlock = new Map<number, Candidate[]>();

  /** The window for texts of these lengths; undefined where a table that looks at every place is quicker. */
  static windowFor(lengths: readonly number[]): number | undefined {
    if (lengths.length > mostLiterals) return undefined;
    const costOf = (window: number) =>
      lengths.filter(length => length < window).length * oneSearch + 1 / (window - blockLength + 1);
    let best: number | undefined;
    for (let window = blockLength; window <= longestWindow; window++)
      if (costOf(window) < (best === undefined ? everyPlace : costOf(best))) best = window;
    return best;
  }

  /** Every text is at least as long as the window. */
  constructor(literals: readonly Literal[], window: number) {
    this.#window = window;
    this.#shifts.fill(this.#window - blockLength + 1);
    const frequencies = new Map<number, number>();
    for (const {text} of literals)
      for (const block of blocksOf(text)) frequencies.set(block, (frequencies.get(block) ?? 0) + 1);
    for (const literal of literals) this.#add(literal, frequencies);
  }

  scan(bytes: Uint8Array, length: number, seen: Seen): void {
    const shifts = this.#shifts;
    let at = this.#window - 1;
    while (at < length) {
      const hash = hashOf(bytes[at - 2] as number, bytes[at - 1] as number, bytes[at] as number);
      const shift = shifts[hash] as number;
      if (shift === 0) {
        const candidates = this.#byBlock.get(hash);
        if (candidates) seen(candidates, at);
        at++;
      } else at += shift;
    }
  }

  /** Whether a text may stand in a string, in any letters: no where it is false. Beyond ASCII all may be. */
  mayFind(string: string): boolean {
    const shifts = this.#shifts;
    const {length} = string;
    let at = this.#window - 1;
    while (at < length) {
      const first = string.charCodeAt(at - 2);
      const second = string.charCodeAt(at - 1);
      const third = string.charCodeAt(at);
      const shift = shifts[hashOf(first, second, third)] as number;
      if (shift === 0 || (first | second | third) >= 128) return true;
      at += shift;
    }
    return false;
  }

  /** The window is where its last block is rarest in all texts. */
  #add(literal: Literal, frequencies: ReadonlyMap<number, number>): void {
    const blocks = blocksOf(literal.text);
    let end = this.#window - blockLength;
    for (let at = end; at < blocks.length; at++)
      if ((frequencies.get(blocks[at] ?? 0) ?? 0) < (frequencies.get(blocks[end] ?? 0) ?? 0)) end = at;
    for (let back = 0; back <= this.#window - blockLength; back++) {
      const block = blocks[end - back] ?? 0;
      this.#shifts[block] = Math.min(this.#shifts[block] ?? 0, back);
    }
    push(this.#byBlock, blocks[end] ?? 0, candidateOf(literal, end + blockLength - 1));
  }
}

function hashOf(first: number, second: number, third: number): number {
  return (((first | 32) << 10) ^ ((second | 32) << 5) ^ (third | 32)) & (tableSize - 1);
}

/** The hash of each three characters in a row. */
function blocksOf(text: string): number[] {
  return Array.from({length: Math.max(0, text.length - blockLength + 1)}, (_, at) =>
    hashOf(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)),
  );
}
