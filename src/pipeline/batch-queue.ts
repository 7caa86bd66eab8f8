import type {SourceBatch} from '../capture/source.ts';
import type {SourceRunner} from './source-runner.ts';

export interface QueuedBatch {
  readonly runner: SourceRunner;
  readonly batch: SourceBatch;
}

/**
 * What waits between the sources and the engine, bounded in events. `push` resolves at once while there is room and
 * otherwise when there is again, first come, first served: that is how a source that can be read again is held back.
 */
export class BatchQueue {
  length = 0;
  readonly capacity: number;
  private readonly items: QueuedBatch[] = [];
  private readonly waiting: {readonly item: QueuedBatch; readonly admitted: () => void}[] = [];
  private wake: (() => void) | undefined;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  room(): boolean {
    return this.length < this.capacity && this.waiting.length === 0;
  }

  push(item: QueuedBatch): Promise<void> {
    if (this.room()) {
      this.admit(item);
      return Promise.resolve();
    }
    return new Promise(admitted => this.waiting.push({item, admitted}));
  }

  /** Takes batches in their order, at least one if there is any, until `events` is reached. */
  take(events: number): readonly QueuedBatch[] {
    const taken: QueuedBatch[] = [];
    let count = 0;
    while (count < events) {
      const item = this.items.shift();
      if (!item) break;
      taken.push(item);
      count += item.batch.events.length;
    }
    this.length -= count;
    this.admitWaiting();
    return taken;
  }

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  /** Resolves when something is queued, or `interrupt` is called. */
  whenFilled(): Promise<void> {
    if (!this.isEmpty) return Promise.resolve();
    return new Promise(resolve => {
      this.wake = resolve;
    });
  }

  interrupt(): void {
    this.wake?.();
    this.wake = undefined;
  }

  private admit(item: QueuedBatch): void {
    this.items.push(item);
    this.length += item.batch.events.length;
    this.interrupt();
  }

  private admitWaiting(): void {
    while (this.length < this.capacity) {
      const next = this.waiting.shift();
      if (!next) return;
      this.admit(next.item);
      next.admitted();
    }
  }
}
