import {FlowFold} from './flow-fold.ts';
import type {FlowRecord} from './flow-record.ts';
import {FrameList} from './frame-list.ts';
import {
  alertsInFrame,
  type BegunFlow,
  begunInFrame,
  type CaptureCounters,
  type DisplayPacket,
  flowsInFrame,
  frameTypes,
  type Hello,
  type ProtocolTally,
  packetsInFrame,
  rowsInFrame,
  type SensorAlert,
  type SensorRow,
  type Status,
  talliesInFrame,
} from './messages.ts';
import {writeAlert, writeFlow, writeMessage, writeRow} from './write-message.ts';

/** The pipe to the engine, as far as the outbox needs it. */
export interface Pipe {
  write(frame: Uint8Array): void;
  /** Bytes given to `write` that the engine has not taken yet. */
  pending(): number;
}

const heldFlows = 20_000;
const heldAlerts = 5_000;
const foldedFlows = 4_096;
const fullPipe = 1 << 20;
/** Of each kind, with one flush. */
const framesAtOnce = 2;

/**
 * What waits to cross the pipe, bounded. While the engine is slow: display packets are dropped first and counted, ended
 * flows fold together (flow-fold.ts), tallies add up, and reports of flows that go on wait in the flow table.
 */
export class Outbox {
  readonly dropped: Record<string, number> = {};
  readonly #pipe: Pipe;
  readonly #fold = new FlowFold(foldedFlows);
  readonly #tallies = new Map<string, {hour: number; value: string; count: number}>();
  #held = heldFlows;
  readonly #flows = new FrameList(frameTypes.flows, flowsInFrame);
  readonly #alerts = new FrameList(frameTypes.alerts, alertsInFrame);
  readonly #rows = new FrameList(frameTypes.rows, rowsInFrame);
  #begun: BegunFlow[] = [];
  #packets: DisplayPacket[] = [];

  constructor(pipe: Pipe) {
    this.#pipe = pipe;
  }

  /** False while reports of flows that go on should wait. */
  room(): boolean {
    return this.#flows.size < this.#held / 2 && this.#pipe.pending() < fullPipe;
  }

  /** From now on nothing is folded: reading a file, which waits for the engine, and at the end. */
  holdAll(): void {
    this.#held = Number.POSITIVE_INFINITY;
  }

  /** Another display packet is wanted before the next flush. */
  wantsPacket(): boolean {
    return this.#packets.length < packetsInFrame;
  }

  packet(packet: DisplayPacket): void {
    this.#packets.push(packet);
  }

  /** True where so much waits that it should be flushed before more comes: reading a file. */
  get isFull(): boolean {
    return this.#flows.size + this.#rows.size >= flowsInFrame;
  }

  /** The record may be another flow's afterwards. */
  flow(record: FlowRecord): void {
    if (this.#flows.size < this.#held) writeFlow(this.#flows.next(), record);
    else this.#fold.add(record);
  }

  /** Beyond what one frame holds nothing is told: the flow's own report comes soon. */
  begun(flow: BegunFlow): void {
    if (this.#begun.length < begunInFrame) this.#begun.push(flow);
  }

  /** Sends which flows have begun, before anything else; while the engine is slow, nothing. */
  flushBegun(): void {
    if (this.#begun.length === 0) return;
    if (!this.#full(false)) this.#pipe.write(writeMessage({type: 'begun', flows: this.#begun}));
    this.#begun = [];
  }

  alert(alert: SensorAlert): void {
    if (this.#alerts.size < heldAlerts) writeAlert(this.#alerts.next(), alert);
    else this.#drop('alerts', alert.count);
  }

  row(row: SensorRow): void {
    if (this.#rows.size < this.#held) writeRow(this.#rows.next(), row);
    else this.#drop('rows', 1);
  }

  tally(hour: number, protocol: string, count: number): void {
    const key = `${hour} ${protocol}`;
    const known = this.#tallies.get(key);
    if (known) known.count += count;
    else if (this.#tallies.size < talliesInFrame) this.#tallies.set(key, {hour, value: protocol, count});
    else this.#drop('tallies', count);
  }

  hello(hello: Hello): void {
    this.#pipe.write(writeMessage({type: 'hello', hello}));
  }

  status(status: Status): void {
    this.#pipe.write(writeMessage({type: 'status', status}));
  }

  /** Sends what the pipe has room for. With `all`, what is held goes however full the pipe is: at the end. */
  flush(counters: CaptureCounters | undefined, all = false): void {
    this.#send(this.#alerts, all);
    this.#send(this.#rows, all);
    this.#sendFlows(all);
    if (this.#full(all)) {
      if (this.#packets.length > 0) this.#drop('display', this.#packets.length);
    } else {
      if (this.#packets.length > 0) this.#pipe.write(writeMessage({type: 'packets', packets: this.#packets}));
      this.#sendTallies();
      if (counters) this.#pipe.write(writeMessage({type: 'counters', counters}));
    }
    this.#packets = [];
  }

  #sendFlows(all: boolean): void {
    this.#send(this.#flows, all);
    if (this.#flows.size > 0 || this.#fold.size === 0) return;
    for (const folded of this.#fold.take()) writeFlow(this.#flows.next(), folded);
    if (all) this.#send(this.#flows, all);
  }

  /** Leaves what the pipe has no room for. */
  #send(list: FrameList, all: boolean): void {
    for (let sent = 0; list.size > 0 && !this.#full(all) && (all || sent < framesAtOnce); sent++) {
      const frame = list.take();
      if (frame) this.#pipe.write(frame);
    }
  }

  #sendTallies(): void {
    if (this.#tallies.size === 0) return;
    const tallies = [...this.#tallies.values()].map(
      ({hour, value, count}): ProtocolTally => ({hour, dimension: 'protocol', value, count}),
    );
    this.#tallies.clear();
    this.#pipe.write(writeMessage({type: 'tallies', tallies}));
  }

  #full(all: boolean): boolean {
    return !all && this.#pipe.pending() >= fullPipe;
  }

  #drop(reason: string, count: number): void {
    this.dropped[reason] = (this.dropped[reason] ?? 0) + count;
  }
}
