import type {Event, LogEvent} from '../../event/event.ts';
import type {Emit, Gap, Position, Source, SourceBatch, SourceNews} from '../source.ts';

export interface HarnessOptions {
  readonly host?: string;
  readonly backfillFrom?: number;
  readonly clock?: () => number;
}

/**
 * Stands in for engine and store in tests of sources: keeps what was committed by (epoch, position) and the position
 * of the last committed batch, and can kill a source between two batches as a crash would.
 */
export class SourceHarness {
  readonly events: Event[] = [];
  readonly gaps: Gap[] = [];
  readonly news: SourceNews[] = [];
  readonly batches: SourceBatch[] = [];
  readonly filtered: Record<string, number> = {};
  readonly dropped: Record<string, number> = {};
  position: Position | undefined;
  full = false;
  #duplicates = 0;
  readonly #known = new Set<string>();
  readonly #options: HarnessOptions;
  #abort = new AbortController();
  #running: Promise<void> | undefined;
  #batchesLeft = Number.POSITIVE_INFINITY;

  constructor(options: HarnessOptions = {}) {
    this.#options = options;
  }

  get duplicates(): number {
    return this.#duplicates;
  }

  get logs(): LogEvent[] {
    return this.events.filter(event => event.kind === 'log');
  }

  get messages(): string[] {
    return this.logs.map(event => event.message);
  }

  /** Starts a source where the last one ended. After `batches` commits nothing more is committed, as after a crash. */
  start(source: Source, batches = Number.POSITIVE_INFINITY): void {
    this.#abort = new AbortController();
    this.#batchesLeft = batches;
    const {signal} = this.#abort;
    this.#running = source.start(this.#emitUntil(signal), signal, {
      agent: 'agent',
      host: this.#options.host ?? 'pc',
      position: this.position,
      backfillFrom: this.#options.backfillFrom ?? 0,
      clock: this.#options.clock ?? (() => 1_000_000),
      news: news => this.news.push(news),
    });
    this.#running.catch(() => {});
  }

  /** Ends the source and waits for it; rejects where the source did. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  /** Waits for a source that ends of itself. */
  async ended(): Promise<void> {
    await this.#running;
  }

  /** Waits until `reached`, or fails after ten seconds with what there is. */
  async until(reached: () => boolean, what = 'the wanted state'): Promise<void> {
    for (let waited = 0; !reached(); waited += 5) {
      if (waited > 10_000) throw new Error(`${what} not reached; there are ${this.events.length} events`);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }

  #emitUntil(signal: AbortSignal): Emit {
    const emit = async (batch: SourceBatch): Promise<void> => {
      await new Promise(resolve => setImmediate(resolve));
      if (signal.aborted || this.#batchesLeft <= 0) return;
      this.#batchesLeft--;
      this.#commit(batch);
    };
    return Object.assign(emit, {room: () => !this.full});
  }

  #commit(batch: SourceBatch): void {
    this.batches.push(batch);
    for (const event of batch.events) {
      const identity = `${event.origin.source} ${event.origin.epoch} ${event.position}`;
      if (this.#known.has(identity)) this.#duplicates++;
      else this.events.push(event);
      this.#known.add(identity);
    }
    // Through JSON, as the store keeps it.
    if (batch.position) this.position = JSON.parse(JSON.stringify(batch.position)) as Position;
    if (batch.gap) this.gaps.push(batch.gap);
    add(this.filtered, batch.filtered);
    add(this.dropped, batch.dropped);
  }
}

function add(totals: Record<string, number>, counts: Readonly<Record<string, number>> | undefined): void {
  for (const [reason, count] of Object.entries(counts ?? {})) totals[reason] = (totals[reason] ?? 0) + count;
}
