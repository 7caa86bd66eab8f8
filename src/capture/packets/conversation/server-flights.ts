import type {Micros} from '../../../event/event.ts';
import {readCertificate} from '../decode/application/certificate.ts';
import {leafCertificate} from '../decode/application/tls-flight.ts';
import type {Decoded} from '../decode/decoded.ts';
import type {Conversation, Side} from './conversation.ts';
import {isCut, isLater} from './partials.ts';

const largest = 16_384;
/** As many as `largest` takes on the narrowest link. */
const mostSegments = 32;
const mostHeld = 256;
const readsASecond = 1_000;
const second: Micros = 1_000_000;

/**
 * What TLS servers send after their hello until their certificate is there, segment by segment: up to TLS 1.2 it is in
 * the clear. Bounded in bytes and segments a server, in servers, and in certificates a second (some 50 µs each); what is beyond is
 * counted, and the handshake told without it.
 */
export class ServerFlights {
  /** Certificates that were not read for these bounds. */
  skipped = 0;
  readonly #held = new Set<Conversation>();
  #secondEnds: Micros = 0;
  #reads = 0;

  /** A server's hello was in `bytes`, of which `d` is the end: its certificate follows in them or later. */
  begin(talk: Conversation, bytes: Uint8Array, d: Decoded, side: Side): void {
    const [oldest] = this.#held;
    if (oldest && this.#held.size >= mostHeld) this.#skip(oldest);
    talk.flight = {side, next: nextOf(d), bytes, segments: 1};
    this.#held.add(talk);
    this.#look(talk, bytes, d);
  }

  /** The server's next segment. `flight` is gone from the conversation once nothing more is waited for. */
  add(talk: Conversation, d: Decoded): void {
    const {flight} = talk;
    if (!flight) return;
    if (d.tcpSequence !== flight.next) {
      // Sent again, or behind one that was lost.
      if (isLater(d.tcpSequence, flight.next)) this.forget(talk);
      return;
    }
    const bytes = Buffer.concat([flight.bytes, d.bytes.subarray(d.payload, d.payloadEnd)]);
    talk.flight = {side: flight.side, next: nextOf(d), bytes, segments: flight.segments + 1};
    this.#look(talk, bytes, d);
  }

  forget(talk: Conversation): void {
    talk.flight = undefined;
    this.#held.delete(talk);
  }

  #look(talk: Conversation, bytes: Uint8Array, d: Decoded): void {
    const leaf = leafCertificate(bytes);
    if (leaf === 'more') {
      const isTooMuch = bytes.length >= largest || (talk.flight?.segments ?? 0) >= mostSegments;
      if (isCut(d)) this.forget(talk);
      else if (isTooMuch) this.#skip(talk);
      return;
    }
    this.forget(talk);
    if (leaf === 'none' || !talk.tls) return;
    if (this.#mayRead(d.time)) talk.tls.certificate = readCertificate(leaf);
    else this.skipped++;
  }

  #skip(talk: Conversation): void {
    this.skipped++;
    this.forget(talk);
  }

  #mayRead(time: Micros): boolean {
    if (time >= this.#secondEnds || time < this.#secondEnds - second) {
      this.#secondEnds = time + second;
      this.#reads = 0;
    }
    return this.#reads++ < readsASecond;
  }
}

function nextOf(d: Decoded): number {
  return (d.tcpSequence + d.payloadLength) | 0;
}
