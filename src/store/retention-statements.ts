import type {Database, Statement} from './engine.ts';
import {saveLogCount} from './session.ts';

// Removed by size, oldest first over all three; the rest is small and worth more, and goes by size only when these are gone.
export const bulk = ['log', 'flow', 'metric'] as const;
export const precious = ['anomaly', 'alert', 'gap'] as const;
export type Table = (typeof bulk)[number] | (typeof precious)[number];
export const all: readonly Table[] = [...bulk, ...precious];

type ByTable = Readonly<Record<Table, Statement>>;

/** All that retention asks and removes, prepared once. */
export class RetentionStatements {
  readonly pageSize: () => number;
  readonly pageCount: () => number;
  readonly freePages: () => number;
  readonly first: ByTable;
  readonly nth: ByTable;
  readonly delete: ByTable;
  readonly deleteChanges: Statement;
  readonly deleteTallies: Statement;
  readonly deleteTraffic: Statement;
  readonly deleteMarks: Statement;
  readonly markBefore: Statement;
  readonly saveCount: Statement;

  constructor(database: Database) {
    this.pageSize = pragma(database, 'page_size');
    this.pageCount = pragma(database, 'page_count');
    this.freePages = pragma(database, 'freelist_count');
    this.first = byTable(table => database.prepare(`SELECT min(seq) AS seq FROM ${table}`));
    this.nth = byTable(table =>
      database.prepare(`SELECT seq FROM ${table} WHERE seq >= ? ORDER BY seq LIMIT 1 OFFSET CAST(? AS INTEGER)`),
    );
    this.delete = byTable(table => database.prepare(`DELETE FROM ${table} WHERE seq BETWEEN ? AND ?`));
    this.deleteChanges = database.prepare(
      'DELETE FROM alert_change WHERE alert IN (SELECT id FROM alert WHERE seq BETWEEN ? AND ?)',
    );
    this.deleteTallies = database.prepare(`DELETE FROM tally WHERE hour < min(CAST(? AS INTEGER),
      ifnull((SELECT min(time) FROM log), 9e18) - 3600000000, ifnull((SELECT min(time) FROM anomaly), 9e18) - 3600000000)`);
    this.deleteTraffic = database.prepare(`DELETE FROM traffic_minute WHERE minute < min(CAST(? AS INTEGER),
      ifnull((SELECT min(last) FROM flow), 9e18) - 60000000)`);
    this.deleteMarks = database.prepare('DELETE FROM mark WHERE hour < ? AND seq < (SELECT max(seq) FROM mark)');
    this.markBefore = database.prepare('SELECT max(seq) AS seq FROM mark WHERE hour <= ?');
    this.saveCount = database.prepare(saveLogCount);
  }
}

function byTable(prepare: (table: Table) => Statement): ByTable {
  return {
    log: prepare('log'),
    flow: prepare('flow'),
    metric: prepare('metric'),
    anomaly: prepare('anomaly'),
    alert: prepare('alert'),
    gap: prepare('gap'),
  };
}

function pragma(database: Database, name: string): () => number {
  const statement = database.prepare(`PRAGMA ${name}`);
  return () => Number(statement.get()?.[name]);
}
