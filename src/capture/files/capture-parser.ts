import type {RawPacket} from '../packets/backend.ts';

/**
 * Reads packets out of a capture file's bytes as they come: `push` a chunk, then call `next` until it gives undefined.
 * The packet is the same object each time; it and its bytes are valid until the next call. Never holds more than one
 * record beyond the chunk, which is the caller's again once it is pushed.
 */
export interface CaptureParser {
  push(chunk: Uint8Array): void;
  next(): RawPacket | undefined;
  /** The number, within its section, of the interface that the last packet came from, and the file's name for it or ''. */
  readonly interfaceIndex: number;
  readonly interfaceName: string;
  /** Nanoseconds of the last packet's time beyond its microseconds, 0 to 999. */
  readonly nanoseconds: number;
  /** No more bytes will come: says what is wrong with the file, or undefined where it is whole. */
  end(): string | undefined;
  /** Packets that are not decoded: of a link type this program does not read, or of no interface that the file names. */
  readonly unsupported: number;
}

/** Bytes that no record of either format may exceed: what the formats' own readers accept. */
export const largestRecord = 1 << 24;

/** Holds what is left of a stream between chunks, and says where reading stands. */
export class Carry {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  at = 0;

  /** All bytes are copied here, again and again: a buffer for each chunk would be the dearest part of reading. */
  #own = new Uint8Array(0);

  add(chunk: Uint8Array): void {
    const left = this.bytes.subarray(this.at);
    this.bytes = this.#join(left, chunk);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    this.at = 0;
  }

  #join(left: Uint8Array, chunk: Uint8Array): Uint8Array {
    const length = left.length + chunk.length;
    const into = this.#own.length < length ? new Uint8Array(length * 2) : this.#own;
    // The rest may lie in this very buffer; set() copes with that.
    into.set(left);
    into.set(chunk, left.length);
    this.#own = into;
    return into.subarray(0, length);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }
}

/** Largest time that stays an exact integer in microseconds; a damaged file may claim any. */
export function safeTime(micros: number): number {
  return Number.isFinite(micros) ? Math.min(Math.max(0, Math.floor(micros)), 2 ** 52) : 0;
}

export function emptyPacket(): RawPacket {
  return {
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    wire: 0,
    time: Number.NaN,
    outgoing: false,
    vlan: -1,
    link: 'ethernet',
    etherType: 0,
  };
}
