import {LineSplitter, type OnLine} from './line-splitter.ts';
import {type FilePlace, fingerprint, headBytes, tailBytes} from './place.ts';

/** Lines of one file together with the fingerprints that let its place be found again. */
export class TrackedLines {
  readonly #splitter: LineSplitter;
  #place: FilePlace;
  /** The file's first bytes as far as they were read. */
  #head: Buffer;
  /** The bytes just before the place where reading goes on. */
  #recent: Buffer;

  /** `head` and `recent`: the first bytes and those just before `place.offset`, as they stand in the file. */
  constructor(place: FilePlace, head: Buffer, recent: Buffer, maxLine: number) {
    this.#place = place;
    this.#head = Buffer.from(head.subarray(0, Math.min(headBytes, place.offset)));
    this.#recent = Buffer.from(recent);
    this.#splitter = new LineSplitter(place.offset, maxLine);
  }

  get place(): FilePlace {
    return this.#place;
  }

  /** Where the next bytes are to be read. */
  get readOffset(): number {
    return this.#splitter.offset + this.#splitter.waiting;
  }

  get recent(): Buffer {
    return this.#recent;
  }

  note(change: Partial<Pick<FilePlace, 'epoch' | 'time'>>): void {
    this.#place = {...this.#place, ...change};
  }

  push(chunk: Buffer, onLine: OnLine): void {
    const start = this.readOffset;
    const before = this.#splitter.offset;
    if (this.#head.length < headBytes && this.#head.length === start) {
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, headBytes - this.#head.length)]);
    }
    this.#splitter.push(chunk, onLine);
    const moved = this.#splitter.offset !== before;
    if (moved) this.#settle(this.#lastBefore(chunk, this.#splitter.offset - start));
    this.#recent = Buffer.from(this.#lastBefore(chunk, chunk.length));
  }

  flush(onLine: OnLine): void {
    if (this.#splitter.waiting === 0) return;
    this.#splitter.flush(onLine);
    this.#settle(this.#recent);
  }

  #lastBefore(chunk: Buffer, end: number): Buffer {
    if (end >= tailBytes) return chunk.subarray(end - tailBytes, end);
    return Buffer.concat([this.#recent, chunk.subarray(0, end)]).subarray(-tailBytes);
  }

  #settle(last: Buffer): void {
    const offset = this.#splitter.offset;
    const head = this.#head.subarray(0, Math.min(headBytes, offset));
    this.#place = {
      ...this.#place,
      offset,
      head: head.length > this.#place.head.length ? fingerprint(head) : this.#place.head,
      tail: fingerprint(last),
    };
  }
}
