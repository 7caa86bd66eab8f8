import type {Position} from '../capture/source.ts';
import type {EcsRecord} from '../event/ecs.ts';
import type {Micros} from '../event/event.ts';
import type {AlertLevel} from '../event/level.ts';
import type {Database, SqlRow} from './engine.ts';
import type {AlertGroup, AlertStatus, TallyDimension, TallyRow} from './sink.ts';

/** Where each source stood when its last batch was stored, by source id. */
export function readPositions(database: Database): Map<string, Position> {
  const rows = database.prepare('SELECT source, value FROM position').all();
  return new Map(rows.map(row => [String(row.source), JSON.parse(String(row.value)) as Position]));
}

/** What detectors and models saved, by key. */
export function readStates(database: Database): Map<string, unknown> {
  const rows = database.prepare('SELECT key, value FROM state').all();
  return new Map(rows.map(row => [String(row.key), JSON.parse(String(row.value))]));
}

/** Groups that gained something since then, and those still open: the newest `limit`, oldest first. */
export function readAlerts(database: Database, since: Micros, limit: number): AlertGroup[] {
  const rows = database
    .prepare(
      `SELECT alert.*, name.text AS host_name FROM alert JOIN name ON name.id = alert.host
       WHERE last >= ? OR status = 'open' ORDER BY last DESC, seq DESC LIMIT ?`,
    )
    .all(since, limit);
  return rows.reverse().map(alertGroup);
}

export function readAlert(database: Database, id: string): AlertGroup | undefined {
  const row = database
    .prepare('SELECT alert.*, name.text AS host_name FROM alert JOIN name ON name.id = alert.host WHERE alert.id = ?')
    .get(id);
  return row && alertGroup(row);
}

/** How many groups there are of each status, and the findings they stand for. */
export function readAlertTotals(database: Database): Record<AlertStatus | 'findings', number> {
  const totals = {open: 0, acknowledged: 0, closed: 0, findings: 0};
  for (const row of database
    .prepare('SELECT status, count(*) AS n, sum(count) AS findings FROM alert GROUP BY 1')
    .all()) {
    totals[row.status as AlertStatus] = Number(row.n);
    totals.findings += Number(row.findings);
  }
  return totals;
}

/** Hourly totals from the hour that holds `since`, oldest first. */
export function readTallies(database: Database, since: Micros): TallyRow[] {
  const rows = database
    .prepare('SELECT hour, dimension, value, count FROM tally WHERE hour > ? - 3600000000 ORDER BY hour')
    .all(since);
  return rows.map(row => ({
    hour: Number(row.hour),
    dimension: row.dimension as TallyDimension,
    value: String(row.value),
    count: Number(row.count),
  }));
}

/** An alert from its row, with the host's name as `host_name`. */
export function alertGroup(row: SqlRow): AlertGroup {
  return {
    id: String(row.id),
    host: String(row.host_name),
    agent: String(row.agent),
    rule: String(row.rule),
    ruleName: String(row.rule_name),
    level: row.level as AlertLevel,
    category: String(row.category),
    entity: String(row.entity),
    reason: String(row.reason),
    techniques: JSON.parse(String(row.techniques)) as string[],
    first: Number(row.first),
    last: Number(row.last),
    count: Number(row.count),
    historical: row.historical === 1,
    status: row.status as AlertStatus,
    provider: String(row.provider),
    code: Number(row.code),
    event: JSON.parse(String(row.event)) as EcsRecord,
  };
}
