/**
 * Text out of a packet as it may be shown and stored: printable ASCII, any other byte as `\xNN`. At most `limit` bytes
 * are taken.
 */
export function wireText(bytes: Uint8Array, from: number, to: number, limit = 256): string {
  let text = '';
  const end = Math.min(to, from + limit);
  for (let at = from; at < end; at++) {
    const byte = bytes[at] ?? 0;
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
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
