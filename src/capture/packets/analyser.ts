import type {Settings} from '../../config/settings.ts';
import type {InterfaceFacts} from '../../detect/network/interface-facts.ts';
import {NetworkDetectors} from '../../detect/network/network-detectors.ts';
import {OwnAddresses} from '../../detect/network/own-addresses.ts';
import type {Micros} from '../../event/event.ts';
import type {RawPacket} from './backend.ts';
import type {PacketFilter} from './bpf/packet-filter.ts';
import {Conversations} from './conversation/conversations.ts';
import {arpProtocol, Decoded, IpProtocols} from './decode/decoded.ts';
import {decodeEventNames} from './decode/events.ts';
import {endpointTexts} from './decode/information.ts';
import {protocolName} from './decode/names.ts';
import {decodeInner, decodePacket} from './decode/packet.ts';
import {problemOf, summaryText} from './decode/summary.ts';
import type {RingWriter} from './evidence/ring-writer.ts';
import {FlowTable} from './flows.ts';
import {type CaptureCounters, displayedBytes} from './messages.ts';
import type {Outbox} from './outbox.ts';

const hour = 3_600_000_000;
/** Protocols tallied by name; any other is "other". */
const tallied = [IpProtocols.tcp, IpProtocols.udp, IpProtocols.icmp, IpProtocols.icmpv6, arpProtocol] as const;
const talliedNames = [...tallied.map(protocol => protocolName(protocol, 0)), 'other'];
/** The column of the tally by protocol. */
const columnOf = new Uint8Array(arpProtocol + 1).fill(tallied.length);
tallied.forEach((protocol, column) => {
  columnOf[protocol] = column;
});
const evidenceEvery: Micros = 1_000_000;
/** Packets of a flow that are kept as they are, bytes of such a one, and bytes of later ones. */
const keptWhole = 24;
const longestKept = 2_048;
const headersKept = 128;
const noBase = {sender: undefined, receiver: undefined} as const;

export interface AnalyserOptions {
  readonly maxFlows: number;
  readonly seed: number;
  readonly facts: readonly InterfaceFacts[];
  /** Packets that it does not accept are only counted. */
  readonly filter?: PacketFilter | undefined;
  readonly network: Settings['network'];
  /** Someone watches: rows for the packets pane and reports of flows that go on are wanted. */
  readonly watched: boolean;
  /** Where recent packets are kept for alerts. */
  readonly evidence?: RingWriter;
}

/**
 * A packet's way through the sensor, live or from a file: decode → flow → what applications say → detectors → tally →
 * display row. What a tunnel carries goes the same way as packets of their own, but for tally and display.
 */
export class Analyser {
  decoded = 0;
  bytes = 0;
  filtered = 0;
  readonly #filter: PacketFilter | undefined;
  readonly #outbox: Outbox;
  readonly #flows: FlowTable;
  readonly #detectors: NetworkDetectors;
  #facts: readonly InterfaceFacts[];
  /** This machine's, live. */
  #own: OwnAddresses | undefined;
  readonly #packet = new Decoded();
  /** Taken in turn by what tunnels carry. */
  readonly #inner = [new Decoded(), new Decoded()] as const;
  readonly #talks: Conversations;
  readonly #watched: boolean;
  readonly #evidence: RingWriter | undefined;
  readonly #malformed = new Float64Array(decodeEventNames.length);
  readonly #tally = new Float64Array(talliedNames.length);
  #flushed: Micros = 0;
  #hour = 0;
  #hourEnds = 0;

  constructor(outbox: Outbox, options: AnalyserOptions) {
    this.#outbox = outbox;
    this.#facts = options.facts;
    this.#filter = options.filter;
    this.#watched = options.watched;
    this.#evidence = options.evidence;
    this.#detectors = new NetworkDetectors(alert => outbox.alert(alert), options.network);
    this.#talks = new Conversations(options.maxFlows, row => outbox.row(row));
    this.#flows = new FlowTable(options.maxFlows, options.seed, {
      room: () => options.watched && outbox.room(),
      flow: record => {
        this.#detectors.onFlow(record);
        outbox.flow(record);
      },
      about: slot => this.#talks.about(slot),
      forget: slot => this.#talks.forget(slot),
      unanswered: record => this.#detectors.onUnanswered(record),
    });
  }

  packet(raw: RawPacket, interfaceIndex: number): void {
    if (this.#filter && !this.#filter.accepts(raw)) {
      this.filtered++;
      return;
    }
    const d = this.#packet;
    decodePacket(d, raw);
    this.decoded++;
    this.bytes += d.wire;
    if (d.eventCount > 0) this.#countEvents(d);
    const slot = this.#follow(d, interfaceIndex);
    if (d.inner >= 0) this.#followInner(d, interfaceIndex);
    if (this.#evidence) this.#keep(this.#evidence, raw, slot, interfaceIndex);
    if (d.time >= this.#hourEnds || d.time < this.#hour) this.#turnHour(d.time);
    const column = d.protocol < 0 ? tallied.length : (columnOf[d.protocol] ?? tallied.length);
    this.#tally[column] = (this.#tally[column] ?? 0) + 1;
    if (this.#watched && this.#outbox.wantsPacket()) this.#display(raw, slot, interfaceIndex);
  }

  /** A conversation's first packets tell most: later ones are kept as headers. */
  #keep(evidence: RingWriter, raw: RawPacket, slot: number, interfaceIndex: number): void {
    const isEarly = slot < 0 || this.#flows.packets(slot) <= keptWhole;
    evidence.add(raw, interfaceIndex, isEarly ? longestKept : headersKept);
  }

  /** Returns the packet's flow. */
  #follow(d: Decoded, interfaceIndex: number): number {
    const slot = this.#flows.add(d, interfaceIndex);
    if (this.#flows.lastBegan && slot >= 0 && this.#own) this.#announce(this.#own, d, slot);
    const facts = this.#facts[interfaceIndex];
    if (facts) this.#detectors.onPacket(d, facts);
    if (slot >= 0 && d.payload >= 0) {
      const said = this.#talks.add(d, slot, this.#flows.lastSide);
      if (said && facts) this.#detectors.onApplication(d, said, facts);
    }
    return slot;
  }

  /** Who has one of this machine's conversations can be told while it lasts: its begin is told at once. */
  #announce(own: OwnAddresses, d: Decoded, slot: number): void {
    if (d.protocol !== IpProtocols.tcp && d.protocol !== IpProtocols.udp) return;
    if (!own.hasSource(d) && !own.hasDestination(d)) return;
    const {protocol} = d;
    const family = d.family === 6 ? 6 : 4;
    const number = this.#flows.numberOf(slot);
    const [from, to] = [
      [d.s0, d.s1, d.s2, d.s3],
      [d.d0, d.d1, d.d2, d.d3],
    ] as const;
    const isForward = this.#flows.lastSide === 0;
    const words = isForward ? [...from, ...to] : [...to, ...from];
    const [sourcePort, destinationPort] = isForward
      ? [d.sourcePort, d.destinationPort]
      : [d.destinationPort, d.sourcePort];
    this.#outbox.begun({number, family, protocol, words, sourcePort, destinationPort});
  }

  #followInner(packet: Decoded, interfaceIndex: number): void {
    let [d, other] = this.#inner;
    for (let outer = packet; decodeInner(outer, d); [outer, d, other] = [d, other, d]) {
      if (d.eventCount > 0) this.#countEvents(d);
      this.#follow(d, interfaceIndex);
    }
  }

  /**
   * Lets time pass: flows end, reports fall due. True where more than `most` flows are due: time
   * should pass again soon.
   */
  advance(now: Micros, most?: number): boolean {
    const isMoreDue = this.#flows.advance(now, most);
    this.#detectors.onTick(now);
    this.#flushEvidence(now);
    return isMoreDue;
  }

  finish(): void {
    this.#flows.finish();
    this.#detectors.finish();
    this.#handTallies();
    this.#evidence?.flush();
  }

  #flushEvidence(now: Micros): void {
    if (!this.#evidence || (now - this.#flushed < evidenceEvery && now >= this.#flushed)) return;
    this.#flushed = now;
    this.#evidence.flush();
  }

  setFacts(facts: readonly InterfaceFacts[]): void {
    this.#facts = facts;
  }

  setOwn(addresses: {readonly ip: readonly string[]; readonly mac: readonly string[]}): void {
    this.#detectors.setOwn(addresses);
    this.#own = new OwnAddresses(addresses);
  }

  /** What was counted until now; tallies are handed on with it. */
  counters(time: Micros, droppedByKernel: number, turns = 0): CaptureCounters {
    this.#handTallies();
    const dropped: Record<string, number> = droppedByKernel > 0 ? {kernel: droppedByKernel} : {};
    if (this.filtered > 0) dropped.filtered = this.filtered;
    const malformed: Record<string, number> = {};
    this.#malformed.forEach((count, event) => {
      if (count > 0) malformed[decodeEventNames[event] ?? ''] = count;
    });
    return {
      time,
      seen: this.decoded + this.filtered + droppedByKernel,
      decoded: this.decoded,
      bytes: this.bytes,
      flows: this.#flows.active,
      flowsEvicted: this.#flows.evicted,
      aggregatedByOffload: this.#detectors.aggregatedByOffload,
      turns,
      dropped,
      malformed,
      withheld: {
        ...this.#outbox.dropped,
        ...(this.#talks.skipped > 0 && {applications: this.#talks.skipped}),
        ...(this.#talks.evicted > 0 && {conversations: this.#talks.evicted}),
      },
    };
  }

  #countEvents(d: Decoded): void {
    for (let i = 0; i < d.eventCount; i++) {
      const event = d.eventIds[i] ?? 0;
      this.#malformed[event] = (this.#malformed[event] ?? 0) + 1;
    }
  }

  #turnHour(time: Micros): void {
    this.#handTallies();
    this.#hour = Math.floor(time / hour) * hour;
    this.#hourEnds = this.#hour + hour;
  }

  #handTallies(): void {
    this.#tally.forEach((count, i) => {
      if (count > 0) this.#outbox.tally(this.#hour, talliedNames[i] ?? '', count);
    });
    this.#tally.fill(0);
  }

  #display(raw: RawPacket, slot: number, interfaceIndex: number): void {
    const d = this.#packet;
    const base = slot < 0 ? noBase : this.#flows.sequenceBase(d, slot);
    this.#outbox.packet({
      time: d.time,
      ...endpointTexts(d),
      sourcePort: d.sourcePort,
      destinationPort: d.destinationPort,
      protocol: protocolName(d.protocol, d.etherType),
      length: d.wire,
      information: summaryText(d, base),
      interfaceIndex,
      problem: problemOf(d),
      link: raw.link,
      etherType: raw.etherType,
      vlan: raw.vlan,
      outgoing: raw.outgoing,
      // A copy: the backend's bytes are another packet's soon. A Buffer's own slice would be none.
      bytes: Uint8Array.prototype.slice.call(raw.bytes, raw.start, Math.min(raw.end, raw.start + displayedBytes)),
    });
  }
}
