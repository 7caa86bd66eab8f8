import type {Event, LogEvent} from '../../event/event.ts';
import type {AlertLevel} from '../../event/level.ts';
import type {Finding} from '../network/findings.ts';
import type {SeenFlow} from './seen-flows.ts';

/** What a watcher found, with the event that shows it. */
export interface FlowFinding extends Finding {
  readonly host: string;
  /** Where it is more or less serious than its rule says. */
  readonly level?: AlertLevel;
  readonly event?: Event;
}

export type Find = (finding: FlowFinding) => void;

/**
 * Looks for one kind of thing. Called by `NetworkWatch` with every report of a flow and every row of an application, in
 * the order they come; a few hundred nanoseconds each. State is bounded and keyed by host.
 */
export interface Watcher {
  /** Names its part of the saved state. */
  readonly name: string;
  onFlow?(seen: SeenFlow): void;
  /** `dataset`: `dns`, `tls`, `http`, `dhcp`, `ssh`. */
  onRow?(row: LogEvent, dataset: string): void;
  save?(): unknown;
  restore?(state: unknown): void;
}
