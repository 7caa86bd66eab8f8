import type {Micros} from '../../event/event.ts';
import {arpProtocol, type Decoded, IpProtocols, TcpFlags} from './decode/decoded.ts';
import type {SequenceBase} from './decode/information.ts';
import {FlowIndex} from './flow-index.ts';
import type {FlowRecord} from './flow-record.ts';
import {column, FlowStore, family6} from './flow-store.ts';
import {isServicePort} from './services.ts';
import {SlotLists} from './slot-lists.ts';
import {historyLetters, Seen, seenIn, tcpState} from './tcp-state.ts';

const second = 1_000_000;
/** An attempt that had no answer for this long counts as unanswered. */
const patience = 2 * second;
const repeatEvery = 10 * second;

// Lists by idle time: a flow ends when nothing came for as long as its list's.
const idle = {established: 0, closing: 1, attempt: 2, datagram: 3, other: 4} as const;
const idleLimits = [300 * second, 5 * second, 60 * second, 60 * second, 30 * second] as const;
const slack = idleLimits.map(limit => limit / 16);
// Lists of flows to report: new or changed since they were last reported, and reported less than ten seconds ago.
const fresh = 0;
const reported = 1;

// Bits of #marks.
const changed = 1;
const baseOut = 2;
const baseIn = 4;

/** Who is told what the flow table finds. A record is filled anew for the next flow: `keptFlow` copies it. */
export interface FlowSink {
  /** False while reports of flows that go on should wait; reports of ended flows always come. */
  room(): boolean;
  flow(record: FlowRecord): void;
  /** What is known of the application. Asked for each report. */
  about(slot: number): Pick<FlowRecord, 'service' | 'fields'>;
  /** The flow in this slot has ended and was reported. */
  forget(slot: number): void;
  /** A SYN that was refused, or had no answer within two seconds of packet time. Once a flow. */
  unanswered(record: FlowRecord): void;
}

/**
 * Every conversation that goes on, Zeek-conn-like: both directions' packets and IP bytes, TCP state and history. Bounded:
 * when full, the flow that was idle longest is ended (unanswered attempts first where they take more than a quarter)
 * and counted in `evicted`. All state is in typed arrays and all times are the packets' own, so a replay gives what the
 * live run gave. Reports a flow within a second of its begin, each ten seconds while it changes, and at its end.
 */
export class FlowTable {
  evicted = 0;
  active = 0;
  #numbers = 0;
  #used = 0;
  readonly #limit: number;
  readonly #seed: number;
  readonly #sink: FlowSink;
  readonly #free: number[] = [];
  readonly #index: FlowIndex;
  readonly #idle: SlotLists;
  readonly #reports: SlotLists;
  readonly #judge: SlotLists;
  readonly #store: FlowStore;
  readonly #marks: Uint8Array;
  /** When each flow was put on its idle list. */
  readonly #placed: Float64Array;
  readonly #bases: Int32Array;

  /** `seed` makes the hash unguessable; a test gives its own. */
  constructor(limit: number, seed: number, sink: FlowSink) {
    this.#limit = limit;
    this.#seed = seed | 0;
    this.#sink = sink;
    this.#index = new FlowIndex(limit);
    this.#idle = new SlotLists(limit, idleLimits.length);
    this.#reports = new SlotLists(limit, 2);
    this.#judge = new SlotLists(limit, 1);
    this.#store = new FlowStore(limit);
    this.#marks = new Uint8Array(limit);
    this.#placed = new Float64Array(limit);
    this.#bases = new Int32Array(limit * 2);
  }

  /** Adds a packet to its flow and returns the flow's slot, or -1 for what has no addresses. */
  add(d: Decoded, interfaceIndex: number): number {
    if (d.family === 0 || d.protocol < 0) return -1;
    const ports = (d.sourcePort << 16) | d.destinationPort;
    const mirrored = (d.destinationPort << 16) | d.sourcePort;
    const kind = d.protocol | (interfaceIndex << 9) | (Math.max(0, d.vlan) << 17) | (d.family === 6 ? family6 : 0);
    const hash = this.#hash(d, kind);
    let slot = this.#find(d, hash, ports, mirrored, kind);
    this.lastBegan = false;
    if (slot >= 0 && this.#isOver(d, slot)) {
      this.#end(slot);
      slot = -1;
    }
    if (slot < 0) {
      slot = this.#create(d, hash, ports, mirrored, kind);
      this.lastBegan = true;
    }
    this.#count(d, slot, this.lastSide);
    return slot;
  }

  /** Who sent the packet that was added last: 0 its flow's originator, 1 the responder. */
  lastSide: 0 | 1 = 0;

  /** Whether a flow began with the packet that was added last. */
  lastBegan = false;

  numberOf(slot: number): number {
    return this.#store.number[slot] ?? 0;
  }

  /** Packets that the flow in this slot has had. */
  packets(slot: number): number {
    return this.#store.sum(slot, column.packets) + this.#store.sum(slot, column.packets + 1);
  }

  /** First sequence numbers as this packet's sender and receiver used them. */
  sequenceBase(d: Decoded, slot: number): SequenceBase {
    const marks = this.#marks[slot] ?? 0;
    const out = (marks & baseOut) === 0 ? undefined : this.#bases[slot * 2];
    const back = (marks & baseIn) === 0 ? undefined : this.#bases[slot * 2 + 1];
    const forward = this.#store.isFromOriginator(d, slot, (d.sourcePort << 16) | d.destinationPort);
    return forward ? {sender: out, receiver: back} : {sender: back, receiver: out};
  }

  /**
   * Ends what is idle and reports what is due at this time. A few times a second of packet or wall time. At most `most`
   * records are made: true where more are due, so that thousands of flows that end together do not hold up packets.
   */
  advance(now: Micros, most = Number.POSITIVE_INFINITY): boolean {
    let left = most;
    for (let slot = this.#judge.head(0); slot >= 0 && left > 0; slot = this.#judge.head(0)) {
      if (this.#store.sum(slot, column.first) + patience > now) break;
      this.#judgeAttempt(slot);
      left--;
    }
    for (let list = 0; list < idleLimits.length; list++) left = this.#endIdle(list, now, left);
    return this.#report(now, left) <= 0;
  }

  /** Ends every flow: at the end of a file, or of the capture. */
  finish(): void {
    for (let list = 0; list < idleLimits.length; list++) {
      for (let slot = this.#idle.head(list); slot >= 0; slot = this.#idle.head(list)) this.#end(slot);
    }
  }

  /** Returns how many of `most` were not needed. */
  #endIdle(list: number, now: Micros, most: number): number {
    const limit = idleLimits[list] ?? 0;
    let left = most;
    for (let slot = this.#idle.head(list); slot >= 0 && left > 0; slot = this.#idle.head(list)) {
      if ((this.#placed[slot] ?? 0) + limit > now) break;
      slot = this.#idlest(list);
      if (this.#store.sum(slot, column.last) + limit > now) break;
      this.#end(slot);
      left--;
    }
    return left;
  }

  /** Returns how many of `most` were not needed. */
  #report(now: Micros, most: number): number {
    const due = this.#reports;
    let left = most;
    for (let slot = due.head(fresh); slot >= 0 && left > 0 && this.#sink.room(); slot = due.head(fresh)) {
      this.#send(slot, now);
      left--;
    }
    for (let slot = due.head(reported); slot >= 0 && left > 0 && this.#sink.room(); slot = due.head(reported)) {
      if (this.#store.sum(slot, column.reported) + repeatEvery > now) break;
      if (((this.#marks[slot] ?? 0) & changed) !== 0) this.#send(slot, now);
      else due.remove(slot);
      left--;
    }
    return left;
  }

  #send(slot: number, now: Micros): void {
    this.#sink.flow(this.#record(slot, false));
    this.#store.setReported(slot, now);
    this.#marks[slot] = (this.#marks[slot] ?? 0) & ~changed;
    this.#reports.remove(slot);
    this.#reports.append(reported, slot);
  }

  /** The same for both directions. */
  #hash(d: Decoded, kind: number): number {
    const source = d.family === 4 ? d.s3 : mix(mix(mix(mix(this.#seed, d.s0), d.s1), d.s2), d.s3);
    const destination = d.family === 4 ? d.d3 : mix(mix(mix(mix(this.#seed, d.d0), d.d1), d.d2), d.d3);
    const from = mix(mix(this.#seed, source), d.sourcePort);
    const to = mix(mix(this.#seed, destination), d.destinationPort);
    const hash = mix((from + to) | 0, kind);
    return hash ^ (hash >>> 15);
  }

  #find(d: Decoded, hash: number, ports: number, mirrored: number, kind: number): number {
    const index = this.#index;
    for (let cell = index.first(hash); ; cell = index.next(cell)) {
      const slot = index.slotAt(cell);
      if (slot < 0) return -1;
      if (index.hashOf(slot) !== hash) continue;
      const side = this.#store.sideOf(d, slot, ports, mirrored, kind);
      if (side < 0) continue;
      this.lastSide = side === 0 ? 0 : 1;
      return slot;
    }
  }

  /** The same ends, but another flow: after its idle time, or a fresh SYN on a connection that was closed or reset. */
  #isOver(d: Decoded, slot: number): boolean {
    const limit = idleLimits[this.#idle.listOf(slot)] ?? 0;
    if (this.#store.sum(slot, column.last) + limit <= d.time) return true;
    if (d.protocol !== IpProtocols.tcp || (d.tcpFlags & 0x17) !== TcpFlags.syn) return false;
    return this.#idle.listOf(slot) === idle.closing;
  }

  #create(d: Decoded, hash: number, ports: number, mirrored: number, kind: number): number {
    const slot = this.#takeSlot();
    const flipped = isAnswer(d);
    this.#store.begin(d, slot, ++this.#numbers, flipped, flipped ? mirrored : ports, kind);
    this.lastSide = flipped ? 1 : 0;
    this.#marks[slot] = 0;
    this.#index.insert(hash, slot);
    if (d.protocol === IpProtocols.tcp && (d.tcpFlags & 0x12) === TcpFlags.syn) this.#judge.append(0, slot);
    this.active++;
    return slot;
  }

  #takeSlot(): number {
    const freed = this.#free.pop();
    if (freed !== undefined) return freed;
    if (this.#used < this.#limit) return this.#used++;
    this.#evict();
    return this.#free.pop() ?? 0;
  }

  #evict(): void {
    this.evicted++;
    let victim = this.#idlest(idle.attempt);
    if (this.#idle.length(idle.attempt) * 4 < this.#limit) {
      for (let list = 0; list < idleLimits.length; list++) {
        const head = this.#idlest(list);
        if (head >= 0 && (victim < 0 || this.#store.sum(head, column.last) < this.#store.sum(victim, column.last)))
          victim = head;
      }
    }
    this.#end(victim);
  }

  #count(d: Decoded, slot: number, side: 0 | 1): void {
    this.#store.count(slot, side, ipBytes(d), d.time);
    const list = d.protocol === IpProtocols.tcp ? this.#followTcp(d, slot, side) : this.#followOther(d, slot, side);
    if (this.#idle.listOf(slot) !== list || d.time - (this.#placed[slot] ?? 0) > (slack[list] ?? 0))
      this.#place(list, slot, d.time);
    this.#marks[slot] = (this.#marks[slot] ?? 0) | changed;
    if (this.#reports.listOf(slot) < 0) this.#reports.append(fresh, slot);
  }

  /** Puts the flow last on its list: not for each packet, so the lists are in order but for a sixteenth of their time. */
  #place(list: number, slot: number, time: Micros): void {
    this.#idle.append(list, slot);
    this.#placed[slot] = time;
  }

  /** The flow on this list that ends first, put in its place where packets came since it was; -1 where there is none. */
  #idlest(list: number): number {
    for (;;) {
      const slot = this.#idle.head(list);
      if (slot < 0) return -1;
      const last = this.#store.sum(slot, column.last);
      if ((this.#placed[slot] ?? 0) >= last) return slot;
      this.#idle.remove(slot);
      this.#place(list, slot, last);
    }
  }

  /** Returns the idle list that the flow now belongs on. */
  #followTcp(d: Decoded, slot: number, side: 0 | 1): number {
    if (d.tcpFlags >= 0) {
      const seen = seenIn(d.tcpFlags, d.payloadLength);
      this.#learnBase(d, slot, side);
      this.#mark(slot, side, seen);
      const refused = side === 1 && (seen & Seen.rst) !== 0;
      if (refused && this.#judge.listOf(slot) >= 0) this.#judgeAttempt(slot);
    }
    const out = this.#store.seen[slot * 2] ?? 0;
    const back = this.#store.seen[slot * 2 + 1] ?? 0;
    if (((out | back) & Seen.rst) !== 0 || (out & back & Seen.fin) !== 0) return idle.closing;
    return this.#store.sum(slot, column.packets + 1) === 0 && (out & Seen.syn) !== 0 ? idle.attempt : idle.established;
  }

  #followOther(d: Decoded, slot: number, side: 0 | 1): number {
    this.#mark(slot, side, d.payloadLength > 0 || d.protocol === arpProtocol ? Seen.data : 0);
    return d.protocol === IpProtocols.udp ? idle.datagram : idle.other;
  }

  /** A side's first sequence number: what its SYN carried, or what came first. */
  #learnBase(d: Decoded, slot: number, side: 0 | 1): void {
    const bit = side === 0 ? baseOut : baseIn;
    const marks = this.#marks[slot] ?? 0;
    if ((marks & bit) === 0) {
      this.#marks[slot] = marks | bit;
      this.#bases[slot * 2 + side] = d.tcpSequence;
    }
    // Where the capture began in the middle, what is acknowledged tells where the other side stands.
    const other = side === 0 ? baseIn : baseOut;
    if ((marks & other) === 0 && (d.tcpFlags & (TcpFlags.ack | TcpFlags.syn)) === TcpFlags.ack) {
      this.#marks[slot] = (this.#marks[slot] ?? 0) | other;
      this.#bases[slot * 2 + 1 - side] = (d.tcpAcknowledged - 1) | 0;
    }
  }

  #mark(slot: number, side: 0 | 1, seen: number): void {
    const at = slot * 2 + side;
    const before = this.#store.seen[at] ?? 0;
    const added = seen & ~before;
    if (added === 0) return;
    this.#store.seen[at] = before | added;
    this.#store.remember(slot, historyLetters(added, side === 0));
  }

  #judgeAttempt(slot: number): void {
    this.#judge.remove(slot);
    const state = tcpState(this.#store.seen[slot * 2] ?? 0, this.#store.seen[slot * 2 + 1] ?? 0);
    if (state === 'S0' || state === 'REJ') this.#sink.unanswered(this.#record(slot, false));
  }

  #record(slot: number, ended: boolean): FlowRecord {
    return this.#store.record(slot, ended, this.#sink.about(slot));
  }

  #end(slot: number): void {
    if (this.#judge.listOf(slot) >= 0) this.#judgeAttempt(slot);
    this.#sink.flow(this.#record(slot, true));
    this.#sink.forget(slot);
    this.#idle.remove(slot);
    this.#reports.remove(slot);
    this.#index.remove(slot);
    this.#free.push(slot);
    this.active--;
  }
}

/** The first packet seen is an answer: a SYN-ACK, or one from a service's port to a port that is none. */
function isAnswer(d: Decoded): boolean {
  if (!d.hasPorts) return false;
  if (d.protocol === IpProtocols.tcp && d.tcpFlags >= 0 && (d.tcpFlags & TcpFlags.syn) !== 0) {
    return (d.tcpFlags & TcpFlags.ack) !== 0;
  }
  return isServicePort(d.sourcePort) && !isServicePort(d.destinationPort) && d.sourcePort < d.destinationPort;
}

/** Bytes of the IP packet as it claims, of the frame where that says nothing (offload), 28 for ARP. */
function ipBytes(d: Decoded): number {
  if (d.protocol === arpProtocol) return 28;
  return d.ipLength > 0 ? d.ipLength : d.wire - d.linkLength;
}

function mix(hash: number, word: number): number {
  const h = Math.imul(hash ^ word, 0x9e3779b1);
  return h ^ (h >>> 16);
}
