import type {Micros} from '../../../event/event.ts';
import {QuicHandshake} from '../decode/application/quic.ts';
import type {TlsFacts} from '../decode/application/tls.ts';
import {type ApplicationFacts, applicationFacts, mayBeQuic, mayHaveFacts, serviceOf} from '../decode/application.ts';
import {type Decoded, IpProtocols} from '../decode/decoded.ts';
import type {FlowEnds, SensorRow} from '../messages.ts';
import {SlotLists} from '../slot-lists.ts';
import {type Conversation, newConversation, type RowDraft, type Side} from './conversation.ts';
import {addDns, unansweredDns} from './dns-rows.ts';
import {addHttp, unansweredHttp} from './http-rows.ts';
import {addDhcp, addSsh} from './other-rows.ts';
import {Partials} from './partials.ts';
import {ServerFlights} from './server-flights.ts';
import {addTls, handshakeRows, tlsRows} from './tls-rows.ts';
import {weightOf} from './weight.ts';

/** Packets with payload that a flow is asked for: what has told nothing by then will not. */
const mostAsked = 8;
/** Messages read, and QUIC datagrams opened (some 50 µs each), within one second of packet time. */
const readsASecond = 20_000;
const opensASecond = 500;
const second: Micros = 1_000_000;
/** Bytes that conversations may take: some 65,000 that asked for a name each. */
const mostKept = 80 * 2 ** 20;
/** The only list of `order`. */
const all = 0;

export type RowSink = (row: SensorRow) => void;

/**
 * What the applications at both ends of each flow have told: by the flow's slot, forgotten with it. Costs a look at a
 * counter for each packet of bulk traffic. What is read within a second of packet time is bounded; the rest is counted. So is
 * what is kept: beyond it the oldest conversations are told of as at their end.
 */
export class Conversations {
  /** Conversations that were told of before their end, to make room. */
  evicted = 0;
  readonly #row: RowSink;
  readonly #asked: Uint8Array;
  /** By slot: looking it up costs nothing where a map of as many misses the processor's cache. */
  readonly #known: (Conversation | undefined)[];
  /** Slots of those that are known, the oldest first. */
  readonly #order: SlotLists;
  readonly #partials = new Partials();
  readonly #flights = new ServerFlights();
  #rows = 0;
  #secondEnds: Micros = 0;
  #reads = 0;
  #opens = 0;
  #skipped = 0;
  #kept = 0;

  readonly #mostKept: number;

  /** `limit`: of the flow table's slots. `kept`: bytes that conversations may take. */
  constructor(limit: number, row: RowSink, kept = mostKept) {
    this.#asked = new Uint8Array(limit);
    this.#known = new Array<Conversation | undefined>(limit).fill(undefined);
    this.#order = new SlotLists(limit, 1);
    this.#row = row;
    this.#mostKept = kept;
  }

  /** Messages that were not read because too many came at once, or too much. */
  get skipped(): number {
    return this.#skipped + this.#flights.skipped;
  }

  /** What this packet says, where it says something. `side`: who sent it. */
  add(d: Decoded, slot: number, side: Side): ApplicationFacts | undefined {
    if (d.payload < 0 || d.payloadEnd <= d.payload || !this.#mayAsk(d, slot, side)) return undefined;
    const facts = this.#read(d, slot, side);
    if (!facts) return undefined;
    const talk = this.#talk(d, slot, side);
    if (talk.service === '') talk.service = serviceOf(facts);
    this.#hand(talk, rowsOf(talk, facts, side, d.time));
    this.#weigh(talk);
    return facts;
  }

  /** What a flow's record tells of its application. */
  about(slot: number): Pick<Conversation, 'service' | 'fields'> {
    return this.#known[slot] ?? silent;
  }

  /** The flow has ended: what waited for an answer is told now. */
  forget(slot: number): void {
    if (this.#asked[slot] === 0) return;
    this.#asked[slot] = 0;
    const talk = this.#known[slot];
    if (talk) this.#end(slot, talk);
  }

  #end(slot: number, talk: Conversation): void {
    this.#known[slot] = undefined;
    this.#order.remove(slot);
    this.#kept -= talk.weight;
    this.#partials.forget(talk);
    this.#flights.forget(talk);
    if (talk.queries) this.#hand(talk, unansweredDns(talk));
    if (talk.requests) this.#hand(talk, unansweredHttp(talk));
    if (talk.tls) this.#hand(talk, tlsRows(talk));
  }

  #mayAsk(d: Decoded, slot: number, side: Side): boolean {
    const asked = this.#asked[slot] ?? 0;
    if (asked < mostAsked) {
      this.#asked[slot] = asked + 1;
      return true;
    }
    // Datagrams of a conversation that told something are few, except QUIC's; an HTTP connection may bring more requests.
    const talk = this.#known[slot];
    if (!talk || talk.service === 'quic') return false;
    if (talk.flight) return talk.flight.side === side;
    if (d.protocol === IpProtocols.udp || talk.service === 'dns') return true;
    return talk.service === 'http' && (side === 0 || (talk.requests?.length ?? 0) > 0);
  }

  #read(d: Decoded, slot: number, side: Side): ApplicationFacts | undefined {
    const talk = this.#known[slot];
    if (talk?.flight?.side === side) {
      this.#flights.add(talk, d);
      if (!talk.flight) this.#hand(talk, handshakeRows(talk));
      return undefined;
    }
    if (talk?.partial) {
      const joined = this.#partials.join(talk, d, side);
      if (joined && mayShowCertificate(joined.facts)) this.#awaitCertificate(talk, joined.bytes, d, side);
      return joined?.facts;
    }
    if (!mayHaveFacts(d) || !this.#hasBudget(d)) return undefined;
    if (mayBeQuic(d)) return this.#open(d, slot, side, talk?.quic ?? new QuicHandshake());
    const facts = applicationFacts(d);
    if (facts?.kind !== 'tls-client' && facts?.kind !== 'tls-server') return facts;
    if (facts.complete) {
      if (mayShowCertificate(facts))
        this.#awaitCertificate(this.#talk(d, slot, side), d.bytes.slice(d.payload, d.payloadEnd), d, side);
      return facts;
    }
    const begun = this.#talk(d, slot, side);
    begun.service = 'tls';
    this.#partials.begin(begun, d, side);
    this.#hand(begun, addTls(begun, facts, d.time));
    this.#weigh(begun);
    return undefined;
  }

  #awaitCertificate(talk: Conversation, bytes: Uint8Array, d: Decoded, side: Side): void {
    talk.tls ??= {time: d.time, told: false};
    if (!talk.tls.told) this.#flights.begin(talk, bytes, d, side);
  }

  /** A hello in several datagrams: told once it is whole, or when the rest did not come. */
  #open(d: Decoded, slot: number, side: Side, quic: QuicHandshake): ApplicationFacts | undefined {
    if (this.#opens >= opensASecond) {
      this.#skipped++;
      return undefined;
    }
    this.#opens++;
    const facts = quic.add(d.bytes, d.payload, d.payloadEnd);
    if (!facts) return undefined;
    const talk = this.#talk(d, slot, side);
    talk.service = 'quic';
    talk.quic = facts.hello?.complete ? undefined : quic;
    if (facts.hello?.complete) return facts;
    this.#weigh(talk);
    return undefined;
  }

  /** To be called when it has grown. The oldest make room. */
  #weigh(talk: Conversation): void {
    const weight = weightOf(talk);
    this.#kept += weight - talk.weight;
    talk.weight = weight;
    if (this.#kept <= this.#mostKept) return;
    for (let slot = this.#order.head(all); slot >= 0; slot = this.#order.head(all)) {
      const oldest = this.#known[slot];
      if (this.#kept <= this.#mostKept || !oldest || oldest === talk) return;
      this.#end(slot, oldest);
      this.evicted++;
    }
  }

  #hasBudget(d: Decoded): boolean {
    if (d.time >= this.#secondEnds || d.time < this.#secondEnds - second) {
      this.#secondEnds = d.time + second;
      this.#reads = this.#opens = 0;
    }
    if (this.#reads >= readsASecond) {
      this.#skipped++;
      return false;
    }
    this.#reads++;
    return true;
  }

  #talk(d: Decoded, slot: number, side: Side): Conversation {
    const begun = this.#known[slot];
    if (begun) return begun;
    const talk = newConversation(endsOf(d, side));
    this.#known[slot] = talk;
    this.#order.append(all, slot);
    return talk;
  }

  #hand({ends}: Conversation, drafts: readonly RowDraft[]): void {
    for (const {time, dataset, message, fields} of drafts) {
      this.#row({number: ++this.#rows, time, dataset, ends, message, fields});
    }
  }
}

/** From TLS 1.3 on it is encrypted. */
function mayShowCertificate({kind, version, complete}: TlsFacts): boolean {
  return kind === 'tls-server' && complete && version !== '1.3';
}

const silent: Pick<Conversation, 'service' | 'fields'> = newConversation({
  family: 4,
  protocol: 0,
  words: [],
  sourcePort: 0,
  destinationPort: 0,
});

function rowsOf(talk: Conversation, facts: ApplicationFacts, side: Side, time: Micros): readonly RowDraft[] {
  switch (facts.kind) {
    case 'dns':
      return addDns(talk, facts, time);
    case 'tls-client':
    case 'tls-server':
      return addTls(talk, facts, time);
    case 'quic':
      return facts.hello ? addTls(talk, facts.hello, time) : [];
    case 'http-request':
    case 'http-response':
      return addHttp(talk, facts, time);
    case 'ssh':
      return addSsh(talk, facts, side, time);
    case 'dhcp':
      return addDhcp(facts, time);
    case 'ntp':
      return [];
    default:
      return facts satisfies never;
  }
}

/** The originator is the source. */
function endsOf(d: Decoded, side: Side): FlowEnds {
  const {protocol, sourcePort, destinationPort} = d;
  const family = d.family === 6 ? 6 : 4;
  return side === 0
    ? {family, protocol, words: [d.s0, d.s1, d.s2, d.s3, d.d0, d.d1, d.d2, d.d3], sourcePort, destinationPort}
    : {
        family,
        protocol,
        words: [d.d0, d.d1, d.d2, d.d3, d.s0, d.s1, d.s2, d.s3],
        sourcePort: destinationPort,
        destinationPort: sourcePort,
      };
}
