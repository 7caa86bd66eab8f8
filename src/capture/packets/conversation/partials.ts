import {parseTls, type TlsFacts} from '../decode/application/tls.ts';
import type {Decoded} from '../decode/decoded.ts';
import type {Conversation, Side} from './conversation.ts';

const largest = 16_384;
const mostHeld = 512;

/** A hello and the segments that it came in. */
export interface JoinedHello {
  readonly facts: TlsFacts;
  readonly bytes: Uint8Array;
}

/**
 * TLS hellos that go on in the next segment, as nearly every client's does since hybrid key exchange. The segments that
 * follow each other are joined until the hello is whole. Bounded in bytes a hello and in hellos: the oldest is told as
 * far as it came.
 */
export class Partials {
  readonly #held = new Set<Conversation>();

  begin(talk: Conversation, d: Decoded, side: Side): void {
    const [oldest] = this.#held;
    if (oldest && this.#held.size >= mostHeld) this.forget(oldest);
    this.#hold(talk, side, d.bytes.slice(d.payload, d.payloadEnd), d);
  }

  /** The hello, once this segment makes it whole, or as far as it came where another follows. */
  join(talk: Conversation, d: Decoded, side: Side): JoinedHello | undefined {
    const {partial} = talk;
    if (!partial || partial.side !== side) return undefined;
    if (d.tcpSequence !== partial.next) return isLater(d.tcpSequence, partial.next) ? this.#give(talk) : undefined;
    const bytes = Buffer.concat([partial.bytes, d.bytes.subarray(d.payload, d.payloadEnd)]);
    const facts = parseTls(bytes, 0, bytes.length);
    if (!facts) return this.#give(talk);
    if (facts.complete || bytes.length >= largest || isCut(d)) {
      this.forget(talk);
      return {facts, bytes};
    }
    this.#hold(talk, side, bytes, d);
    return undefined;
  }

  forget(talk: Conversation): void {
    talk.partial = undefined;
    this.#held.delete(talk);
  }

  #hold(talk: Conversation, side: Side, bytes: Uint8Array, d: Decoded): void {
    talk.partial = {side, bytes, next: (d.tcpSequence + d.payloadLength) | 0};
    this.#held.add(talk);
  }

  #give(talk: Conversation): JoinedHello | undefined {
    const {partial} = talk;
    this.forget(talk);
    const facts = partial && parseTls(partial.bytes, 0, partial.bytes.length);
    return facts && {facts, bytes: partial.bytes};
  }
}

/** The capture did not keep all of the segment: what follows cannot be joined. */
export function isCut(d: Decoded): boolean {
  return d.payloadEnd - d.payload < d.payloadLength;
}

export function isLater(sequence: number, than: number): boolean {
  return ((sequence - than) | 0) > 0;
}
