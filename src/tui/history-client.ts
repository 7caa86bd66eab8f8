import type {QueryRequest, QueryRow} from '../query/request.ts';
import type {AlertChange} from '../store/sink.ts';

/** What is known about one alert besides its group. */
export interface AlertSurroundings {
  readonly changes: readonly AlertChange[];
  /** What it gained, minute by minute. */
  readonly anomalies: readonly QueryRow[];
  /** The log entries from a minute before to a minute after it, oldest first. */
  readonly logs: readonly QueryRow[];
}

/**
 * Stored rows, read off the drawing thread. The screen asks at most once a second for each list, for older pages while
 * scrolling, and once when an alert is opened; it aborts what it no longer needs. A rejection is shown as a message.
 */
export interface HistoryClient {
  /** Rows of any kind, as the store's reader gives them. */
  logs(request: QueryRequest, signal?: AbortSignal): Promise<readonly QueryRow[]>;
  /** By the alert's id; null where it is not stored (yet). */
  alertContext(id: string, signal?: AbortSignal): Promise<AlertSurroundings | null>;
}
