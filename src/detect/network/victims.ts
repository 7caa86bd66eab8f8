import {addressText} from '../../capture/packets/decode/address.ts';
import type {Decoded} from '../../capture/packets/decode/decoded.ts';
import type {Micros} from '../../event/event.ts';
import {linearCount, linearEstimate, ones} from './bits.ts';
import {mixed, quickDestination, quickSource, step} from './hash.ts';

const sets = 1024;
const ways = 4;
const slots = sets * ways;
const addressWords = 5;
const bitmapWords = 32;
const second = 1_000_000;

/** What is counted of a host, each second. `in` is towards it, `out` what it sent. */
export const tally = {
  synIn: 0,
  done: 1,
  udpIn: 2,
  udpOut: 3,
  echoIn: 4,
  echoAnswered: 5,
  errorsIn: 6,
  unreachableOut: 7,
  unaskedUdp: 8,
  unaskedBytes: 9,
  unaskedTcp: 10,
  /** Bytes of answers that it asked for, and what it asked them with. */
  answerBytes: 11,
  askedBytes: 12,
  /** Packets it sent that may be answered with ICMP. */
  asksOut: 13,
} as const;
/** Summed up when the second is over. */
const [distinctPorts, distinctSources, novelPart] = [14, 15, 16];
const tallies = 17;

/** Distinct things seen towards a host in a second, as bitmaps of 1,024 bits: approximate, 7,000 at the most. */
export const distinct = {ports: 0, sources: 1, tuples: 2} as const;
const kinds = 3;
const bitCount = bitmapWords * 32;
const tuplesMarkedBefore = 1 << kinds;

/** A host's second that is over. */
export interface JudgedSecond {
  readonly slot: number;
  readonly start: Micros;
  of(which: number): number;
  readonly ports: number;
  readonly sources: number;
  /** Which part of the conversations was not there the second before; 1 where they are too many to tell. */
  readonly novelty: number;
}

/**
 * Counts by host and second, in typed arrays of a fixed size. A second is judged one second after it ended, so that
 * answers and handshakes that it began have come. Four hosts share a place; the quietest of them makes room, so forged
 * addresses do not push out a host that is under a flood.
 */
export class Victims {
  readonly #judge: (one: JudgedSecond) => void;
  readonly #words = new Int32Array(slots * addressWords);
  readonly #second = new Float64Array(slots);
  /** This second's tallies, then the one's before. */
  readonly #now = new Float64Array(slots * tallies);
  readonly #before = new Float64Array(slots * tallies);
  readonly #bits = new Int32Array(slots * kinds * bitmapWords);
  readonly #tuplesBefore = new Int32Array(slots * bitmapWords);
  /** Which bitmaps have bits, a bit a kind, and whether the tuples before have: most hosts are never marked. */
  readonly #marked = new Uint8Array(slots);
  /** Bit 0: this second is worth judging, bit 1: the one before is. */
  readonly #heat = new Uint8Array(slots);
  /** Slots to judge although nothing more comes. */
  readonly #waiting = new Set<number>();

  constructor(judge: (one: JudgedSecond) => void) {
    this.#judge = judge;
  }

  /** The slot of the packet's destination, begun where it is new. */
  destination(d: Decoded): number {
    const {d0, d1, d2, d3} = d;
    const hash = quickDestination(d);
    const known = this.#find(hash, d.family, d0, d1, d2, d3, d.time);
    return known >= 0 ? known : this.#begin(hash, d);
  }

  /** The slot of the packet's source, -1 where nothing was counted towards it lately. */
  source(d: Decoded): number {
    return this.#find(quickSource(d), d.family, d.s0, d.s1, d.s2, d.s3, d.time);
  }

  /** Adds to this second and returns its sum. */
  add(slot: number, which: number, count = 1): number {
    const at = slot * tallies + which;
    const sum = (this.#now[at] ?? 0) + count;
    this.#now[at] = sum;
    return sum;
  }

  /** Adds to the second with this number, where it is not judged yet. */
  addAt(slot: number, which: number, number: number): void {
    const current = this.#second[slot] ?? 0;
    if (number !== current && number !== current - 1) return;
    const row = number === current ? this.#now : this.#before;
    const at = slot * tallies + which;
    row[at] = (row[at] ?? 0) + 1;
  }

  mark(slot: number, kind: number, hash: number): void {
    const bit = step(hash, kind + 1) & (bitCount - 1);
    const word = (slot * kinds + kind) * bitmapWords + (bit >> 5);
    this.#bits[word] = (this.#bits[word] ?? 0) | (1 << (bit & 31));
    this.#marked[slot] = (this.#marked[slot] ?? 0) | (1 << kind);
  }

  /** About how many sources were marked in this second. */
  sources(slot: number): number {
    return linearCount(this.#bits, (slot * kinds + distinct.sources) * bitmapWords, bitmapWords);
  }

  /** This second is worth judging. */
  heat(slot: number): void {
    if (((this.#heat[slot] ?? 0) & 1) !== 0) return;
    this.#heat[slot] = (this.#heat[slot] ?? 0) | 1;
    this.#waiting.add(slot);
  }

  /** Any host is under suspicion. */
  get anyHot(): boolean {
    return this.#waiting.size > 0;
  }

  onTick(now: Micros): void {
    const current = Math.floor(now / second);
    for (const slot of this.#waiting) {
      if (current > (this.#second[slot] ?? 0) + 1) this.#turn(slot, current);
      if (this.#heat[slot] === 0) this.#waiting.delete(slot);
    }
  }

  finish(): void {
    for (const slot of this.#waiting) this.#turn(slot, (this.#second[slot] ?? 0) + 2);
    this.#waiting.clear();
  }

  text(slot: number): string {
    const at = slot * addressWords;
    const [family = 4, w0 = 0, w1 = 0, w2 = 0, w3 = 0] = this.#words.subarray(at, at + addressWords);
    return addressText(family, w0, w1, w2, w3);
  }

  /** As hash.ts makes it of an address: 52 bits. */
  key(slot: number): number {
    let hash = 0;
    for (let i = slot * addressWords + 1; i < (slot + 1) * addressWords; i++) hash = mixed(hash, this.#words[i] ?? 0);
    return hash;
  }

  #find(hash: number, family: number, w0: number, w1: number, w2: number, w3: number, time: Micros): number {
    const base = placeOf(hash);
    const words = this.#words;
    for (let slot = base; slot < base + ways; slot++) {
      const at = slot * addressWords;
      if (words[at + 4] !== w3 || words[at + 3] !== w2 || words[at + 2] !== w1 || words[at + 1] !== w0) continue;
      if (words[at] !== family) continue;
      const current = Math.floor(time / second);
      if (current !== this.#second[slot]) this.#turn(slot, current);
      return slot;
    }
    return -1;
  }

  #begin(hash: number, d: Decoded): number {
    const slot = this.#quietest(placeOf(hash));
    const at = slot * addressWords;
    if (this.#heat[slot] !== 0) this.#turn(slot, (this.#second[slot] ?? 0) + 2);
    this.#clear(slot);
    this.#words[at] = d.family;
    this.#words[at + 1] = d.d0;
    this.#words[at + 2] = d.d1;
    this.#words[at + 3] = d.d2;
    this.#words[at + 4] = d.d3;
    this.#second[slot] = Math.floor(d.time / second);
    return slot;
  }

  /** One that is not under suspicion, and was quiet longest. */
  #quietest(base: number): number {
    let best = base;
    let bestScore = Number.POSITIVE_INFINITY;
    for (let slot = base; slot < base + ways; slot++) {
      const score = (this.#second[slot] ?? 0) + (this.#heat[slot] === 0 ? 0 : 1e12);
      if (score >= bestScore) continue;
      bestScore = score;
      best = slot;
    }
    return best;
  }

  /** Time goes on, or falls back by more than a second. What came late by less counts to this second. */
  #turn(slot: number, current: number): void {
    const was = this.#second[slot] ?? 0;
    if (current === was - 1) return;
    const heat = this.#heat[slot] ?? 0;
    if ((heat & 2) !== 0) this.#send(slot, was - 1);
    this.#close(slot, (heat & 1) !== 0);
    this.#heat[slot] = (heat & 1) << 1;
    this.#second[slot] = current;
    if (current === was + 1) return;
    if ((heat & 1) !== 0) this.#send(slot, was);
    this.#clear(slot);
  }

  /** This second becomes the one before. */
  #close(slot: number, worth: boolean): void {
    const from = slot * tallies;
    if (worth) this.#sumUp(slot);
    for (let i = from; i < from + tallies; i++) {
      this.#before[i] = this.#now[i] ?? 0;
      this.#now[i] = 0;
    }
    const marked = this.#marked[slot] ?? 0;
    if (marked === 0) return;
    const tuples = (slot * kinds + distinct.tuples) * bitmapWords;
    for (let i = 0; i < bitmapWords; i++) this.#tuplesBefore[slot * bitmapWords + i] = this.#bits[tuples + i] ?? 0;
    this.#bits.fill(0, slot * kinds * bitmapWords, (slot + 1) * kinds * bitmapWords);
    this.#marked[slot] = (marked & (1 << distinct.tuples)) !== 0 ? tuplesMarkedBefore : 0;
  }

  #sumUp(slot: number): void {
    const from = slot * tallies;
    this.#now[from + distinctPorts] = linearCount(
      this.#bits,
      (slot * kinds + distinct.ports) * bitmapWords,
      bitmapWords,
    );
    this.#now[from + distinctSources] = linearCount(
      this.#bits,
      (slot * kinds + distinct.sources) * bitmapWords,
      bitmapWords,
    );
    const tuples = (slot * kinds + distinct.tuples) * bitmapWords;
    let [all, either, before] = [0, 0, 0];
    for (let i = 0; i < bitmapWords; i++) {
      const bits = this.#bits[tuples + i] ?? 0;
      const older = this.#tuplesBefore[slot * bitmapWords + i] ?? 0;
      all += ones(bits);
      before += ones(older);
      either += ones(bits | older);
    }
    this.#now[from + novelPart] = novelty(all, before, either);
  }

  #send(slot: number, number: number): void {
    const from = slot * tallies;
    const of = (which: number) => this.#before[from + which] ?? 0;
    const [ports, sources, novelty] = [of(distinctPorts), of(distinctSources), of(novelPart)];
    this.#judge({slot, start: number * second, of, ports, sources, novelty});
  }

  #clear(slot: number): void {
    for (let i = slot * tallies; i < (slot + 1) * tallies; i++) {
      this.#now[i] = 0;
      this.#before[i] = 0;
    }
    this.#heat[slot] = 0;
    if (this.#marked[slot] === 0) return;
    this.#bits.fill(0, slot * kinds * bitmapWords, (slot + 1) * kinds * bitmapWords);
    this.#tuplesBefore.fill(0, slot * bitmapWords, (slot + 1) * bitmapWords);
    this.#marked[slot] = 0;
  }
}

/** Of the things that set `all` bits, which part was not among those that set `before`. */
function novelty(all: number, before: number, either: number): number {
  if (all > bitCount * 0.95) return 1;
  // Where there was nothing before, all is new and tells nothing.
  if (all < 16 || before === 0) return 0;
  return (linearEstimate(either, bitCount) - linearEstimate(before, bitCount)) / linearEstimate(all, bitCount);
}

function placeOf(hash: number): number {
  return ((hash ^ (hash >>> 16)) & (sets - 1)) * ways;
}
