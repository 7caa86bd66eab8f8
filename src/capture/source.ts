import type {Event, Micros} from '../event/event.ts';

/** What a source needs to find its place again: plain JSON, written in the same transaction as the rows it covers. */
export type Position = Readonly<Record<string, unknown>>;

/** A range that cannot be read again: what happened while the program was down, a rotated file that is gone. */
export interface Gap {
  readonly from: Micros;
  readonly to: Micros;
  /** For a person: `not listening`, `journal vacuumed`, `file removed before it was read`. */
  readonly reason: string;
  /** How many events are missing, where known. */
  readonly lost?: number;
}

/**
 * What a source hands over at once: some hundreds of events, in their order. After `events` are stored, `position` is
 * where the source would go on. A batch may be empty to move the position or to record a gap only.
 */
export interface SourceBatch {
  readonly events: readonly Event[];
  readonly position?: Position;
  readonly gap?: Gap;
  /** Lines or datagrams that were read and are no event, by reason (`unparsable`, `too-long`). Counted as dropped. */
  readonly dropped?: Readonly<Record<string, number>>;
  /** Entries left out on purpose (older than the backfill limit), by reason. Counted as filtered. */
  readonly filtered?: Readonly<Record<string, number>>;
  /** True while the source reads what was written before this run began to watch. */
  readonly historical?: boolean;
}

/**
 * Called by a source with each batch. The promise resolves when the pipeline has room again: a source that can be read
 * again awaits it before reading on. A source that cannot (datagrams) calls `emit` only while `emit.room()` is true
 * and otherwise counts what it drops in the next batch's `dropped`. Rejects only when the pipeline is shutting down.
 */
export interface Emit {
  (batch: SourceBatch): Promise<void>;
  /** False while the queue is full. */
  room(): boolean;
}

/** `covered`: another source brings the same entries. `waiting`: the thing to read is not there yet. */
export type SourceState = 'starting' | 'catching-up' | 'running' | 'waiting' | 'covered' | 'failed' | 'ended';

/** Told by a source whenever it changes; shown at start-up and in the sources view. */
export interface SourceNews {
  readonly state: SourceState;
  /** What is being read, or why not, in a few words. */
  readonly detail: string;
  /** The exact command or setting that mends a failure. */
  readonly mend?: string;
}

/**
 * Where events come from. The engine calls `start` once and never before the source's stored position is known. `start`
 * resolves when the source has ended of itself (a file that was replayed, an abort) and rejects when it cannot go on;
 * a rejection stops this source only, is shown with its mend, and the engine tries again after a pause.
 */
export interface Source {
  /** Stable over restarts: the key of its position, and `Origin.source`. */
  readonly id: string;
  start(emit: Emit, signal: AbortSignal, context: SourceContext): Promise<void>;
}

export interface SourceContext {
  readonly agent: string;
  readonly host: string;
  /** The position of the last stored batch, or undefined on the first run. */
  readonly position: Position | undefined;
  /** On the first run: read back what happened since this time. */
  readonly backfillFrom: Micros;
  readonly clock: () => Micros;
  news(news: SourceNews): void;
}

/** An error whose message says what was expected and found, and whose `mend` is the command that helps. */
export class SourceError extends Error {
  readonly mend: string | undefined;

  constructor(message: string, mend?: string) {
    super(message);
    this.name = 'SourceError';
    this.mend = mend;
  }
}
