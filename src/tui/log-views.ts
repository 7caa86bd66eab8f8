import {type LogRow, newestRows, type Snapshot} from '../pipeline/snapshot.ts';
import type {Expression} from '../query/expression.ts';
import {otherRows, wireRows} from '../query/wire-rows.ts';
import {remember} from './remember.ts';

/**
 * What the Logs pane shows, one at a time: what programs logged, what applications said on the wire (DNS, TLS, HTTP, SSH,
 * DHCP, and what other sensors logged), or both.
 */
export const logViews = ['logs', 'applications', 'all'] as const;

export type LogView = (typeof logViews)[number];

/** The newest rows of a view, oldest first. The same object while the snapshot's rows are. */
export function newestOf(
  {logs, applications}: Pick<Snapshot, 'logs' | 'applications'>,
  view: LogView,
): readonly LogRow[] {
  switch (view) {
    case 'logs':
      return logs;
    case 'applications':
      return applications;
    case 'all':
      return applications.length === 0 ? logs : merged(logs, applications);
    default:
      return view satisfies never;
  }
}

/** What stored rows must satisfy to belong to a view: the same as the engine says by `isWireRow`. */
export function withinView(view: LogView): Expression | undefined {
  if (view === 'all') return undefined;
  return view === 'applications' ? wireRows : otherRows;
}

/** What the pane's title says of a view: above all what is left out, of stored rows too. */
export const viewNotes: Readonly<Record<LogView, string>> = {
  logs: 'without applications (v)',
  applications: 'applications alone',
  all: 'with applications',
};

/** Each has the newest of its own, up to a number: so many of both are the newest of all, without a gap. */
const merged = remember(
  (logs: readonly LogRow[], applications: readonly LogRow[]): readonly LogRow[] =>
    [...logs, ...applications].sort((one, other) => one.seq - other.seq).slice(-newestRows),
  1,
);
