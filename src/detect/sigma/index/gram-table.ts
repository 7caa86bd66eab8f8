import {type ByteTable, type Candidate, candidateOf, push, type Seen} from './candidate.ts';
import type {Literal} from './literal.ts';

/** A text is found by so many of its characters, the rarest of them. */
const gramLength = 4;
const gramMask = 0xf_ffff;

/**
 * Of each text the rarest four characters are known by their hash: a pass asks one bit a place, in a table that stays in
 * the processor's first cache (as Wu & Manber, "A Fast Algorithm for Multi-Pattern Searching", 1994, but without
 * shifts). Texts shorter than that are found by pairs of characters. For any texts of ASCII, of two characters or more.
 */
export class GramTable implements ByteTable {
  readonly #bits: Int32Array;
  readonly #shift: number;
  readonly #byGram = new Map<number, Candidate[]>();
  /** By two characters the place in `#byPair`; 0 is none. */
  readonly #pairs = new Uint16Array(128 * 128);
  readonly #byPair: Candidate[][] = [[]];

  constructor(literals: readonly Literal[]) {
    const long = literals.filter(({text}) => text.length >= gramLength);
    const width = Math.max(10, Math.min(18, Math.ceil(Math.log2(long.length * 12 + 1))));
    this.#shift = 32 - width;
    this.#bits = new Int32Array(2 ** (width - 5));
    const frequencies = count(long, gramsOf);
    for (const literal of long) this.#addLong(literal, frequencies);
    const short = literals.filter(({text}) => text.length < gramLength);
    const pairFrequencies = count(short, pairsOf);
    for (const literal of short) this.#addShort(literal, pairFrequencies);
  }

  scan(bytes: Uint8Array, length: number, seen: Seen): void {
    const [bits, shift, pairs] = [this.#bits, this.#shift, this.#pairs];
    const hasPairs = this.#byPair.length > 1;
    let gram = 0;
    let pair = 0;
    for (let at = 0; at < length; at++) {
      const unit = (bytes[at] as number) | 32;
      gram = ((gram << 5) ^ unit) & gramMask;
      const hash = Math.imul(gram, 0x9e3779b1) >>> shift;
      if (((bits[hash >>> 5] as number) >>> (hash & 31)) & 1) {
        const candidates = this.#byGram.get(gram);
        if (candidates) seen(candidates, at);
      }
      if (!hasPairs) continue;
      pair = ((pair << 7) | (unit & 127)) & 0x3fff;
      const place = pairs[pair] as number;
      if (place !== 0) seen(this.#byPair[place] ?? [], at);
    }
  }

  #addLong(literal: Literal, frequencies: ReadonlyMap<number, number>): void {
    const [at, gram] = rarest(gramsOf(literal.text), frequencies);
    const hash = Math.imul(gram, 0x9e3779b1) >>> this.#shift;
    this.#bits[hash >>> 5] = (this.#bits[hash >>> 5] ?? 0) | (1 << (hash & 31));
    push(this.#byGram, gram, candidateOf(literal, at));
  }

  #addShort(literal: Literal, frequencies: ReadonlyMap<number, number>): void {
    const [at, pair] = rarest(pairsOf(literal.text), frequencies);
    const place = this.#pairs[pair] || this.#byPair.push([]) - 1;
    this.#pairs[pair] = place;
    this.#byPair[place]?.push(candidateOf(literal, at));
  }
}

type Places = readonly (readonly [at: number, key: number])[];

/** How often each key stands in the texts themselves: what rules often ask for, logs often hold. */
function count(literals: readonly Literal[], keysOf: (text: string) => Places): Map<number, number> {
  const frequencies = new Map<number, number>();
  for (const {text} of literals)
    for (const [, key] of keysOf(text)) frequencies.set(key, (frequencies.get(key) ?? 0) + 1);
  return frequencies;
}

function rarest(places: Places, frequencies: ReadonlyMap<number, number>): readonly [at: number, key: number] {
  let best: readonly [number, number] = places[0] ?? [0, 0];
  for (const place of places) if ((frequencies.get(place[1]) ?? 0) < (frequencies.get(best[1]) ?? 0)) best = place;
  return best;
}

/** Each gram with the place of its last character. */
function gramsOf(text: string): [at: number, gram: number][] {
  const grams: [number, number][] = [];
  let gram = 0;
  for (let at = 0; at < text.length; at++) {
    gram = ((gram << 5) ^ (text.charCodeAt(at) | 32)) & gramMask;
    if (at >= gramLength - 1) grams.push([at, gram]);
  }
  return grams;
}

function pairsOf(text: string): [at: number, pair: number][] {
  return Array.from({length: text.length - 1}, (_, at) => [
    at + 1,
    (((text.charCodeAt(at) | 32) & 127) << 7) | ((text.charCodeAt(at + 1) | 32) & 127),
  ]);
}
