import type {Alert, Event, Micros} from '../event/event.ts';

/**
 * Finds what is wrong. The engine calls `onEvents` with every batch in the order it came, before the batch is stored,
 * and stores the returned alerts in the same transaction. Both calls are synchronous and must be quick (a few µs an
 * event). A detector sees event time only (`event.time`), so that replay and backfill raise what live would have
 * raised; events of one source may be up to 60 s late. State is bounded, and keyed by host.
 *
 * An exception is counted, logged and shown; the batch goes on to the next detector.
 */
export interface Detector {
  readonly id: string;
  onEvents(batch: readonly Event[]): readonly Alert[];
  /** Called once a second with the wall clock: for what only the passing of time shows (silence, staying high). */
  onTick?(now: Micros): readonly Alert[];
  /** State that must outlive a restart, as plain JSON; asked for every minute and at the end. */
  save?(): unknown;
  restore?(state: unknown): void;
}
