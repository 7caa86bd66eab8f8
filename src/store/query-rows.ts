import {isoTime} from '../event/ecs.ts';
import {levelNames} from '../event/level.ts';
import {fieldNamed} from '../query/fields.ts';
import type {QueryKind, QueryRow} from '../query/request.ts';
import type {SqlRow, SqlValue} from './engine.ts';
import {type Column, columnOf, isOwnColumn} from './query-columns.ts';
import {fromJson} from './query-functions.ts';

/** The columns that make a row of a kind, to be selected. */
export function rowColumns(kind: QueryKind): string {
  const own = names[kind].map((name, index) => `${sqlOf(columnOf(kind, name))} AS c${index}`);
  const extra = extras[kind];
  return (extra ? [...own, `${extra} AS extra`] : own).join(', ');
}

/** The field values of an answer, in the order people read them. What has no value is left out. */
export function toRow(kind: QueryKind, row: SqlRow): QueryRow {
  const answer: QueryRow = {};
  names[kind].forEach((name, index) => {
    const value = shown(columnOf(kind, name), row[`c${index}`]);
    if (value !== null) answer[name] = value;
  });
  // An event's further fields never stand for the kind's own: a filter looks at those in their columns.
  for (const [name, value] of Object.entries(freeFields(row.extra))) if (!isOwnColumn(kind, name)) answer[name] = value;
  return answer;
}

/** The value of a counted key as an answer shows it. */
export function keyValue(kind: QueryKind, name: string, value: SqlValue | undefined): string | number | null {
  const field = fieldNamed(name, kind, 0);
  const decoded = shown(columnOf(kind, field.name), value);
  if (decoded === null || typeof decoded === 'number') return decoded;
  return typeof decoded === 'object' ? decoded.join(',') : String(decoded);
}

function sqlOf(column: Column): string {
  if (column.form !== 'lookup') return column.sql;
  return `(SELECT ${column.text} FROM ${column.from} WHERE ${column.id} = ${column.sql})`;
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

function freeFields(json: SqlValue | undefined): QueryRow {
  return typeof json === 'string' ? (JSON.parse(json) as QueryRow) : {};
}

const extras: Readonly<Partial<Record<QueryKind, string>>> = {logs: 'log.fields', alerts: 'alert.event'};

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
};
