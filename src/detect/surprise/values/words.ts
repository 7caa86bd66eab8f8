/** Longer runs of digits are numbers that mean nothing by themselves: process numbers, ports, sizes. */
const shortRun = 2;
const maxLength = 1_024;
export const maxWords = 32;

/** The words of a line met last, by hash, and where they stand. Reused, so that nothing is allocated a line. */
export class Words {
  /** How many words the line has, at most `maxWords`. */
  count = 0;
  /** A hash of all of them, an integer below 2^53. */
  whole = 0;
  readonly hashes = new Int32Array(maxWords);
  private readonly starts = new Int32Array(maxWords);
  private readonly ends = new Int32Array(maxWords);
  private text = '';
  private readonly seed: number;

  constructor(seed = 0x51ed) {
    this.seed = seed;
  }

  /** Cuts the line at its spaces. Long runs of digits are all alike; `salt` tells lines of different kinds apart. */
  read(line: string, salt: number): void {
    this.text = line;
    this.count = 0;
    let low = this.seed ^ salt;
    let high = ~this.seed ^ Math.imul(salt, 0x9e3779b1);
    const length = Math.min(line.length, maxLength);
    let at = 0;
    while (at < length && this.count < maxWords) {
      while (at < length && line.charCodeAt(at) <= 0x20) at += 1;
      if (at >= length) break;
      at = this.readWord(at, length);
      const hash = this.hashes[this.count - 1] ?? 0;
      low = Math.imul(low ^ hash, 0x01000193);
      high = Math.imul(high ^ hash ^ (low >>> 7), 0x85ebca6b);
    }
    this.whole = (low >>> 0) * 0x200000 + (high >>> 11);
  }

  /** The word at this place, as it stands in the line. */
  word(index: number): string {
    return this.text.slice(this.starts[index], this.ends[index]);
  }

  private readWord(start: number, length: number): number {
    let hash = this.seed ^ 0x811c9dc5;
    let at = start;
    let digits = 0;
    for (; at < length; at++) {
      const code = this.text.charCodeAt(at);
      if (code <= 0x20) break;
      if (code >= 0x30 && code <= 0x39) {
        digits += 1;
        continue;
      }
      if (digits > 0) hash = this.addDigits(hash, at, digits);
      digits = 0;
      hash = Math.imul(hash ^ code, 0x01000193);
    }
    if (digits > 0) hash = this.addDigits(hash, at, digits);
    const index = this.count++;
    this.hashes[index] = hash;
    this.starts[index] = start;
    this.ends[index] = at;
    return at;
  }

  private addDigits(hash: number, end: number, digits: number): number {
    if (digits > shortRun) return Math.imul(hash ^ 0x100, 0x01000193);
    let mixed = hash;
    for (let at = end - digits; at < end; at++) mixed = Math.imul(mixed ^ this.text.charCodeAt(at), 0x01000193);
    return mixed;
  }
}

/** A value's hash, as `Words` makes them. */
export function valueHash(value: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < value.length; at++) hash = Math.imul(hash ^ value.charCodeAt(at), 0x01000193);
  return hash;
}
