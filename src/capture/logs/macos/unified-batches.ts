import type {LogEvent, Micros, Origin} from '../../../event/event.ts';
import type {Emit, Gap, Position, SourceContext} from '../../source.ts';
import {toLogEvent} from '../parse/entry.ts';
import type {JsonRecord} from '../parse/json-line.ts';
import {unifiedEntry} from './unified-entry.ts';
import {UnifiedPlaces} from './unified-place.ts';
import {readUnifiedLine} from './unified-record.ts';

export const unifiedSource = 'macos';

const mostAtOnce = 500;

/** Makes batches of lines and hands them over. Knows the time of the message handed over last. */
export class UnifiedBatches {
  readonly #emit: Emit;
  readonly #context: SourceContext;
  readonly #places = new UnifiedPlaces();
  #origins = new Map<string, Origin>();
  #events: LogEvent[] = [];
  #gaps: Gap[] = [];
  #dropped: Record<string, number> = {};
  #filtered = 0;
  /** Of the message read last; undefined where there was none yet. */
  #read: Micros | undefined;
  #time: Micros | undefined;

  constructor(time: Micros | undefined, emit: Emit, context: SourceContext) {
    this.#time = time;
    this.#emit = emit;
    this.#context = context;
  }

  /** Everything up to about this time was handed over. */
  get time(): Micros | undefined {
    return this.#time;
  }

  /** Gives the time of the message in the line, also where it was read before. */
  add(line: string): Micros | undefined {
    const found = readUnifiedLine(line);
    switch (found.kind) {
      case 'message':
        this.#read = found.time;
        this.#message(found.record, found.time);
        return found.time;
      case 'loss':
        if (this.#places.take(found.record, found.time)) this.#loss(found.time, found.lost);
        return undefined;
      case 'other':
        this.#filtered++;
        return undefined;
      case 'unparsable':
        this.drop('unparsable', 1);
        return undefined;
      case 'none':
        return undefined;
      default:
        return found satisfies never;
    }
  }

  drop(reason: string, count: number): void {
    if (count > 0) this.#dropped[reason] = (this.#dropped[reason] ?? 0) + count;
  }

  get isFull(): boolean {
    return this.#events.length >= mostAtOnce;
  }

  async hand(historical: boolean): Promise<void> {
    this.#time = this.#read ?? this.#time;
    const [events, dropped, filtered, gaps] = [this.#events, this.#dropped, this.#filtered, this.#gaps];
    this.#events = [];
    this.#dropped = {};
    this.#filtered = 0;
    this.#gaps = [];
    if (events.length + filtered + Object.keys(dropped).length > 0) {
      await this.#emit({
        events,
        dropped,
        ...(filtered > 0 ? {filtered: {'no-text': filtered}} : undefined),
        ...(historical ? {historical} : undefined),
        ...this.#position(),
      });
    }
    for (const gap of gaps) await this.gap(gap);
  }

  gap(gap: Gap): Promise<void> {
    return this.#emit({events: [], gap, ...this.#position()});
  }

  #message(record: JsonRecord, time: Micros): void {
    const place = this.#places.take(record, time);
    if (!place) return;
    const origin = this.#origin(place.epoch);
    const ingested = this.#context.clock();
    this.#events.push(toLogEvent(unifiedEntry(record), {origin, position: place.position, time, ingested}));
  }

  #loss(time: Micros, lost: number | undefined): void {
    const from = Math.min(this.#read ?? time, time);
    this.#gaps.push({from, to: time, reason: 'lost by the log of the system', ...(lost ? {lost} : undefined)});
  }

  #position(): {readonly position?: Position} {
    return this.#time === undefined ? {} : {position: {version: 1, time: this.#time}};
  }

  #origin(epoch: string): Origin {
    const known = this.#origins.get(epoch);
    if (known) return known;
    if (this.#origins.size >= 64) this.#origins = new Map();
    const {agent, host} = this.#context;
    const origin: Origin = {agent, host, source: unifiedSource, epoch, dataset: 'macos.unified'};
    this.#origins.set(epoch, origin);
    return origin;
  }
}
