import type {FoundLeaves, Literal} from './literal.ts';

/** A text is found by so many of its characters, the rarest of them, and then compared whole. */
const gramLength = 4;
const gramMask = 0xf_ffff;

/** A text to compare where its gram was found. */
interface Candidate {
  readonly text: string;
  readonly leaves: readonly number[];
  /** How many characters of it stand before the gram's last. */
  readonly before: number;
  readonly first: number;
  /** The scan that found it last: one find is enough. */
  found: number;
}

/**
 * Finds all of many texts anywhere in a value in one pass. Of each text the rarest four characters are known by their
 * hash: the pass asks one bit a place, in a table that stays in the processor's first cache, and compares texts only
 * where that says so (as Wu & Manber, "A Fast Algorithm for Multi-Pattern Searching", 1994, but without shifts). Texts shorter than that are found by pairs of characters.
 */
export class InsideMatcher {
  readonly #bits: Int32Array;
  readonly #shift: number;
  readonly #byGram = new Map<number, Candidate[]>();
  /** By two characters the place in `#byPair`; 0 is none. */
  readonly #pairs = new Uint16Array(128 * 128);
  readonly #byPair: Candidate[][] = [[]];
  readonly #single: readonly Literal[];
  /** Texts with characters beyond ASCII, by the first such: looked for only where a value has one. */
  readonly #byUnit = new Map<number, Candidate[]>();
  #scans = 0;

  constructor(literals: readonly Literal[]) {
    const plain = literals.filter(({text}) => beyondAscii(text) < 0);
    const long = plain.filter(({text}) => text.length >= gramLength);
    const width = Math.max(10, Math.min(18, Math.ceil(Math.log2(long.length * 12 + 1))));
    this.#shift = 32 - width;
    this.#bits = new Int32Array(2 ** (width - 5));
    const frequencies = gramFrequencies(long);
    for (const literal of long) this.#addLong(literal, frequencies);
    this.#single = plain.filter(({text}) => text.length === 1);
    const short = plain.filter(({text}) => text.length > 1 && text.length < gramLength);
    const pairFrequencies = countPairs(short);
    for (const literal of short) this.#addShort(literal, pairFrequencies);
    for (const literal of literals) {
      const before = beyondAscii(literal.text);
      if (before >= 0) push(this.#byUnit, literal.text.charCodeAt(before), candidate(literal, before));
    }
  }

  /** `text` is folded: a string of its own, so its characters lie in a row, which those cut out of a line do not. */
  scan(text: string, found: FoundLeaves): void {
    const [bits, shift, pairs] = [this.#bits, this.#shift, this.#pairs];
    const scan = ++this.#scans;
    let gram = 0;
    let pair = 0;
    let all = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      all |= unit;
      gram = ((gram << 5) ^ unit) & gramMask;
      pair = ((pair << 7) | (unit & 127)) & 0x3fff;
      const hash = Math.imul(gram, 0x9e3779b1) >>> shift;
      if (((bits[hash >>> 5] as number) >>> (hash & 31)) & 1) compare(this.#byGram.get(gram), text, at, scan, found);
      const place = pairs[pair] as number;
      if (place !== 0) compare(this.#byPair[place], text, at, scan, found);
    }
    for (const {text: char, leaves} of this.#single) if (text.includes(char)) found.push(leaves);
    if (all >= 128 && this.#byUnit.size > 0) this.#scanUnits(text, scan, found);
  }

  #scanUnits(text: string, scan: number, found: FoundLeaves): void {
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit >= 128) compare(this.#byUnit.get(unit), text, at, scan, found);
    }
  }

  #addLong(literal: Literal, frequencies: ReadonlyMap<number, number>): void {
    let best = 0;
    let rarest = Number.POSITIVE_INFINITY;
    let gram = 0;
    for (const [at, hash] of gramsOf(literal.text)) {
      const frequency = frequencies.get(hash) ?? 0;
      if (frequency >= rarest) continue;
      rarest = frequency;
      best = at;
      gram = hash;
    }
    const hash = Math.imul(gram, 0x9e3779b1) >>> this.#shift;
    this.#bits[hash >>> 5] = (this.#bits[hash >>> 5] ?? 0) | (1 << (hash & 31));
    push(this.#byGram, gram, candidate(literal, best));
  }

  #addShort(literal: Literal, frequencies: ReadonlyMap<number, number>): void {
    const [first = 0, second = first] = pairsOf(literal.text);
    const isSecond = (frequencies.get(second) ?? 0) < (frequencies.get(first) ?? 0);
    const pair = isSecond ? second : first;
    const place = this.#pairs[pair] || this.#byPair.push([]) - 1;
    this.#pairs[pair] = place;
    this.#byPair[place]?.push(candidate(literal, isSecond ? 2 : 1));
  }
}

function compare(
  candidates: readonly Candidate[] | undefined,
  text: string,
  at: number,
  scan: number,
  found: FoundLeaves,
): void {
  if (candidates === undefined) return;
  for (const one of candidates) {
    if (one.found === scan) continue;
    const start = at - one.before;
    if (start < 0 || text.charCodeAt(start) !== one.first || !text.startsWith(one.text, start)) continue;
    one.found = scan;
    found.push(one.leaves);
  }
}

function candidate({text, leaves}: Literal, before: number): Candidate {
  return {text, leaves, before, first: text.charCodeAt(0), found: 0};
}

/** How often each gram stands in the texts themselves: what rules often ask for, logs often hold. */
function gramFrequencies(literals: readonly Literal[]): Map<number, number> {
  const frequencies = new Map<number, number>();
  for (const {text} of literals)
    for (const [, gram] of gramsOf(text)) frequencies.set(gram, (frequencies.get(gram) ?? 0) + 1);
  return frequencies;
}

/** Each gram with the place of its last character. */
function gramsOf(text: string): [at: number, gram: number][] {
  const grams: [number, number][] = [];
  let gram = 0;
  for (let at = 0; at < text.length; at++) {
    gram = ((gram << 5) ^ text.charCodeAt(at)) & gramMask;
    if (at >= gramLength - 1) grams.push([at, gram]);
  }
  return grams;
}

function countPairs(literals: readonly Literal[]): Map<number, number> {
  const frequencies = new Map<number, number>();
  for (const {text} of literals)
    for (const pair of pairsOf(text)) frequencies.set(pair, (frequencies.get(pair) ?? 0) + 1);
  return frequencies;
}

function pairsOf(text: string): number[] {
  return Array.from({length: text.length - 1}, (_, at) => (text.charCodeAt(at) << 7) | text.charCodeAt(at + 1));
}

function push(lists: Map<number, Candidate[]>, key: number, one: Candidate): void {
  const list = lists.get(key);
  if (list) list.push(one);
  else lists.set(key, [one]);
}

/** The place of the first character beyond ASCII, or -1. */
function beyondAscii(text: string): number {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 128) return at;
  return -1;
}
