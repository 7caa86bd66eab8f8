import {isAscii} from 'node:buffer';

/** Called with each finished line, the byte offset it begins at, and whether it was longer than is kept. */
export type OnLine = (text: string, offset: number, cut: boolean) => void;

const newline = 10;

/**
 * Cuts bytes into lines. What stands after the last newline waits for the rest, of which at most `maxLine` bytes are
 * held; invalid UTF-8 becomes U+FFFD. Empty lines are passed over.
 */
export class LineSplitter {
  readonly #maxLine: number;
  #offset: number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #waiting = 0;

  constructor(offset: number, maxLine: number) {
    this.#offset = offset;
    this.#maxLine = maxLine;
  }

  /** Where the unfinished line begins: everything before it was handed over. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes of the unfinished line seen so far. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Takes the next bytes; `chunk` may be reused by the caller afterwards. */
  push(chunk: Buffer, onLine: OnLine): void {
    const first = chunk.indexOf(newline);
    if (first < 0) {
      this.#hold(chunk);
      return;
    }
    let start = 0;
    if (this.#waiting > 0) {
      this.#hold(chunk.subarray(0, first));
      this.#finish(1, onLine);
      start = first + 1;
    }
    const ascii = isAscii(chunk);
    for (let end = chunk.indexOf(newline, start); end >= 0; end = chunk.indexOf(newline, start)) {
      this.#hand(chunk, start, end, ascii, onLine);
      this.#offset += end + 1 - start;
      start = end + 1;
    }
    this.#hold(chunk.subarray(start));
  }

  /** Hands over what waits without a newline: the file will not grow any more. */
  flush(onLine: OnLine): void {
    if (this.#waiting > 0) this.#finish(0, onLine);
  }

  #hold(piece: Buffer): void {
    this.#waiting += piece.length;
    const room = this.#maxLine - this.#heldBytes;
    if (room <= 0 || piece.length === 0) return;
    const kept = Buffer.from(piece.subarray(0, room));
    this.#held.push(kept);
    this.#heldBytes += kept.length;
  }

  #finish(newlineBytes: number, onLine: OnLine): void {
    const [only] = this.#held;
    const text = this.#held.length === 1 && only ? only : Buffer.concat(this.#held, this.#heldBytes);
    if (text.length > 0) onLine(text.toString('utf8'), this.#offset, this.#waiting > this.#heldBytes);
    this.#offset += this.#waiting + newlineBytes;
    this.#held = [];
    this.#heldBytes = 0;
    this.#waiting = 0;
  }

  #hand(chunk: Buffer, start: number, end: number, ascii: boolean, onLine: OnLine): void {
    if (end === start) return;
    const cut = end - start > this.#maxLine;
    const last = cut ? start + this.#maxLine : end;
    // A string of its own for each line: a slice of a whole chunk's string would keep the chunk alive.
    onLine(chunk.toString(ascii ? 'latin1' : 'utf8', start, last), this.#offset, cut);
  }
}
