const {imul} = Math;

/**
 * Hashes indicators to 64 bits, in two halves: one kept for the whole program, as nothing is allocated for a look-up. Two
 * of a million entries fall together once in thirty million lists.
 */
export class KeyHash {
  high = 0;
  low = 0;
  #high = 0;
  #low = 0;

  /** Each kind of key has its own. */
  begin(kind: number): this {
    this.#low = imul(0x811c9dc5 ^ kind, 0x01000193);
    this.#high = imul(0x2545f491 ^ kind, 0x85ebca6b);
    return this;
  }

  add(value: number): this {
    this.#low = imul(this.#low ^ value, 0x01000193);
    this.#low ^= this.#low >>> 15;
    this.#high = imul(this.#high ^ value, 0x85ebca6b);
    this.#high ^= this.#high >>> 13;
    return this;
  }

  addText(text: string): this {
    for (let at = 0; at < text.length; at++) this.add(text.charCodeAt(at));
    return this;
  }

  /** What was added so far; more may be added after. */
  end(): this {
    this.low = finished(this.#low ^ (this.#high >>> 3));
    this.high = finished(this.#high ^ imul(this.#low, 0x9e3779b1));
    return this;
  }
}

function finished(value: number): number {
  let mixed = imul(value ^ (value >>> 16), 0x21f0aaad);
  mixed = imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
