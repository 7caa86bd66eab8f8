import type {RawPacket} from '../src/capture/packets/backend.ts';
import {applicationFacts} from '../src/capture/packets/decode/application.ts';
import {Decoded} from '../src/capture/packets/decode/decoded.ts';
import {explainPacket} from '../src/capture/packets/decode/explain.ts';
import {decodeInner, decodePacket, decodeQuoted} from '../src/capture/packets/decode/packet.ts';

const tail = 64;
const samples = 10;

/** Gives numbers from 0 to 1, the same each time. */
export type RandomNumbers = () => number;

export interface MutationResult {
  readonly packets: number;
  /** Packets whose answer changed with the bytes behind their end: must be 0. */
  readonly unequal: number;
  /** Heap in MB at ten points, evenly spaced: flat where nothing is kept. */
  readonly heapMegabytes: readonly number[];
  readonly seconds: number;
}

/** Decodes packets with some bytes changed and their end cut, each twice with different bytes behind the end. */
export function decodeMutated(seeds: readonly RawPacket[], count: number, seed = 1): MutationResult {
  const random = generator(seed);
  const begun = performance.now();
  const heapMegabytes: number[] = [];
  let unequal = 0;
  for (let done = 0; done < count && seeds.length > 0; done++) {
    const packet = mutate(seeds[Math.floor(random() * seeds.length)] as RawPacket, random);
    if (everything(packet, 0x00) !== everything(packet, 0xff)) unequal++;
    if ((done + 1) % Math.ceil(count / samples) === 0) heapMegabytes.push(heap());
  }
  return {packets: count, unequal, heapMegabytes, seconds: Math.round((performance.now() - begun) / 100) / 10};
}

/** All that this program finds out of a packet, as text, where `filler` lies behind its captured end. */
export function everything(packet: RawPacket, filler: number): string {
  const bytes = new Uint8Array(packet.end - packet.start + tail).fill(filler);
  bytes.set(packet.bytes.subarray(packet.start, packet.end));
  const own = {...packet, bytes, start: 0, end: packet.end - packet.start};
  const parts: unknown[] = [explainPacket(own)];
  let d = new Decoded();
  decodePacket(d, own);
  for (let more = true; more; ) {
    const quoted = new Decoded();
    parts.push(numbersOf(d), applicationFacts(d), decodeQuoted(d, quoted) && numbersOf(quoted));
    const inner = new Decoded();
    more = decodeInner(d, inner);
    d = inner;
  }
  return JSON.stringify(parts);
}

function numbersOf(d: Decoded): unknown {
  const {bytes: _bytes, eventIds, layers, layerAt, ...numbers} = d;
  const lists = [eventIds.slice(0, d.eventCount), layers.slice(0, d.layerCount), layerAt.slice(0, d.layerCount)];
  return [numbers, lists];
}

export function mutate(seed: RawPacket, random: RandomNumbers): RawPacket {
  const bytes = seed.bytes.slice(seed.start, seed.end);
  // Headers are where it hurts: half of the changes fall into the first 80 bytes.
  for (let i = Math.floor(random() * 6); i > 0 && bytes.length > 0; i--) {
    const reach = random() < 0.5 ? Math.min(80, bytes.length) : bytes.length;
    bytes[Math.floor(random() * reach)] = random() < 0.3 ? (random() < 0.5 ? 0 : 255) : Math.floor(random() * 256);
  }
  const end = random() < 0.5 ? bytes.length : Math.floor(random() * (bytes.length + 1));
  return {...seed, bytes, start: 0, end, wire: random() < 0.5 ? end : Math.max(seed.wire, end)};
}

export function heap(): number {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().heapUsed / 1e5) / 10;
}

/** A small random generator with a seed (mulberry32). */
export function generator(seed: number): RandomNumbers {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
