import {setTimeout as pause} from 'node:timers/promises';
import {
  type Emit,
  type Position,
  type Source,
  type SourceBatch,
  SourceError,
  type SourceNews,
} from '../capture/source.ts';
import type {AppLog} from '../config/app-log.ts';
import type {Identity} from '../config/identity.ts';
import type {Clock} from '../event/clock.ts';
import {errorText} from '../event/error-code.ts';
import type {Micros} from '../event/event.ts';
import type {BatchQueue} from './batch-queue.ts';
import {Ledger} from './ledger.ts';
import {RateMeter} from './rate-meter.ts';
import type {SourceView} from './snapshot.ts';

export interface RunnerParts {
  readonly queue: BatchQueue;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly log: AppLog;
  readonly backfillFrom: Micros;
  /** Told whenever what the source says of itself changes. */
  readonly changed: () => void;
}

const firstPause = 1_000;
const longestPause = 60_000;

/**
 * Runs one source for as long as the engine lives: gives it its position, takes its batches into the queue, keeps its
 * account, and starts it again after a pause when it fails. One source's failure is never another's.
 */
export class SourceRunner {
  readonly id: string;
  readonly ledger = new Ledger();
  newest: Micros = 0;
  private news: SourceNews = {state: 'starting', detail: ''};
  private readonly source: Source;
  private readonly parts: RunnerParts;
  private readonly meter: RateMeter;
  private position: Position | undefined;
  private settled: (() => void) | undefined;

  constructor(source: Source, position: Position | undefined, parts: RunnerParts) {
    this.id = source.id;
    this.source = source;
    this.position = position;
    this.parts = parts;
    this.meter = new RateMeter(parts.clock);
  }

  /** Resolves when the source has ended of itself or `signal` aborted. */
  async run(signal: AbortSignal): Promise<void> {
    let wait = firstPause;
    while (!signal.aborted) {
      const started = this.parts.clock();
      try {
        await this.source.start(this.emitter(), signal, this.context());
        if (this.news.state !== 'covered') this.tell({state: 'ended', detail: this.news.detail});
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.fail(error);
      }
      // What was handed over must be durable before the source goes on from its stored position.
      await this.whenSettled();
      if (this.parts.clock() - started > longestPause * 1000) wait = firstPause;
      await pause(wait, undefined, {signal}).catch(() => {});
      wait = Math.min(wait * 2, longestPause);
    }
  }

  /** Told by the engine when a batch of this source is durable. */
  stored(batch: SourceBatch, stored: number, duplicate: number): void {
    this.ledger.settle(stored, duplicate);
    if (batch.position !== undefined) this.position = batch.position;
    if (this.ledger.inFlight === 0) this.settled?.();
  }

  view(): SourceView {
    const {state, detail, mend} = this.news;
    return {
      id: this.id,
      state,
      detail,
      ...(mend === undefined ? {} : {mend}),
      rate: this.meter.perSecond(),
      newest: this.newest,
      ...this.ledger.view(),
    };
  }

  private context() {
    const {identity, clock, backfillFrom} = this.parts;
    return {
      agent: identity.agent,
      host: identity.host,
      position: this.position,
      backfillFrom,
      clock,
      news: (news: SourceNews) => this.tell(news),
    };
  }

  private emitter(): Emit {
    const {queue} = this.parts;
    const emit = (batch: SourceBatch): Promise<void> => {
      this.ledger.receive(batch);
      this.meter.add(batch.events.length);
      return queue.push({runner: this, batch});
    };
    return Object.assign(emit, {room: () => queue.room()});
  }

  private tell(news: SourceNews): void {
    // A failure stays to be read while it is tried again: whether that helps is told by the next state.
    if (news.state === 'starting' && this.news.state === 'failed') return;
    if (news.state === this.news.state && news.detail === this.news.detail) return;
    if (news.state !== this.news.state) this.parts.log.info(`${this.id}: ${news.state}: ${news.detail}`);
    this.news = news;
    this.parts.changed();
  }

  private fail(error: unknown): void {
    const mend = error instanceof SourceError ? error.mend : undefined;
    this.parts.log.error(`${this.id}: ${errorText(error)}`);
    this.tell({state: 'failed', detail: errorText(error), ...(mend === undefined ? {} : {mend})});
  }

  private whenSettled(): Promise<void> {
    if (this.ledger.inFlight === 0) return Promise.resolve();
    return new Promise(resolve => {
      this.settled = resolve;
    });
  }
}
