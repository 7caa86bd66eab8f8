import type {Event, FlowEvent, LogEvent, MetricEvent} from '../event/event.ts';
import type {Database, SqlValue, Statement} from './engine.ts';
import type {FullText} from './full-text.ts';
import type {Interning} from './interning.ts';
import type {Sequence} from './sequence.ts';
import type {WriteResult} from './sink.ts';
import type {Tallies} from './tallies.ts';
import type {FlowSums, TrafficMinutes} from './traffic-minutes.ts';

// Measured: 16 log rows a statement take half the time of 16 statements; more a statement gains nothing.
const group = 16;
const columns = 13;
const insertLog = `INSERT OR IGNORE INTO log
  (seq, time, ingested, stream, position, level, code, provider, host, user, pid, message, fields) VALUES `;
const row = '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';

/** Inserts events within the caller's transaction. A known (stream, position) is ignored and counted. */
export class EventWriter {
  readonly #interning: Interning;
  readonly #sequence: Sequence;
  readonly #tallies: Tallies;
  readonly #logs: Statement;
  readonly #log: Statement;
  readonly #storedLogs: Statement;
  readonly #traffic: TrafficMinutes;
  readonly #flowBefore: Statement;
  readonly #flow: Statement;
  readonly #metric: Statement;
  readonly #fullText: FullText | undefined;
  readonly #pending: LogEvent[] = [];
  /** Of each pending entry its index in the batch. */
  readonly #places: number[] = [];
  readonly #values: SqlValue[] = new Array<SqlValue>(group * columns).fill(null);
  #result = new ResultCounter(0);

  constructor(
    database: Database,
    interning: Interning,
    sequence: Sequence,
    tallies: Tallies,
    traffic: TrafficMinutes,
    fullText: FullText | undefined,
  ) {
    this.#interning = interning;
    this.#sequence = sequence;
    this.#tallies = tallies;
    this.#traffic = traffic;
    this.#logs = database.prepare(insertLog + new Array<string>(group).fill(row).join(', '));
    this.#log = database.prepare(insertLog + row);
    this.#storedLogs = database.prepare('SELECT seq FROM log WHERE seq BETWEEN ? AND ?');
    this.#flowBefore = database.prepare(
      'SELECT packets_out, bytes_out, packets_in, bytes_in FROM flow WHERE stream = ? AND position = ?',
    );
    this.#flow =
      database.prepare(`REPLACE INTO flow (seq, time, last, ingested, stream, position, ended, transport, service,
      source_ip, source_port, source_mac, destination_ip, destination_port, destination_mac, interface, vlan,
      packets_out, bytes_out, packets_in, bytes_in, state, history, fields)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#metric = database.prepare(
      'INSERT OR IGNORE INTO metric (seq, time, ingested, series, position, value, max) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#fullText = fullText;
  }

  /** Gives what was stored and the number of log rows among it. */
  write(events: readonly Event[]): {result: WriteResult; logs: number} {
    this.#result = new ResultCounter(events.length);
    this.#pending.length = 0;
    this.#places.length = 0;
    const first = this.#sequence.last + 1;
    for (const [place, event] of events.entries()) this.#event(event, place);
    this.#flushRest();
    if (this.#result.logs > 0) this.#fullText?.add(first, this.#sequence.last);
    return {result: this.#result, logs: this.#result.logs};
  }

  #event(event: Event, place: number): void {
    switch (event.kind) {
      case 'log':
        this.#pending.push(event);
        this.#places.push(place);
        if (this.#pending.length === group) this.#flushGroup();
        return;
      case 'flow':
        this.#writeFlow(event, place);
        return;
      case 'metric':
        this.#writeMetric(event, place);
        return;
      default:
        event satisfies never;
    }
  }

  #flushGroup(): void {
    const first = this.#sequence.last + 1;
    for (let i = 0; i < group; i++) this.#bind(this.#pending[i], i * columns);
    const {changes} = this.#logs.run(...this.#values);
    const stored = changes === group ? undefined : this.#storedFrom(first);
    for (let i = 0; i < group; i++) this.#countLog(i, (stored?.has(first + i) ?? true) ? first + i : 0);
    this.#pending.length = 0;
    this.#places.length = 0;
  }

  #flushRest(): void {
    for (const [i, event] of this.#pending.entries()) {
      this.#bind(event, 0);
      const stored = this.#log.run(...this.#values.slice(0, columns)).changes > 0;
      this.#countLog(i, stored ? this.#sequence.last : 0);
    }
    this.#pending.length = 0;
    this.#places.length = 0;
  }

  #bind(event: LogEvent | undefined, at: number): void {
    if (!event) return;
    const values = this.#values;
    values[at] = this.#sequence.next();
    values[at + 1] = event.time;
    values[at + 2] = event.ingested;
    values[at + 3] = this.#interning.stream(event.origin);
    values[at + 4] = event.position;
    values[at + 5] = event.level;
    values[at + 6] = event.code;
    values[at + 7] = this.#interning.name(event.provider);
    values[at + 8] = this.#interning.name(event.host ?? event.origin.host);
    values[at + 9] = event.user === undefined ? null : this.#interning.name(event.user);
    values[at + 10] = event.pid ?? null;
    values[at + 11] = event.message;
    values[at + 12] = event.fields === undefined ? null : JSON.stringify(event.fields);
  }

  #storedFrom(first: number): Set<number> {
    return new Set(this.#storedLogs.all(first, this.#sequence.last).map(found => Number(found.seq)));
  }

  /** `sequence` is 0 for a duplicate. */
  #countLog(pending: number, sequence: number): void {
    const event = this.#pending[pending];
    if (!event) return;
    this.#result.count(this.#places[pending] ?? 0, sequence);
    if (sequence === 0) return;
    this.#result.logs++;
    this.#tallies.log(event.time, event.level, event.provider, event.code);
  }

  #writeFlow(event: FlowEvent, place: number): void {
    const sequence = this.#sequence.next();
    const stream = this.#interning.stream(event.origin);
    this.#traffic.flow(event, this.#reportBefore(stream, event.position));
    this.#flow.run(
      sequence,
      event.time,
      event.last,
      event.ingested,
      stream,
      event.position,
      event.ended ? 1 : 0,
      event.transport,
      event.service,
      event.sourceIp,
      event.sourcePort,
      event.sourceMac,
      event.destinationIp,
      event.destinationPort,
      event.destinationMac,
      event.interface,
      event.vlan,
      event.packetsOut,
      event.bytesOut,
      event.packetsIn,
      event.bytesIn,
      event.state,
      event.history,
      event.fields === undefined ? null : JSON.stringify(event.fields),
    );
    this.#result.count(place, sequence);
  }

  #reportBefore(stream: number, position: number): FlowSums | undefined {
    const row = this.#flowBefore.get(stream, position);
    if (!row) return undefined;
    return {
      packetsOut: Number(row.packets_out),
      bytesOut: Number(row.bytes_out),
      packetsIn: Number(row.packets_in),
      bytesIn: Number(row.bytes_in),
    };
  }

  #writeMetric(event: MetricEvent, place: number): void {
    const sequence = this.#sequence.next();
    const series = this.#interning.series(this.#interning.stream(event.origin), event.name, event.unit);
    const {changes} = this.#metric.run(
      sequence,
      event.time,
      event.ingested,
      series,
      event.position,
      event.value,
      event.max,
    );
    this.#result.count(place, changes > 0 ? sequence : 0);
  }
}

class ResultCounter implements WriteResult {
  stored = 0;
  duplicate = 0;
  logs = 0;
  readonly sequences: Float64Array;

  constructor(events: number) {
    this.sequences = new Float64Array(events);
  }

  /** `sequence` is 0 for a duplicate. */
  count(place: number, sequence: number): void {
    this.sequences[place] = sequence;
    if (sequence > 0) this.stored++;
    else this.duplicate++;
  }
}
