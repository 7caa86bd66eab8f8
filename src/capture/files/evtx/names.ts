import {DamageError} from './damage.ts';
import type {TextCache} from './text-cache.ts';

/** A name is never longer in Windows' manifests; the text of it stands in memory as long as its chunk. */
const longest = 1024;
/** Bytes before a name's text: the next name of the same hash, the hash, the length. */
const head = 8;

/**
 * Names of elements and attributes, which a chunk holds once each and refers to by offset. The list that a chunk's
 * head keeps of them, and the chain from name to name, are not needed to read and so cannot lead astray.
 */
export class Names {
  readonly #bytes: Buffer;
  readonly #texts: TextCache;
  readonly #known = new Map<number, string>();

  constructor(bytes: Buffer, texts: TextCache) {
    this.#bytes = bytes;
    this.#texts = texts;
  }

  /** Forgets all names: the chunk's bytes have changed. */
  clear(): void {
    this.#known.clear();
  }

  at(offset: number): string {
    const known = this.#known.get(offset);
    if (known !== undefined) return known;
    if (!this.isName(offset)) throw new DamageError('record-content');
    const name = this.#texts.read(this.#bytes, offset + head, this.#length(offset));
    this.#known.set(offset, name);
    return name;
  }

  /** Whether a name may stand there: within the chunk and of a possible length. */
  isName(offset: number): boolean {
    if (offset + head > this.#bytes.length) return false;
    const length = this.#length(offset);
    return length > 0 && length <= longest && offset + head + length * 2 <= this.#bytes.length;
  }

  /** Bytes that a name takes where it stands, its end sign included. */
  size(offset: number): number {
    return head + this.#length(offset) * 2 + 2;
  }

  #length(offset: number): number {
    return this.#bytes.readUInt16LE(offset + 6);
  }
}
