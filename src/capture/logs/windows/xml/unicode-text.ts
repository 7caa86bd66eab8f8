import {TextDecoder} from 'node:util';

/**
 * Bytes of text that says by its first bytes how it is encoded: a byte order mark, or a zero beside its first character
 * (UTF-16); UTF-8 otherwise. What is no text becomes U+FFFD.
 */
export class UnicodeText {
  #decoder: TextDecoder | undefined;
  #first = Buffer.alloc(0);

  /** The text of the next bytes; characters that are cut wait for their rest. */
  push(bytes: Buffer): string {
    if (this.#decoder) return this.#decoder.decode(bytes, {stream: true});
    this.#first = Buffer.concat([this.#first, bytes]);
    return this.#first.length < 2 ? '' : this.#begin();
  }

  end(): string {
    const begun = this.#decoder ? '' : this.#begin();
    return begun + (this.#decoder?.decode() ?? '');
  }

  #begin(): string {
    this.#decoder = new TextDecoder(encodingOf(this.#first));
    return this.#decoder.decode(this.#first, {stream: true});
  }
}

function encodingOf(first: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [one, two] = first;
  if ((one === 0xff && two === 0xfe) || (one !== 0 && two === 0)) return 'utf-16le';
  if ((one === 0xfe && two === 0xff) || (one === 0 && two !== 0)) return 'utf-16be';
  return 'utf-8';
}
