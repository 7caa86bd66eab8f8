import {FlowFold} from './flow-fold.ts';
import type {FlowRecord} from './flow-record.ts';
import {
  alertsInFrame,
  type CaptureCounters,
  type DisplayPacket,
  flowsInFrame,
  type Hello,
  type Message,
  type ProtocolTally,
  packetsInFrame,
  rowsInFrame,
  type SensorAlert,
  type SensorRow,
  type Status,
  talliesInFrame,
} from './messages.ts';
import {writeFrames, writeMessage} from './write-message.ts';

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
  #flows: FlowRecord[] = [];
  #alerts: SensorAlert[] = [];
  #rows: SensorRow[] = [];
  #packets: DisplayPacket[] = [];

  constructor(pipe: Pipe) {
    this.#pipe = pipe;
  }

  /** False while reports of flows that go on should wait. */
  room(): boolean {
    return this.#flows.length < this.#held / 2 && this.#pipe.pending() < fullPipe;
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

  flow(record: FlowRecord): void {
    if (this.#flows.length < this.#held) this.#flows.push(record);
    else this.#fold.add(record);
  }

  alert(alert: SensorAlert): void {
    if (this.#alerts.length < heldAlerts) this.#alerts.push(alert);
    else this.#drop('alerts', alert.count);
  }

  row(row: SensorRow): void {
    if (this.#rows.length < this.#held) this.#rows.push(row);
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
    this.#sendAlerts(all);
    this.#sendRows(all);
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

  #sendAlerts(all: boolean): void {
    this.#alerts = this.#send(this.#alerts, alertsInFrame, all, alerts => ({type: 'alerts', alerts}));
  }

  #sendRows(all: boolean): void {
    this.#rows = this.#send(this.#rows, rowsInFrame, all, rows => ({type: 'rows', rows}));
  }

  #sendFlows(all: boolean): void {
    this.#flows = this.#send(this.#flows, flowsInFrame, all, flows => ({type: 'flows', flows}));
    if (this.#flows.length === 0 && this.#fold.size > 0) this.#flows = this.#fold.take();
    if (all && this.#flows.length > 0) this.#sendFlows(all);
  }

  /** Returns what the pipe had no room for. */
  #send<T>(items: T[], most: number, all: boolean, message: (part: readonly T[]) => Message): T[] {
    let sent = 0;
    while (sent < items.length && !this.#full(all) && (all || sent < 2 * most)) {
      for (const frame of writeFrames(items.slice(sent, sent + most), most, message)) this.#pipe.write(frame);
      sent += most;
    }
    return sent === 0 ? items : items.slice(sent);
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
