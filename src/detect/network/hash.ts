import type {Decoded} from '../../capture/packets/decode/decoded.ts';
import type {FlowRecord} from '../../capture/packets/flow-record.ts';

/** 52 bits of two numbers: two different things meet by chance once in many million. */
export function mixed(a: number, b: number): number {
  const low = Math.imul((a | 0) ^ 0x5bd1e995, 0x9e3779b1) ^ Math.imul(b | 0, 0x85ebca6b);
  const high = Math.imul(Math.floor(a / 2 ** 32) ^ (b | 0), 0xc2b2ae35) ^ Math.imul(low ^ (low >>> 15), 0x27d4eb2f);
  return ((high >>> 12) & 0xfffff) * 2 ** 32 + ((low ^ (low >>> 13)) >>> 0);
}

export function sourceKey(d: Decoded): number {
  return mixed(mixed(mixed(mixed(0, d.s0), d.s1), d.s2), d.s3);
}

export function destinationKey(d: Decoded): number {
  return mixed(mixed(mixed(mixed(0, d.d0), d.d1), d.d2), d.d3);
}

/** The same key of a flow's source (`at` 0) or destination (`at` 4). */
export function addressKey(flow: FlowRecord, at: 0 | 4): number {
  let hash = 0;
  for (let i = at; i < at + 4; i++) hash = mixed(hash, flow.words[i] ?? 0);
  return hash;
}

/** 32 bits, for tables that are looked into with each packet: no heap number. */
export function quickSource(d: Decoded): number {
  return step(step(step(step(0x2545f491, d.s3), d.s2), d.s1), d.s0);
}

export function quickDestination(d: Decoded): number {
  return step(step(step(step(0x2545f491, d.d3), d.d2), d.d1), d.d0);
}

/** Mixes one more word into a 32-bit hash. */
export function step(hash: number, word: number): number {
  const h = Math.imul(hash ^ word, 0x9e3779b1);
  return h ^ (h >>> 15);
}
