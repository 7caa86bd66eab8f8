import type {ClosedAlert} from '../detect/surprise/train/closed-alerts.ts';
import type {HistoryEvent} from '../detect/surprise/train/corpus.ts';
import {historyOf} from '../detect/surprise/train/history.ts';
import {interruptedTraining} from '../detect/surprise/train/resume.ts';
import {systemClock} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';
import {isoMicros} from '../event/iso-micros.ts';
import type {StoreReader} from '../store/reader.ts';

export interface StoredHistoryOptions {
  readonly since?: Micros;
  /** Entries read at most, the newest. */
  readonly limit: number;
  /** A model file: where its training was interrupted, history is read up to where it was read then. */
  readonly resumeFrom?: string | undefined;
}

/** What training learns from: stored entries, oldest first, and the alerts closed with a verdict. */
export interface StoredHistory {
  readonly history: Iterable<HistoryEvent>;
  readonly alerts: readonly ClosedAlert[];
  readonly origin: string;
}

/** Verdicts looked at, the newest. */
const maxAlerts = 2_000;
const maxFindings = 50_000;

export function storedHistory(
  reader: StoreReader,
  {since = 0, limit, resumeFrom}: StoredHistoryOptions,
): StoredHistory {
  const origin = `store ${limit}${since > 0 ? ` since ${since}` : ''}`;
  const interrupted = resumeFrom === undefined ? undefined : interruptedTraining(resumeFrom, origin, systemClock());
  const rows = reader.iterate({
    kind: 'logs',
    limit,
    ...(since > 0 ? {since} : {}),
    ...(interrupted ? {until: interrupted.newest + 1} : {}),
  });
  return {history: historyOf(rows), alerts: closedAlerts(reader), origin};
}

/** The alerts that are closed with a verdict, and in which minutes they gained what. */
export function closedAlerts(reader: StoreReader): ClosedAlert[] {
  const closed = new Map<string, ClosedAlert & {findings: ClosedAlert['findings'][number][]}>();
  for (const row of reader.rows({kind: 'alerts', limit: maxAlerts})) {
    const id = String(row['event.id']);
    const found = row['event.status'] === 'closed' ? reader.alert(id) : undefined;
    const verdict = found?.changes.findLast(({action}) => action === 'close')?.verdict;
    if (!found || verdict === undefined) continue;
    const {rule, host, event} = found.group;
    closed.set(id, {rule, host, verdict, event, findings: []});
  }
  if (closed.size === 0) return [];
  for (const row of reader.rows({kind: 'anomalies', limit: maxFindings})) {
    closed.get(String(row['alert.id']))?.findings.push({
      minute: isoMicros(String(row['event.start'])),
      provider: String(row['event.provider'] ?? ''),
      message: String(row.message ?? ''),
    });
  }
  return [...closed.values()];
}
