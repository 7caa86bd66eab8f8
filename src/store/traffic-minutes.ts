import {minute} from '../event/clock.ts';
import type {FlowEvent, Micros} from '../event/event.ts';
import type {Database, SqlRow, Statement} from './engine.ts';

/** What stands for all that are not among a minute's most. */
export const otherTalkers = '(other)';
const kept = 50;
/** Values of a minute before it is cut to the most: those that come late have a chance up to here. */
const mostOpen = 512;

type Dimension = 'transport' | 'service' | 'talker';

/** What a flow counted so far, as it stands in the store. */
export interface FlowSums {
  readonly packetsOut: number;
  readonly bytesOut: number;
  readonly packetsIn: number;
  readonly bytesIn: number;
}

/**
 * Packets, bytes and flows of each minute by transport, by service, and by address: of the last two the fifty that moved
 * most, the rest summed. A report of a flow counts what it adds to the stored one, in the minute of its newest packet;
 * so what another sensor tells once, at the end, counts in its last minute. Written within the caller's transaction.
 */
export class TrafficMinutes {
  readonly #add: Statement;
  readonly #values: Statement;
  readonly #remove: Statement;
  readonly #sums = new Map<Micros, Map<string, Sums>>();
  /** Minutes that may hold more than the most, with how many rows they were given. */
  readonly #open = new Map<Micros, number>();

  constructor(database: Database) {
    this.#add = database.prepare(`INSERT INTO traffic_minute (minute, dimension, value, packets, sent, received, flows)
      VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET packets = packets + excluded.packets,
      sent = sent + excluded.sent, received = received + excluded.received, flows = flows + excluded.flows`);
    this.#values = database.prepare(`SELECT value, packets, sent, received, flows FROM traffic_minute
      WHERE minute = ? AND dimension = ? AND value <> '${otherTalkers}' ORDER BY sent + received DESC, value`);
    this.#remove = database.prepare('DELETE FROM traffic_minute WHERE minute = ? AND dimension = ? AND value = ?');
  }

  /** `before`: the stored report of the same flow, if there is one. */
  flow(flow: FlowEvent, before: FlowSums | undefined): void {
    const out = Math.max(0, flow.bytesOut - (before?.bytesOut ?? 0));
    const back = Math.max(0, flow.bytesIn - (before?.bytesIn ?? 0));
    const packets = Math.max(0, flow.packetsOut + flow.packetsIn - (before ? before.packetsOut + before.packetsIn : 0));
    const flows = before ? 0 : 1;
    if (packets === 0 && out === 0 && back === 0 && flows === 0) return;
    const sums = this.#minute(flow.last);
    add(sums, 'transport', flow.transport, packets, out, back, flows);
    add(sums, 'service', flow.service || '(unknown)', packets, out, back, flows);
    if (flow.sourceIp !== '') add(sums, 'talker', flow.sourceIp, packets, out, back, flows);
    if (flow.destinationIp !== '') add(sums, 'talker', flow.destinationIp, packets, back, out, flows);
  }

  /** Writes the sums and forgets them; cuts minutes that are over to the most. */
  flush(): void {
    let newest = Number.NEGATIVE_INFINITY;
    for (const [start, sums] of this.#sums) {
      newest = Math.max(newest, start);
      for (const {dimension, value, packets, sent, received, flows} of sums.values())
        this.#add.run(start, dimension, value, packets, sent, received, flows);
      this.#open.set(start, (this.#open.get(start) ?? 0) + sums.size);
    }
    this.#sums.clear();
    for (const [start, rows] of this.#open) {
      if (start > newest - 2 * minute && rows < mostOpen) continue;
      this.#cut(start, 'talker');
      this.#cut(start, 'service');
      if (start > newest - 2 * minute) this.#open.set(start, 2 * kept);
      else this.#open.delete(start);
    }
  }

  /** After a rollback. */
  clear(): void {
    this.#sums.clear();
  }

  #cut(start: Micros, dimension: Dimension): void {
    const rows = this.#values.all(start, dimension);
    if (rows.length <= kept) return;
    const sum = (name: keyof SqlRow) => rows.slice(kept).reduce((total, row) => total + Number(row[name]), 0);
    this.#add.run(start, dimension, otherTalkers, sum('packets'), sum('sent'), sum('received'), sum('flows'));
    for (const row of rows.slice(kept)) this.#remove.run(start, dimension, String(row.value));
  }

  #minute(time: Micros): Map<string, Sums> {
    const start = Math.floor(time / minute) * minute;
    const known = this.#sums.get(start);
    if (known) return known;
    const sums = new Map<string, Sums>();
    this.#sums.set(start, sums);
    return sums;
  }
}

interface Sums {
  readonly dimension: Dimension;
  readonly value: string;
  packets: number;
  /** By the one that is named; by the source where a kind of traffic is. */
  sent: number;
  received: number;
  flows: number;
}

function add(
  into: Map<string, Sums>,
  dimension: Dimension,
  value: string,
  packets: number,
  sent: number,
  received: number,
  flows: number,
): void {
  const key = `${dimension} ${value}`;
  const sums = into.get(key);
  if (!sums) {
    into.set(key, {dimension, value, packets, sent, received, flows});
    return;
  }
  sums.packets += packets;
  sums.sent += sent;
  sums.received += received;
  sums.flows += flows;
}
