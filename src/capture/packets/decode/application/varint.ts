import {i32, u8} from '../decoded.ts';

export interface Varint {
  readonly value: number;
  readonly next: number;
}

/** A QUIC integer of 1, 2, 4 or 8 bytes (RFC 9000, 16). Undefined where it is cut or larger than a double holds exactly. */
export function readVarint(bytes: Uint8Array, at: number, end: number): Varint | undefined {
  if (at < 0 || at >= end) return undefined;
  const first = u8(bytes, at);
  const length = 1 << (first >> 6);
  if (at + length > end) return undefined;
  let value = first & 0x3f;
  for (let i = 1; i < Math.min(length, 4); i++) value = value * 256 + u8(bytes, at + i);
  if (length === 8) value = value * 2 ** 32 + (i32(bytes, at + 4) >>> 0);
  return Number.isSafeInteger(value) ? {value, next: at + length} : undefined;
}
