import {Levels, parseLevel} from '../../event/level.ts';
import type {QueryRow} from '../../query/request.ts';
import type {AlertGroup} from '../../store/sink.ts';
import type {ContextLine} from './detail.ts';
import {microsOf} from './when.ts';

/** Stored log rows around an alert as the lines its details show; the alert's own newest event is marked. */
export function contextLines(rows: readonly QueryRow[], alert: Pick<AlertGroup, 'event'>): readonly ContextLine[] {
  const triggering = alert.event['event.id'];
  return rows.map(row => ({
    time: microsOf(row['@timestamp']),
    level: parseLevel(String(row['log.level'])) ?? Levels.information,
    provider: String(row['event.provider'] ?? ''),
    message: String(row.message ?? ''),
    trigger: triggering !== undefined && row['event.id'] === triggering,
  }));
}
