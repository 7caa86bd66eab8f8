import type {Micros} from '../../event/event.ts';
import {Levels, parseLevel} from '../../event/level.ts';
import type {QueryRow} from '../../query/request.ts';
import type {AlertGroup} from '../../store/sink.ts';
import type {ContextLine} from './detail.ts';

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

/** An ISO time with up to six fractional digits; 0 for what is none. */
function microsOf(value: QueryRow[string] | undefined): Micros {
  if (typeof value === 'number') return value;
  const text = typeof value === 'string' ? value : '';
  const millis = Date.parse(text);
  const rest = /\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? '';
  return Number.isNaN(millis) ? 0 : millis * 1000 + Number(rest.padEnd(3, '0'));
}
