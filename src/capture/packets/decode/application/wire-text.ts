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

function escapedText(bytes: Uint8Array, from: number, end: number): string {
  // Joined, not added up: a text made letter by letter takes thirty times its length while it is kept.
  const parts: string[] = [];
  for (let at = from; at < end; ) {
    const plain = plainEnd(bytes, at, end);
    if (plain > at) parts.push(memory.toString('latin1', bytes.byteOffset + at, bytes.byteOffset + plain));
    else parts.push(escapes[bytes[at] ?? 0] ?? '');
    at = Math.max(plain, at + 1);
  }
  return parts.length === 1 ? (parts[0] ?? '') : parts.join('');
}

const escapes = Array.from({length: 256}, (_, byte) => `\\x${byte.toString(16).padStart(2, '0')}`);

/** Where printable ASCII ends. */
function plainEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (bytes[at] ?? 0) >= 0x20 && (bytes[at] ?? 0) < 0x7f) at++;
  return at;
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
