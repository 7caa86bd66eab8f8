import {isoTime} from '../event/ecs.ts';
import {idOf} from '../event/event-id.ts';
import {levelNames} from '../event/level.ts';
import {fieldNamed} from '../query/fields.ts';
import type {QueryKind, QueryRow} from '../query/request.ts';
import type {SqlRow, SqlValue} from './engine.ts';
import {type Column, columnOf, isOwnColumn, jsonColumn} from './query-columns.ts';
import {fromJson} from './query-functions.ts';
import {trafficColumns} from './query-traffic.ts';

/**
 * What makes a row of a kind, to be selected: one JSON array. A library hands over one text in a third of the time that
 * a dozen cells take. Numbers with a fraction come as columns of their own, for SQLite writes 15 digits of them.
 */
export function rowColumns(kind: QueryKind): string {
  const cells = own[kind].map(({column}) => (column.form === 'real' ? 'NULL' : cellOf(column)));
  const reals = own[kind].flatMap(({column}, index) =>
    column.form === 'real' ? [`, ${column.sql} AS r${index}`] : [],
  );
  return `json_array(${[...cells, jsonColumn[kind] ?? 'NULL'].join(', ')}) AS cells${reals.join('')}`;
}

/** The field values of an answer, in the order people read them. What has no value is left out. */
export function toRow(kind: QueryKind, row: SqlRow): QueryRow {
  const answer: QueryRow = {};
  const cells = JSON.parse(String(row.cells)) as Cell[];
  for (const [index, {name, column}] of own[kind].entries()) {
    const value = column.form === 'real' ? shown(column, row[`r${index}`]) : shownCell(column, cells[index]);
    if (value !== null) answer[name] = value;
  }
  // An event's further fields never stand for the kind's own: a filter looks at those in their columns.
  for (const [name, value] of Object.entries(freeFields(cells.at(-1))))
    if (!isOwnColumn(kind, name)) answer[name] = value;
  return answer;
}

type Cell = string | number | null | readonly [agent: string, source: string, epoch: string, position: number];

function cellOf(column: Column): string {
  switch (column.form) {
    case 'lookup':
      return `(SELECT ${column.text} FROM ${column.from} WHERE ${column.id} = ${column.sql})`;
    case 'event-id':
      return `json_array(${column.parts})`;
    default:
      return column.sql;
  }
}

function shownCell(column: Column, cell: Cell | undefined): Shown {
  if (typeof cell !== 'object' || cell === null) return shown(column, cell);
  const [agent, source, epoch, position] = cell;
  return idOf({agent, source, epoch}, position);
}

/** The value of a counted key as an answer shows it. */
export function keyValue(kind: QueryKind, name: string, value: SqlValue | undefined): string | number | null {
  const field = fieldNamed(name, kind, 0);
  const decoded = shown(columnOf(kind, field.name), value);
  if (decoded === null || typeof decoded === 'number') return decoded;
  return typeof decoded === 'object' ? decoded.join(',') : String(decoded);
}

type Shown = QueryRow[string];

function shown(column: Column, value: SqlValue | undefined): Shown {
  if (value === null || value === undefined || value instanceof Uint8Array) return null;
  switch (column.form) {
    case 'time':
      return isoTime(Number(value));
    case 'level':
      return levelNames[Number(value)] ?? null;
    case 'boolean':
      return value !== 0;
    case 'list':
    case 'json':
      return fromJson(value) ?? null;
    default:
      return value;
  }
}

function freeFields(json: Cell | undefined): QueryRow {
  return typeof json === 'string' ? (JSON.parse(json) as QueryRow) : {};
}

const names: Readonly<Record<QueryKind, readonly string[]>> = {
  logs: [
    'event.id',
    '@timestamp',
    'event.kind',
    'event.sequence',
    'event.dataset',
    'host.name',
    'agent.id',
    'log.level',
    'event.code',
    'event.provider',
    'user.name',
    'process.pid',
    'message',
  ],
  alerts: [
    'event.id',
    '@timestamp',
    'event.kind',
    'event.sequence',
    'host.name',
    'agent.id',
    'rule.id',
    'rule.name',
    'rule.level',
    'event.category',
    'threat.technique.id',
    'entity.name',
    'event.reason',
    'event.count',
    'event.start',
    'event.end',
    'event.status',
    'event.historical',
    'event.provider',
    'event.code',
  ],
  anomalies: [
    '@timestamp',
    'event.kind',
    'event.sequence',
    'host.name',
    'alert.id',
    'rule.id',
    'rule.name',
    'rule.level',
    'event.category',
    'event.start',
    'event.count',
    'event.code',
    'event.provider',
    'message',
  ],
  flows: [
    'event.id',
    '@timestamp',
    'event.kind',
    'event.sequence',
    'event.dataset',
    'host.name',
    'agent.id',
    'event.end',
    'event.duration',
    'network.transport',
    'network.protocol',
    'source.ip',
    'source.port',
    'source.mac',
    'source.packets',
    'source.bytes',
    'destination.ip',
    'destination.port',
    'destination.mac',
    'destination.packets',
    'destination.bytes',
    'network.packets',
    'network.bytes',
    'network.vlan.id',
    'observer.ingress.interface.name',
    'network.connection.state',
    'network.connection.history',
    'network.connection.ended',
  ],
  metrics: [
    'event.id',
    '@timestamp',
    'event.kind',
    'event.sequence',
    'event.dataset',
    'host.name',
    'agent.id',
    'metric.name',
    'metric.value',
    'metric.max',
    'metric.unit',
  ],
  traffic: Object.keys(trafficColumns),
};

const own: Readonly<Record<QueryKind, readonly {readonly name: string; readonly column: Column}[]>> = {
  logs: ownColumns('logs'),
  alerts: ownColumns('alerts'),
  anomalies: ownColumns('anomalies'),
  flows: ownColumns('flows'),
  metrics: ownColumns('metrics'),
  traffic: ownColumns('traffic'),
};

function ownColumns(kind: QueryKind): readonly {readonly name: string; readonly column: Column}[] {
  return names[kind].map(name => ({name, column: columnOf(kind, name)}));
}
