import type {FlowRecord} from '../../capture/packets/flow-record.ts';
import type {Micros} from '../../event/event.ts';
import {linearCount, ones} from './bits.ts';
import {addressKey, mixed, step} from './hash.ts';

const sets = 1024;
const ways = 8;
const bitmapWords = 32;
const day = 86_400_000_000;
const halfHour = 1_800_000_000;
const hour = 3_600_000_000;

/** What a source tried over hours, as far as it can be told from a bitmap. */
export interface SlowScan {
  readonly targets: number;
  readonly ports: number;
  readonly hosts: number;
  readonly hours: number;
  readonly first: Micros;
  readonly last: Micros;
}

/**
 * Attempts that had no answer, of each source over a day, in 430 bytes a source: hosts and ports as bitmaps of 1,024 bits
 * (linear counting: Whang et al., TODS'90), hours as 24 bits. Of eight sources that share a place the one that tried
 * least makes room, so a flood of forged sources, each with one attempt, does not push out one that is patient.
 */
export class SlowScans {
  readonly #keys = new Float64Array(sets * ways);
  readonly #first = new Float64Array(sets * ways);
  readonly #last = new Float64Array(sets * ways);
  readonly #hours = new Int32Array(sets * ways);
  readonly #counts = new Int32Array(sets * ways);
  readonly #good = new Int32Array(sets * ways);
  readonly #told = new Int32Array(sets * ways);
  readonly #hosts = new Int32Array(sets * ways * bitmapWords);
  readonly #ports = new Int32Array(sets * ways * bitmapWords);
  readonly #both = new Int32Array(sets * ways * bitmapWords);

  /** An attempt without an answer. */
  add(flow: FlowRecord): number {
    const key = addressKey(flow, 0);
    let at = this.#find(key);
    if (at < 0 || flow.time - (this.#first[at] ?? 0) > day) at = this.#begin(key, at, flow.time);
    const host = addressKey(flow, 4) | 0;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#hours[at] = (this.#hours[at] ?? 0) | (1 << (Math.floor(flow.time / hour) % 24));
    this.#first[at] = Math.min(this.#first[at] ?? 0, flow.time);
    this.#last[at] = Math.max(this.#last[at] ?? 0, flow.time);
    mark(this.#hosts, at, step(step(host, 1), 0x632be5ab));
    mark(this.#ports, at, step(step(7, flow.destinationPort), 0x632be5ab));
    mark(this.#both, at, step(step(host, flow.destinationPort), 0x632be5ab));
    return at;
  }

  /** A connection that was answered speaks against a scan. */
  addGood(source: number): void {
    const at = this.#find(source);
    if (at >= 0) this.#good[at] = (this.#good[at] ?? 0) + 1;
  }

  /** What this source is known for; undefined where it was not spread over more than half an hour and two hours of day. */
  scan(at: number): SlowScan | undefined {
    const [first = 0, last = 0] = [this.#first[at], this.#last[at]];
    const hours = ones(this.#hours[at] ?? 0);
    if (last - first < halfHour || hours < 2) return undefined;
    const targets = counted(this.#both, at);
    if ((this.#good[at] ?? 0) * 4 > targets) return undefined;
    return {targets, ports: counted(this.#ports, at), hosts: counted(this.#hosts, at), hours, first, last};
  }

  /** Targets told of before. */
  told(at: number): number {
    return this.#told[at] ?? 0;
  }

  tell(at: number, targets: number): void {
    this.#told[at] = targets;
  }

  #find(key: number): number {
    const base = place(key);
    for (let at = base; at < base + ways; at++) if (this.#keys[at] === key) return at;
    return -1;
  }

  #begin(key: number, known: number, time: Micros): number {
    const at = known >= 0 ? known : this.#least(place(key), time);
    this.#keys[at] = key;
    this.#first[at] = this.#last[at] = time;
    this.#hours[at] = this.#counts[at] = this.#good[at] = this.#told[at] = 0;
    for (const bits of [this.#hosts, this.#ports, this.#both]) bits.fill(0, at * bitmapWords, (at + 1) * bitmapWords);
    return at;
  }

  #least(base: number, time: Micros): number {
    let best = base;
    let bestScore = Number.POSITIVE_INFINITY;
    for (let at = base; at < base + ways; at++) {
      const old = time - (this.#last[at] ?? 0) > day;
      // Among those that tried as much, the one that was quiet longest.
      const score = old ? -1 : (this.#counts[at] ?? 0) + (this.#last[at] ?? 0) / 2 ** 53;
      if (score >= bestScore) continue;
      bestScore = score;
      best = at;
    }
    return best;
  }
}

function place(key: number): number {
  return ((mixed(key, 0x51ed) >>> 0) % sets) * ways;
}

function mark(bits: Int32Array, at: number, hash: number): void {
  const bit = hash & (bitmapWords * 32 - 1);
  const word = at * bitmapWords + (bit >> 5);
  bits[word] = (bits[word] ?? 0) | (1 << (bit & 31));
}

function counted(bits: Int32Array, at: number): number {
  return linearCount(bits, at * bitmapWords, bitmapWords);
}
