/** Called with each object's text, the byte offset it begins at, and whether it was longer than is kept. */
export type OnObject = (text: string, offset: number, cut: boolean) => void;

const [quote, backslash, open, close] = [0x22, 0x5c, 0x7b, 0x7d];

/**
 * Cuts bytes into the JSON objects in them, whatever stands between: objects over several lines, one after another or
 * in a list. Holds one object at a time, of which at most `longest` bytes.
 */
export class ObjectSplitter {
  readonly #longest: number;
  #depth = 0;
  #inText = false;
  #escaped = false;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #cut = false;
  #start = 0;
  #offset = 0;

  constructor(longest: number) {
    this.#longest = longest;
  }

  push(piece: Buffer, onObject: OnObject): void {
    let from = this.#depth > 0 ? 0 : -1;
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at];
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inText = false;
      } else if (byte === quote) this.#inText = this.#depth > 0;
      else if (byte === open) {
        if (this.#depth++ > 0) continue;
        from = at;
        this.#start = this.#offset + at;
      } else if (byte === close && this.#depth > 0 && --this.#depth === 0) {
        this.#hold(piece.subarray(from, at + 1));
        this.#hand(onObject);
        from = -1;
      }
    }
    if (from >= 0) this.#hold(piece.subarray(from));
    this.#offset += piece.length;
  }

  /** An object that the end cut off is handed over as it is: whoever reads it finds that it is none. */
  flush(onObject: OnObject): void {
    if (this.#depth > 0) this.#hand(onObject);
    this.#depth = 0;
  }

  #hold(bytes: Buffer): void {
    if (this.#cut || this.#heldBytes + bytes.length > this.#longest) {
      this.#cut = true;
      this.#held = [];
      return;
    }
    this.#held.push(Buffer.from(bytes));
    this.#heldBytes += bytes.length;
  }

  #hand(onObject: OnObject): void {
    onObject(Buffer.concat(this.#held).toString('utf8'), this.#start, this.#cut);
    this.#held = [];
    this.#heldBytes = 0;
    this.#cut = false;
  }
}
