import type {AlertChange, AlertGroup} from '../event/alert-group.ts';
import type {Database, SqlRow, SqlValue} from './engine.ts';
import {StoreError} from './sink.ts';
import {alertGroup} from './store-reads.ts';

/** The alert whose id begins with `idPrefix`, with its life so far. More than one such alert is an error that lists them. */
export function alertWithChanges(
  database: Database,
  idPrefix: string,
): {readonly group: AlertGroup; readonly changes: readonly AlertChange[]} | undefined {
  const prefix = idPrefix.toLowerCase();
  if (!/^[0-9a-f]{1,32}$/.test(prefix)) return undefined;
  const found = database
    .prepare(
      'SELECT alert.*, (SELECT text FROM name WHERE id = alert.host) AS host_name FROM alert ' +
        "WHERE alert.id >= ? AND alert.id < ? || 'g' LIMIT 6",
    )
    .all(prefix, prefix);
  const [row] = found;
  if (!row) return undefined;
  if (found.length > 1)
    throw new StoreError(
      'failed',
      `Expected one alert whose id begins with ${prefix}, got ${found.length > 5 ? 'many' : found.length}.`,
      `Write more of the id: ${found
        .slice(0, 5)
        .map(one => String(one.id).slice(0, prefix.length + 4))
        .join(', ')} …`,
    );
  const changes = database.prepare('SELECT * FROM alert_change WHERE alert = ? ORDER BY seq').all(String(row.id));
  return {group: alertGroup(row), changes: changes.map(toChange)};
}

function toChange(row: SqlRow): AlertChange {
  return {
    alert: text(row.alert),
    time: Number(row.time),
    actor: text(row.actor),
    action: text(row.action) as AlertChange['action'],
    ...(row.verdict === null ? {} : {verdict: text(row.verdict) as NonNullable<AlertChange['verdict']>}),
    ...(row.note === null ? {} : {note: text(row.note)}),
  };
}

function text(value: SqlValue | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}
