import {TextCache} from '../../text-cache.ts';

/** Most texts were met before: names, methods, versions. */
const met = new TextCache();
/** The memory that packets lie in, as a buffer: the same for thousands of them, and dear to make. */
let memory: Buffer = Buffer.alloc(0);

/**
 * Text out of a packet as it may be shown and stored: printable ASCII, any other byte as `\xNN`. At most `limit` bytes
 * are taken.
 */
export function wireText(bytes: Uint8Array, from: number, to: number, limit = 256): string {
  const end = Math.min(to, from + limit, bytes.length);
  if (end <= from) return '';
  if (memory.buffer !== bytes.buffer) memory = Buffer.from(bytes.buffer);
  const start = bytes.byteOffset;
  return met.text(memory, start + from, end - from) ?? escapedText(bytes, from, end);
}

/** Written to one buffer: joining pieces costs several times as much where bytes of all kinds come, as in tunnels. */
function escapedText(bytes: Uint8Array, from: number, end: number): string {
  if ((end - from) * escapeLength > scratch.length) scratch = Buffer.alloc((end - from) * escapeLength);
  let at = 0;
  for (let i = from; i < end; i++) at = putByte(scratch, at, bytes[i] ?? 0);
  return scratch.toString('latin1', 0, at);
}

/** Bytes that one may become. */
export const escapeLength = 4;
let scratch: Buffer = Buffer.alloc(1_024 * escapeLength);
const digits = Buffer.from('0123456789abcdef');
const [backslash, x] = [0x5c, 0x78];

/** Puts printable ASCII as it is, any other byte as `\xNN`, and returns where the next goes. */
export function putByte(into: Uint8Array, at: number, byte: number): number {
  if (byte < 0x20 || byte > 0x7e) return putEscaped(into, at, byte);
  into[at] = byte;
  return at + 1;
}

export function putEscaped(into: Uint8Array, at: number, byte: number): number {
  into[at] = backslash;
  into[at + 1] = x;
  into[at + 2] = digits[byte >> 4] ?? 0;
  into[at + 3] = digits[byte & 15] ?? 0;
  return at + escapeLength;
}

/** Where `byte` stands between `from` and `to`, or -1. */
export function indexOf(bytes: Uint8Array, byte: number, from: number, to: number): number {
  for (let at = from; at < to; at++) if (bytes[at] === byte) return at;
  return -1;
}

/** The bytes at `at` are this ASCII text. */
export function startsWith(bytes: Uint8Array, at: number, to: number, text: string): boolean {
  if (at + text.length > to) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
