import {sanitize} from '../../../event/sanitize.ts';

const slots = 8192;
/** Longer text is hardly ever the same twice. */
const longest = 200;

/**
 * Reads UTF-16 text out of a chunk, sanitised. Event logs say the same few things over and over, so short text is
 * looked up by a hash of its bytes, and neither decoded nor sanitised again where it was seen before.
 */
export class TextCache {
  readonly #raw: (string | undefined)[] = new Array(slots).fill(undefined);
  readonly #safe: string[] = new Array(slots).fill('');
  readonly #scratch = Buffer.alloc(65_536);

  /** `length` counts UTF-16 units. */
  read(bytes: Buffer, start: number, length: number): string {
    if (length === 0) return '';
    const scratch = this.#scratch;
    let hash = length;
    let others = 0;
    let at = start;
    for (let i = 0; i < length; i++, at += 2) {
      const low = bytes[at] as number;
      const unit = low | ((bytes[at + 1] as number) << 8);
      scratch[i] = low;
      hash = (Math.imul(hash, 31) + unit) | 0;
      // Outside 0x20 to 0x7e.
      if ((unit - 0x20) >>> 0 > 0x5e) others = 1;
    }
    if (length > longest)
      return others === 0 ? scratch.toString('latin1', 0, length) : decoded(bytes, start, length).safe;
    const slot = (hash ^ (hash >>> 13)) & (slots - 1);
    const known = this.#raw[slot];
    if (known !== undefined && isSame(known, bytes, start, length)) return this.#safe[slot] as string;
    const {raw, safe} = others === 0 ? plain(scratch.toString('latin1', 0, length)) : decoded(bytes, start, length);
    this.#raw[slot] = raw;
    this.#safe[slot] = safe;
    return safe;
  }
}

function isSame(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0, at = start; i < length; i++, at += 2) {
    if (text.charCodeAt(i) !== ((bytes[at] as number) | ((bytes[at + 1] as number) << 8))) return false;
  }
  return true;
}

function plain(text: string): {raw: string; safe: string} {
  return {raw: text, safe: text};
}

function decoded(bytes: Buffer, start: number, length: number): {raw: string; safe: string} {
  const raw = bytes.toString('utf16le', start, start + length * 2);
  return {raw, safe: sanitize(raw)};
}
