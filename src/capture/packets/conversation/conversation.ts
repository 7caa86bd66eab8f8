import type {FieldValue, Micros} from '../../../event/event.ts';
import type {WireDataset} from '../../../event/wire-row.ts';
import type {CertificateFacts} from '../decode/application/certificate.ts';
import type {DnsFacts} from '../decode/application/dns.ts';
import type {HttpRequest} from '../decode/application/http.ts';
import type {QuicHandshake} from '../decode/application/quic.ts';
import type {TlsFacts} from '../decode/application/tls.ts';
import type {FlowEnds} from '../messages.ts';

export type Fields = Record<string, FieldValue>;

/** 0: the originator's packets, 1: the responder's. */
export type Side = 0 | 1;

/** What the applications at both ends of one flow have told so far. */
export interface Conversation {
  /** Every row of the conversation carries them. */
  readonly ends: FlowEnds;
  /** By content; '' while nothing was told. */
  service: string;
  /** For the flow's own record. */
  readonly fields: Fields;
  /** A hello that goes on in the side's next segment. */
  partial: PartialHello | undefined;
  /** What a server sent from its hello on, while its certificate is waited for. */
  flight: ServerFlight | undefined;
  quic: QuicHandshake | undefined;
  tls: TlsHellos | undefined;
  /** DNS queries that wait for their answer, by transaction id. */
  queries: Map<number, Asked<DnsFacts>> | undefined;
  /** HTTP requests that wait for their answer, oldest first. */
  requests: Asked<HttpRequest>[] | undefined;
  /** SSH software, the originator's and the responder's. */
  banners: [string, string] | undefined;
  /** Bytes, as last weighed. */
  weight: number;
}

/** All its parts from the first on, so that V8 sees one kind of object. */
export function newConversation(ends: FlowEnds): Conversation {
  return {
    ends,
    service: '',
    fields: {},
    partial: undefined,
    flight: undefined,
    quic: undefined,
    tls: undefined,
    queries: undefined,
    requests: undefined,
    banners: undefined,
    weight: 0,
  };
}

/** What was asked, or answered. */
export interface Said<Facts> {
  readonly time: Micros;
  readonly facts: Facts;
}

export interface Asked<Facts> extends Said<Facts> {
  /** Bytes of its texts, while it waits. */
  readonly weight: number;
}

export interface PartialHello {
  readonly side: Side;
  /** The TCP sequence number that the rest begins with. */
  readonly next: number;
  readonly bytes: Uint8Array;
}

export interface ServerFlight extends PartialHello {
  /** How many `bytes` came in. */
  readonly segments: number;
}

export interface TlsHellos {
  readonly time: Micros;
  client?: TlsFacts | undefined;
  server?: TlsFacts | undefined;
  /** The server's own, where it is in the clear. */
  certificate?: CertificateFacts | undefined;
  /** The row of the handshake was given: what it told is not needed any more. */
  told: boolean;
}

/** A row without its number and its conversation's ends, which are added when it is handed over. */
export interface RowDraft {
  readonly time: Micros;
  readonly dataset: WireDataset;
  readonly message: string;
  readonly fields: Readonly<Fields>;
}
