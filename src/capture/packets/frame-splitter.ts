import {FrameError} from './bytes.ts';
import {largestFrame} from './messages.ts';

const headerLength = 4;

/** Cuts a byte stream into frames. Holds at most one unfinished frame; throws FrameError on a length out of bounds. */
export class FrameSplitter {
  #rest: Buffer = Buffer.alloc(0);

  /** The whole frames (type byte and payload) that these bytes complete. */
  *push(chunk: Buffer): Generator<Uint8Array> {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (bytes.length >= headerLength) {
      const length = bytes.readUInt32LE(0);
      if (length < 1 || length > largestFrame) {
        throw new FrameError(`Expected a frame of 1 to ${largestFrame} bytes from the sensor, got ${length}.`);
      }
      if (bytes.length < headerLength + length) break;
      yield bytes.subarray(headerLength, headerLength + length);
      bytes = bytes.subarray(headerLength + length);
    }
    this.#rest = bytes;
  }
}
