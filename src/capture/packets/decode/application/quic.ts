import {u8} from '../decoded.ts';
import {openInitial} from './quic-packet.ts';
import {factsOf, type TlsFacts} from './tls.ts';
import {readHello} from './tls-hello.ts';
import {readVarint} from './varint.ts';

export interface QuicFacts {
  readonly kind: 'quic';
  /** As registered: 1, 0x6b3343cf for version 2. */
  readonly version: number;
  /** The client's hello, as far as this datagram and those before have it; undefined where nothing of it is there yet. */
  readonly hello: TlsFacts | undefined;
}

const maxPackets = 8;
const maxFrames = 256;
const largestHello = 16_384;
const frame = {padding: 0, ping: 1, acknowledge: 2, acknowledgeEcn: 3, crypto: 6} as const;

/**
 * A client's handshake, put together from the CRYPTO frames of its Initial packets: browsers shuffle them and use two
 * datagrams. Keep one for a flow whose first datagram did not have all of the hello, and show it the next.
 */
export class QuicHandshake {
  #parts: {readonly offset: number; readonly bytes: Uint8Array}[] = [];
  #held = 0;
  #firstId: Uint8Array | undefined;

  /** Bytes of the hello that are kept. */
  get held(): number {
    return this.#held;
  }

  /** Undefined where the datagram holds no Initial packet that a client sent. Decryption costs some 50 µs a packet. */
  add(bytes: Uint8Array, start: number, end: number): QuicFacts | undefined {
    let version: number | undefined;
    let at = start;
    for (let count = 0; count < maxPackets && at < end; count++) {
      const packet = openInitial(bytes, at, end, this.#firstId);
      if (!packet) break;
      version ??= packet.version;
      this.#firstId ??= packet.destinationId;
      this.#addFrames(packet.payload);
      at = packet.next;
    }
    if (version === undefined) return undefined;
    const stream = this.#stream();
    return {kind: 'quic', version, hello: factsOf(readHello(stream, 0, stream.length), 'q')};
  }

  #addFrames(payload: Uint8Array): void {
    let at = 0;
    for (let count = 0; count < maxFrames && at >= 0 && at < payload.length; count++) at = this.#addFrame(payload, at);
  }

  /** Returns where the next frame begins, or -1 where it is not known. */
  #addFrame(payload: Uint8Array, at: number): number {
    switch (u8(payload, at)) {
      case frame.padding:
        return endOfPadding(payload, at);
      case frame.ping:
        return at + 1;
      case frame.acknowledge:
      case frame.acknowledgeEcn:
        return endOfAcknowledgement(payload, at);
      case frame.crypto:
        return this.#addCrypto(payload, at + 1);
      default:
        return -1;
    }
  }

  #addCrypto(payload: Uint8Array, at: number): number {
    const offset = readVarint(payload, at, payload.length);
    const length = offset && readVarint(payload, offset.next, payload.length);
    if (!offset || !length) return -1;
    const end = length.next + length.value;
    if (end > payload.length) return -1;
    if (offset.value + length.value <= largestHello && this.#held + length.value <= 2 * largestHello) {
      this.#parts.push({offset: offset.value, bytes: payload.slice(length.next, end)});
      this.#held += length.value;
    }
    return end;
  }

  /** The stream from its begin to the first gap. */
  #stream(): Uint8Array {
    const stream = new Uint8Array(largestHello);
    let end = 0;
    for (const {offset, bytes} of [...this.#parts].sort((a, b) => a.offset - b.offset)) {
      if (offset > end) break;
      stream.set(bytes, offset);
      end = Math.max(end, offset + bytes.length);
    }
    return stream.subarray(0, end);
  }
}

/** The long header of a version that this program opens, or of any that looks like QUIC's: what a flow table asks first. */
export function looksLikeQuic(bytes: Uint8Array, start: number, end: number): boolean {
  // Clients pad a datagram with an Initial to 1,200 bytes (RFC 9000, 14.1).
  return end - start >= 1200 && (u8(bytes, start) & 0xc0) === 0xc0 && u8(bytes, start + 5) <= 20;
}

function endOfPadding(payload: Uint8Array, from: number): number {
  let at = from;
  while (at < payload.length && payload[at] === 0) at++;
  return at;
}

/** Largest, delay, count of ranges, first range, the ranges, and three counts with ECN. */
function endOfAcknowledgement(payload: Uint8Array, from: number): number {
  let at = from + 1;
  let ranges = 0;
  const fixed = u8(payload, from) === frame.acknowledgeEcn ? 7 : 4;
  for (let field = 0; field < fixed + 2 * ranges; field++) {
    const value = readVarint(payload, at, payload.length);
    if (!value) return -1;
    if (field === 2) ranges = Math.min(value.value, payload.length);
    at = value.next;
  }
  return at;
}
