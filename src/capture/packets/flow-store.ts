import {macAt} from './decode/address.ts';
import {type Decoded, IpProtocols} from './decode/decoded.ts';
import {type FlowRecord, flowDraft} from './flow-record.ts';
import {tcpState} from './tcp-state.ts';
import {TextCache} from './text-cache.ts';

const keyWords = 10;
const historyRoom = 20;
export const family6 = 1 << 29;

/** Columns of the sums. The second of each pair is the responder's. */
export const column = {first: 0, last: 1, reported: 2, packets: 3, bytes: 5} as const;
const columns = 7;

/**
 * What is known of each flow, by slot, in typed arrays. A key is the originator's and the responder's address as four
 * words each, both ports in one word, and one with protocol (9 bits), interface (8), VLAN (12) and IP version.
 */
export class FlowStore {
  readonly sums: Float64Array;
  readonly number: Float64Array;
  /** What the originator and the responder have sent, as bits of tcp-state.ts. */
  readonly seen: Uint8Array;
  readonly #keys: Int32Array;
  /** The originator's and the responder's. */
  readonly #macs: Float64Array;
  readonly #history: Buffer;
  readonly #historyLength: Uint8Array;
  /** Type and code of the first packet, -1 where it was no ICMP. */
  readonly #icmp: Int16Array;

  readonly #draft = flowDraft();
  readonly #histories = new TextCache();

  constructor(limit: number) {
    this.sums = new Float64Array(limit * columns);
    this.number = new Float64Array(limit);
    this.seen = new Uint8Array(limit * 2);
    this.#keys = new Int32Array(limit * keyWords);
    this.#macs = new Float64Array(limit * 2);
    this.#history = Buffer.alloc(limit * historyRoom);
    this.#historyLength = new Uint8Array(limit);
    this.#icmp = new Int16Array(limit * 2);
  }

  /** A flow begins: `flipped` where the packet is the responder's. `ports` are the originator's first. */
  begin(d: Decoded, slot: number, number: number, flipped: boolean, ports: number, kind: number): void {
    this.#writeKey(d, slot, flipped, ports, kind);
    for (let i = slot * columns; i < (slot + 1) * columns; i++) this.sums[i] = 0;
    this.sums[slot * columns + column.first] = d.time;
    this.sums[slot * columns + column.last] = d.time;
    this.number[slot] = number;
    this.seen[slot * 2] = this.seen[slot * 2 + 1] = 0;
    this.#historyLength[slot] = 0;
    this.#icmp[slot * 2] = d.icmpType;
    this.#icmp[slot * 2 + 1] = d.icmpCode;
    this.#writeMacs(d, slot, flipped);
    if (flipped) this.remember(slot, '^');
  }

  /** 0 where the packet is the flow's originator's, 1 where it is the responder's, -1 where it is of another flow. */
  sideOf(d: Decoded, slot: number, ports: number, mirrored: number, kind: number): -1 | 0 | 1 {
    const at = slot * keyWords;
    if (this.#keys[at + 9] !== kind) return -1;
    if (this.#keys[at + 8] === ports && this.#sameWay(d, at)) return 0;
    return this.#keys[at + 8] === mirrored && this.#otherWay(d, at) ? 1 : -1;
  }

  isFromOriginator(d: Decoded, slot: number, ports: number): boolean {
    const at = slot * keyWords;
    return this.#keys[at + 8] === ports && this.#sameWay(d, at);
  }

  /** Counts a packet of one side: 0 the originator's, 1 the responder's. */
  count(slot: number, side: 0 | 1, bytes: number, time: number): void {
    const at = slot * columns;
    const {sums} = this;
    sums[at + column.packets + side] = (sums[at + column.packets + side] ?? 0) + 1;
    sums[at + column.bytes + side] = (sums[at + column.bytes + side] ?? 0) + bytes;
    if (time > (sums[at + column.last] ?? 0)) sums[at + column.last] = time;
  }

  sum(slot: number, which: number): number {
    return this.sums[slot * columns + which] ?? 0;
  }

  setReported(slot: number, time: number): void {
    this.sums[slot * columns + column.reported] = time;
  }

  remember(slot: number, letters: string): void {
    for (let i = 0; i < letters.length; i++) {
      const length = this.#historyLength[slot] ?? 0;
      if (length === historyRoom) return;
      this.#history[slot * historyRoom + length] = letters.charCodeAt(i);
      this.#historyLength[slot] = length + 1;
    }
  }

  /** The same object each time: whoever keeps it makes a copy (`keptFlow`). */
  record(slot: number, ended: boolean, about: Pick<FlowRecord, 'service' | 'fields'>): FlowRecord {
    const at = slot * keyWords;
    const ports = this.#keys[at + 8] ?? 0;
    const kind = this.#keys[at + 9] ?? 0;
    const draft = this.#draft;
    draft.number = this.number[slot] ?? 0;
    draft.time = this.sum(slot, column.first);
    draft.last = this.sum(slot, column.last);
    draft.ended = ended;
    draft.family = (kind & family6) === 0 ? 4 : 6;
    draft.protocol = kind & 0x1ff;
    for (let i = 0; i < 8; i++) draft.words[i] = this.#keys[at + i] ?? 0;
    draft.sourcePort = ports >>> 16;
    draft.destinationPort = ports & 0xffff;
    draft.sourceMac = this.#macs[slot * 2] ?? 0;
    draft.destinationMac = this.#macs[slot * 2 + 1] ?? 0;
    draft.interfaceIndex = (kind >> 9) & 0xff;
    draft.vlan = (kind >> 17) & 0xfff;
    draft.packetsOut = this.sum(slot, column.packets);
    draft.bytesOut = this.sum(slot, column.bytes);
    draft.packetsIn = this.sum(slot, column.packets + 1);
    draft.bytesIn = this.sum(slot, column.bytes + 1);
    draft.state = this.state(slot, draft.protocol);
    draft.history = this.#histories.text(this.#history, slot * historyRoom, this.#historyLength[slot] ?? 0) ?? '';
    draft.service = about.service;
    draft.fields = about.fields;
    draft.icmpType = this.#icmp[slot * 2] ?? -1;
    draft.icmpCode = this.#icmp[slot * 2 + 1] ?? -1;
    return draft;
  }

  state(slot: number, protocol: number): FlowRecord['state'] {
    if (protocol === IpProtocols.tcp) return tcpState(this.seen[slot * 2] ?? 0, this.seen[slot * 2 + 1] ?? 0);
    const answered = this.sum(slot, column.packets + 1) > 0;
    if (this.sum(slot, column.packets) === 0) return 'SHR';
    return answered ? 'SF' : 'S0';
  }

  #sameWay(d: Decoded, at: number): boolean {
    const k = this.#keys;
    const source = k[at + 3] === d.s3 && k[at + 2] === d.s2 && k[at + 1] === d.s1 && k[at] === d.s0;
    return source && k[at + 7] === d.d3 && k[at + 6] === d.d2 && k[at + 5] === d.d1 && k[at + 4] === d.d0;
  }

  #otherWay(d: Decoded, at: number): boolean {
    const k = this.#keys;
    const source = k[at + 3] === d.d3 && k[at + 2] === d.d2 && k[at + 1] === d.d1 && k[at] === d.d0;
    return source && k[at + 7] === d.s3 && k[at + 6] === d.s2 && k[at + 5] === d.s1 && k[at + 4] === d.s0;
  }

  #writeKey(d: Decoded, slot: number, flipped: boolean, ports: number, kind: number): void {
    const at = slot * keyWords;
    const keys = this.#keys;
    const source = flipped ? at + 4 : at;
    const destination = flipped ? at : at + 4;
    keys[source] = d.s0;
    keys[source + 1] = d.s1;
    keys[source + 2] = d.s2;
    keys[source + 3] = d.s3;
    keys[destination] = d.d0;
    keys[destination + 1] = d.d1;
    keys[destination + 2] = d.d2;
    keys[destination + 3] = d.d3;
    keys[at + 8] = ports;
    keys[at + 9] = kind;
  }

  #writeMacs(d: Decoded, slot: number, flipped: boolean): void {
    const source = d.sourceMac < 0 ? 0 : macAt(d.bytes, d.sourceMac);
    const destination = d.destinationMac < 0 ? 0 : macAt(d.bytes, d.destinationMac);
    this.#macs[slot * 2] = flipped ? destination : source;
    this.#macs[slot * 2 + 1] = flipped ? source : destination;
  }
}
