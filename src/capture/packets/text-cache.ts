const cells = 4096;
const longest = 40;
/** Called so, for it would be looked up anew for each letter: V8 knows many kinds of strings. */
const {charCodeAt} = String.prototype;

/**
 * Short printable ASCII texts met lately, found by their bytes: most repeat, and one that is found costs neither
 * decoding nor garbage. Direct-mapped: a text takes the place of another with the same hash. What it gives is safe to show.
 */
export class TextCache {
  readonly #texts = new Array<string>(cells).fill('');
  readonly #lengths = new Uint8Array(cells);

  /** The text in these bytes; undefined where it is long or has bytes other than 0x20 to 0x7e. */
  text(bytes: Buffer, at: number, length: number): string | undefined {
    if (length > longest) return undefined;
    let hash = length;
    for (let i = at; i < at + length; i++) {
      const byte = bytes[i] ?? 0;
      if (byte < 0x20 || byte > 0x7e) return undefined;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    const cell = (hash ^ (hash >>> 15)) & (cells - 1);
    const known = this.#texts[cell] ?? '';
    if (this.#lengths[cell] === length && isThis(known, bytes, at, length)) return known;
    const text = bytes.toString('latin1', at, at + length);
    this.#texts[cell] = text;
    this.#lengths[cell] = length;
    return text;
  }
}

function isThis(text: string, bytes: Uint8Array, at: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (charCodeAt.call(text, i) !== bytes[at + i]) return false;
  return true;
}
