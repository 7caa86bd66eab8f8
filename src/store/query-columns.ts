import {hasFreeFields} from '../query/fields.ts';
import type {QueryKind} from '../query/request.ts';
import {trafficColumns, trafficTable} from './query-traffic.ts';

/**
 * Where a field is kept. `sql` gives the stored value; `form` says how it stands for the value of an answer. A `lookup`
 * holds the id of a repeated text kept in another table. `json` is a member of a JSON object, `list` a JSON array.
 * `event-id` is computed from where a row came from: `sql` does so, `parts` are what it is computed from.
 */
export type Column =
  | {readonly form: 'integer' | 'real' | 'text' | 'time' | 'level' | 'boolean' | 'list'; readonly sql: string}
  | {readonly form: 'lookup'; readonly sql: string; readonly from: string; readonly id: string; readonly text: string}
  | {readonly form: 'event-id'; readonly sql: string; readonly parts: string}
  | {readonly form: 'json'; readonly sql: string};

/** One kind's table: where its rows are, what orders them, and what their time range is held against. */
export interface Table {
  readonly from: string;
  /** Joined for columns of `joined` only. */
  readonly join: string;
  /** The store sequence number; of traffic, what orders the rows of a minute. */
  readonly seq: string;
  /** The time that orders rows: of what lasts, its end. */
  readonly time: string;
  /** The time before which a row must have begun to fall before `until`. */
  readonly begin: string;
  /** What a group of rows counts for. */
  readonly weight: string;
}

/** Whether a name is the kind's own, not one of the event's further fields. */
export function isOwnColumn(kind: QueryKind, name: string): boolean {
  return Object.hasOwn(columns[kind], name);
}

/** Where a field of an answer is kept. `name` comes from `fieldNamed`. */
export function columnOf(kind: QueryKind, name: string): Column {
  const known = columns[kind][name];
  if (known && isOwnColumn(kind, name)) return known;
  const json = jsonColumn[kind];
  if (json && hasFreeFields(kind)) return {form: 'json', sql: json};
  throw new Error(`No column for ${name} of ${kind}`);
}

export const tables: Readonly<Record<QueryKind, Table>> = {
  logs: {from: 'log', join: streamOf('log'), seq: 'log.seq', time: 'log.time', begin: 'log.time', weight: 'count(*)'},
  alerts: {from: 'alert', join: '', seq: 'alert.seq', time: 'alert.last', begin: 'alert.first', weight: 'count(*)'},
  anomalies: {
    from: 'anomaly',
    join: 'LEFT JOIN alert ON alert.id = anomaly.alert',
    seq: 'anomaly.seq',
    time: 'anomaly.time',
    begin: 'anomaly.time',
    weight: 'sum(anomaly.count)',
  },
  flows: {
    from: 'flow',
    join: streamOf('flow'),
    seq: 'flow.seq',
    time: 'flow.last',
    begin: 'flow.time',
    weight: 'count(*)',
  },
  metrics: {
    from: 'metric',
    join: 'LEFT JOIN series ON series.id = metric.series LEFT JOIN stream ON stream.id = series.stream',
    seq: 'metric.seq',
    time: 'metric.time',
    begin: 'metric.time',
    weight: 'count(*)',
  },
  traffic: trafficTable,
};

/** Where a kind's further fields are kept, as a JSON object. */
export const jsonColumn: Readonly<Partial<Record<QueryKind, string>>> = {
  logs: 'log.fields',
  alerts: 'alert.event',
  flows: 'flow.fields',
};

function streamOf(table: string): string {
  return `LEFT JOIN stream ON stream.id = ${table}.stream`;
}

function plain(form: Exclude<Column['form'], 'lookup' | 'json' | 'event-id'>, sql: string): Column {
  return {form, sql};
}

function interned(sql: string): Column {
  return {form: 'lookup', sql, from: 'name', id: 'name.id', text: 'name.text'};
}

function ofStream(sql: string, text: string): Column {
  return {form: 'lookup', sql, from: 'stream AS s', id: 's.id', text: `s.${text}`};
}

function ofSeries(text: string): Column {
  const from = 'series AS r JOIN stream AS s ON s.id = r.stream';
  return {form: 'lookup', sql: 'metric.series', from, id: 'r.id', text};
}

/** The function is registered by query-functions.ts. */
function eventIdOf(position: string): Column {
  const parts = `stream.agent, stream.source, stream.epoch, ${position}`;
  return {form: 'event-id', sql: `siem_event_id(${parts})`, parts};
}

const columns: Readonly<Record<QueryKind, Readonly<Record<string, Column>>>> = {
  logs: {
    '@timestamp': plain('time', 'log.time'),
    'event.kind': plain('text', "'event'"),
    'event.sequence': plain('integer', 'log.seq'),
    'event.id': eventIdOf('log.position'),
    'event.dataset': ofStream('log.stream', 'dataset'),
    'agent.id': ofStream('log.stream', 'agent'),
    'host.name': interned('log.host'),
    'log.level': plain('level', 'log.level'),
    'event.code': plain('integer', 'log.code'),
    'event.provider': interned('log.provider'),
    'user.name': interned('log.user'),
    'process.pid': plain('integer', 'log.pid'),
    message: plain('text', 'log.message'),
  },
  alerts: {
    '@timestamp': plain('time', 'alert.last'),
    'event.kind': plain('text', "'alert'"),
    'event.sequence': plain('integer', 'alert.seq'),
    'event.id': plain('text', 'alert.id'),
    'host.name': interned('alert.host'),
    'agent.id': plain('text', 'alert.agent'),
    'rule.id': plain('text', 'alert.rule'),
    'rule.name': plain('text', 'alert.rule_name'),
    'rule.level': plain('text', 'alert.level'),
    'event.category': plain('text', 'alert.category'),
    'entity.name': plain('text', 'alert.entity'),
    'event.reason': plain('text', 'alert.reason'),
    'event.count': plain('integer', 'alert.count'),
    'event.start': plain('time', 'alert.first'),
    'event.end': plain('time', 'alert.last'),
    'event.status': plain('text', 'alert.status'),
    'event.historical': plain('boolean', 'alert.historical'),
    'event.provider': plain('text', 'alert.provider'),
    'event.code': plain('integer', 'alert.code'),
    'threat.technique.id': plain('list', 'alert.techniques'),
  },
  anomalies: {
    '@timestamp': plain('time', 'anomaly.time'),
    'event.kind': plain('text', "'signal'"),
    'event.sequence': plain('integer', 'anomaly.seq'),
    'host.name': interned('alert.host'),
    'alert.id': plain('text', 'anomaly.alert'),
    'rule.id': plain('text', 'alert.rule'),
    'rule.name': plain('text', 'alert.rule_name'),
    'rule.level': plain('text', 'anomaly.level'),
    'event.category': plain('text', 'anomaly.category'),
    'event.start': plain('time', 'anomaly.minute'),
    'event.count': plain('integer', 'anomaly.count'),
    'event.code': plain('integer', 'anomaly.code'),
    'event.provider': plain('text', 'anomaly.provider'),
    message: plain('text', 'anomaly.message'),
  },
  flows: {
    '@timestamp': plain('time', 'flow.time'),
    'event.kind': plain('text', "'event'"),
    'event.sequence': plain('integer', 'flow.seq'),
    'event.id': eventIdOf('flow.position'),
    'event.dataset': ofStream('flow.stream', 'dataset'),
    'agent.id': ofStream('flow.stream', 'agent'),
    'host.name': ofStream('flow.stream', 'host'),
    'event.end': plain('time', 'flow.last'),
    'event.duration': plain('integer', '((flow.last - flow.time) * 1000)'),
    'network.transport': plain('text', 'flow.transport'),
    'network.protocol': plain('text', 'flow.service'),
    'source.ip': plain('text', 'flow.source_ip'),
    'source.port': plain('integer', 'flow.source_port'),
    'source.mac': plain('text', 'flow.source_mac'),
    'source.packets': plain('integer', 'flow.packets_out'),
    'source.bytes': plain('integer', 'flow.bytes_out'),
    'destination.ip': plain('text', 'flow.destination_ip'),
    'destination.port': plain('integer', 'flow.destination_port'),
    'destination.mac': plain('text', 'flow.destination_mac'),
    'destination.packets': plain('integer', 'flow.packets_in'),
    'destination.bytes': plain('integer', 'flow.bytes_in'),
    'network.packets': plain('integer', '(flow.packets_out + flow.packets_in)'),
    'network.bytes': plain('integer', '(flow.bytes_out + flow.bytes_in)'),
    'network.vlan.id': plain('integer', 'flow.vlan'),
    'observer.ingress.interface.name': plain('text', 'flow.interface'),
    'network.connection.state': plain('text', 'flow.state'),
    'network.connection.history': plain('text', 'flow.history'),
    'network.connection.ended': plain('boolean', 'flow.ended'),
  },
  metrics: {
    '@timestamp': plain('time', 'metric.time'),
    'event.kind': plain('text', "'metric'"),
    'event.sequence': plain('integer', 'metric.seq'),
    'event.id': eventIdOf('metric.position'),
    'event.dataset': ofSeries('s.dataset'),
    'agent.id': ofSeries('s.agent'),
    'host.name': ofSeries('s.host'),
    'metric.name': ofSeries('r.name'),
    'metric.unit': ofSeries('r.unit'),
    'metric.value': plain('real', 'metric.value'),
    'metric.max': plain('real', 'metric.max'),
  },
  traffic: trafficColumns,
};
