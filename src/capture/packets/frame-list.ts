import {ByteWriter} from './bytes.ts';
import {largestFrame} from './messages.ts';

/** No entry of any list is longer: a hundred bytes and 32 fields. */
const longestEntry = 80_000;

/**
 * Entries of one kind on their way to the engine, written as soon as they come: as frames, bytes wait in a fraction of
 * the memory of objects. `most` entries a frame, fewer where they are long.
 */
export class FrameList {
  /** Entries that wait. */
  size = 0;
  readonly #type: number;
  readonly #most: number;
  readonly #writer = new ByteWriter();
  #frames: {readonly bytes: Uint8Array; readonly entries: number}[] = [];
  #open = 0;

  constructor(type: number, most: number) {
    this.#type = type;
    this.#most = most;
  }

  /** Where the next entry goes. */
  next(): ByteWriter {
    if (this.#open === this.#most || this.#writer.length > largestFrame - longestEntry) this.#close();
    if (this.#open === 0) {
      this.#writer.u32(0);
      this.#writer.u8(this.#type);
      this.#writer.u16(0);
    }
    this.#open++;
    this.size++;
    return this.#writer;
  }

  /** The oldest frame, undefined where nothing waits. */
  take(): Uint8Array | undefined {
    if (this.#frames.length === 0 && this.#open > 0) this.#close();
    const frame = this.#frames.shift();
    if (!frame) return undefined;
    this.size -= frame.entries;
    return frame.bytes;
  }

  #close(): void {
    this.#writer.patchU32(0, this.#writer.length - 4);
    this.#writer.patchU16(5, this.#open);
    this.#frames.push({bytes: this.#writer.take(), entries: this.#open});
    this.#open = 0;
  }
}
