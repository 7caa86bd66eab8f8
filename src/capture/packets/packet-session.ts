import type {Alert, Event, FlowEvent, LogEvent, Micros, Origin} from '../../event/event.ts';
import type {Emit, Gap, SourceContext} from '../source.ts';
import type {CounterSum} from './counter-sum.ts';
import {flowEvent} from './flow-event.ts';
import type {FlowOwners} from './flow-owners.ts';
import type {FlowRecord} from './flow-record.ts';
import type {Message, SensorRow, Status} from './messages.ts';
import {alertOf, type PacketCallbacks, packetRow} from './packet-callbacks.ts';
import {rowEvent, rowOrigins} from './row-event.ts';

const heldFlows = 20_000;
const heldRows = 20_000;
const batchLength = 500;
const positionEvery: Micros = 5_000_000;

export interface SessionOptions {
  readonly origin: Origin;
  readonly interfaces: readonly string[];
  readonly counters: CounterSum;
  readonly callbacks: PacketCallbacks;
  /** Who has a flow, where that can be told. */
  readonly owners?: FlowOwners | undefined;
  /** What was not captured before this session, to be recorded with its first batch. */
  readonly gap: Gap | undefined;
}

/**
 * One sensor's messages on their way into the pipeline. Flows wait here while the pipeline has no room, later reports of
 * a flow replacing earlier ones; beyond the bound they are dropped and counted.
 */
export class PacketSession {
  /** The newest moment that was captured. */
  covered: Micros;
  failure: Status | undefined;
  readonly #options: SessionOptions;
  readonly #emit: Emit;
  readonly #context: SourceContext;
  readonly #held = new Map<number, FlowEvent>();
  #gap: Gap | undefined;
  readonly #rows: LogEvent[] = [];
  readonly #rowOrigin: ReturnType<typeof rowOrigins>;
  #dropped = 0;
  #recorded: Micros = 0;

  constructor(options: SessionOptions, emit: Emit, context: SourceContext) {
    this.#options = options;
    this.#emit = emit;
    this.#context = context;
    this.#rowOrigin = rowOrigins(options.origin);
    this.#gap = options.gap;
    this.covered = context.clock();
  }

  onMessage(message: Message): void {
    const {callbacks, counters} = this.#options;
    switch (message.type) {
      case 'hello':
        if (!message.hello.countsLosses) counters.cannotCountLosses();
        callbacks.onHello?.(message.hello);
        return;
      case 'status':
        this.#onStatus(message.status);
        return;
      case 'counters':
        this.covered = Math.min(message.counters.time, this.#context.clock());
        callbacks.onCounters?.(counters.add(message.counters));
        this.#flush();
        return;
      case 'flows':
        for (const flow of message.flows) this.#hold(flow);
        this.#flush();
        return;
      case 'begun':
        this.#options.owners?.begun(message.flows);
        return;
      case 'rows':
        for (const row of message.rows) this.#holdRow(row);
        this.#flush();
        return;
      case 'alerts':
        callbacks.onAlerts?.(message.alerts.map(alert => this.#owned(alertOf(alert, this.#context.host))));
        return;
      case 'packets':
        callbacks.onPackets?.(message.packets.map(packet => packetRow(packet, this.#name(packet.interfaceIndex))));
        return;
      case 'tallies':
        callbacks.onTallies?.(message.tallies);
        return;
      case 'evidence':
      case 'tree':
      case 'matches':
      case 'unanswered':
        // Only an extracting sensor and the inspector send these.
        return;
      default:
        message satisfies never;
    }
  }

  /** Hands over what is still held, room or not: the sensor has ended. */
  async close(): Promise<void> {
    while (this.#waiting || this.#dropped > 0 || this.#gap) await this.#emitBatch();
    await this.#emit({events: [], position: {time: this.covered}});
  }

  #onStatus(status: Status): void {
    if (status.state === 'failed') this.failure = status;
    else if (status.state === 'running') this.#context.news({state: 'running', detail: status.detail});
    else if (status.state === 'waiting') {
      this.#context.news({state: 'waiting', detail: status.detail, ...(status.mend && {mend: status.mend})});
    }
  }

  /** With who has the conversation, where the alert names both of its ends. */
  #owned(alert: Alert): Alert {
    const {fields} = alert;
    if (!fields) return alert;
    const owner = this.#options.owners?.ofEnds({
      transport: String(fields['network.transport'] ?? ''),
      sourceIp: String(fields['source.ip'] ?? ''),
      sourcePort: Number(fields['source.port'] ?? 0),
      destinationIp: String(fields['destination.ip'] ?? ''),
      destinationPort: Number(fields['destination.port'] ?? 0),
    });
    return owner ? {...alert, fields: {...fields, ...owner}} : alert;
  }

  #hold(flow: FlowRecord): void {
    if (!this.#held.has(flow.number) && this.#held.size >= heldFlows) {
      this.#dropped++;
      return;
    }
    const event = flowEvent(flow, this.#options.origin, this.#name(flow.interfaceIndex), this.#context.clock());
    const owner = this.#options.owners?.of(event);
    this.#held.set(flow.number, owner ? {...event, fields: {...event.fields, ...owner}} : event);
  }

  #holdRow(row: SensorRow): void {
    if (this.#rows.length >= heldRows) this.#dropped++;
    else this.#rows.push(rowEvent(row, this.#rowOrigin(row.dataset), this.#context.clock()));
  }

  get #waiting(): boolean {
    return this.#held.size > 0 || this.#rows.length > 0;
  }

  #flush(): void {
    const due = this.covered - this.#recorded >= positionEvery;
    if (!this.#waiting && !due && !this.#gap) return;
    do {
      if (!this.#emit.room()) return;
      this.#emitBatch().catch((error: unknown) => {
        // Only a pipeline that is shutting down refuses a batch; the sensor is about to be ended as well.
        this.#options.callbacks.log?.(`packets not handed over: ${String(error)}`);
      });
    } while (this.#waiting);
  }

  #emitBatch(): Promise<void> {
    const events: Event[] = this.#rows.splice(0, batchLength);
    for (const [number, event] of this.#held) {
      if (events.length === batchLength) break;
      events.push(event);
      this.#held.delete(number);
    }
    const gap = this.#gap && {gap: this.#gap};
    const dropped = this.#dropped > 0 ? {dropped: {'queue full': this.#dropped}} : undefined;
    this.#gap = undefined;
    this.#dropped = 0;
    this.#recorded = this.covered;
    return this.#emit({events, position: {time: this.covered}, ...gap, ...dropped});
  }

  #name(index: number): string {
    return this.#options.interfaces[index] ?? '';
  }
}
