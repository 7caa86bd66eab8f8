import type {Position} from '../capture/source.ts';
import type {Micros} from '../event/event.ts';
import type {AlertGroup, Sink, TallyRow} from '../store/sink.ts';

/** How the store stands, for the status bar. */
export interface StoreStats {
  readonly engine: string;
  readonly path: string;
  /** On disk, with the write-ahead log or journal. */
  readonly bytes: number;
  readonly logs: number;
}

/** What the engine asks of the store besides writing. The real one is StoreWriter; tests pass their own. */
export interface EngineStore extends Sink {
  positions(): ReadonlyMap<string, Position>;
  states(): ReadonlyMap<string, unknown>;
  /** Groups that changed since a time, oldest change first. */
  loadAlerts(since: Micros, limit: number): readonly AlertGroup[];
  alertTotals(): {
    readonly open: number;
    readonly acknowledged: number;
    readonly closed: number;
    readonly findings: number;
  };
  tallies(since: Micros): readonly TallyRow[];
  stats(): StoreStats;
  /** Removes a chunk of what is too old or too much; `done` when nothing is left to do now. */
  retentionStep(now: Micros): {readonly deleted: number; readonly done: boolean};
  /** After a write failed with `damaged`: sets the database aside and begins a new one. */
  recover(): Promise<void>;
  /** What a person should be told loudly, each once. */
  takeNotices(): readonly string[];
  close(): void;
}
