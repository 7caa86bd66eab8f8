import {fieldNamed} from '../../query/fields.ts';
import type {QueryKind} from '../../query/request.ts';
import type {Column} from './writer.ts';

/** The columns of a kind where the user names none: the original program's, in its order. */
export function defaultColumns(kind: QueryKind): readonly Column[] {
  return defaults[kind].map(([title, name, align]) => ({
    name,
    title,
    ...(align ? {align} : {}),
    ...(title === 'id' ? {enough: 8} : {}),
  }));
}

/** What a count of a kind is called. */
export function countColumn(kind: QueryKind): Column {
  return kind === 'traffic'
    ? {name: 'network.bytes', title: 'bytes', align: 'right'}
    : {name: 'count', title: 'count', align: 'right'};
}

/** The columns of fields that a user named; titles are as written. Throws a QueryError on an unknown one. */
export function namedColumns(kind: QueryKind, names: readonly string[]): readonly Column[] {
  return names.map(title => {
    const field = fieldNamed(title, kind, 0);
    return field.type === 'number' ? {name: field.name, title, align: 'right'} : {name: field.name, title};
  });
}

type Default = readonly [title: string, name: string, align?: 'right'];

const defaults: Readonly<Record<QueryKind, readonly Default[]>> = {
  logs: [
    ['time', '@timestamp'],
    ['level', 'log.level'],
    ['event id', 'event.code', 'right'],
    ['source', 'event.provider'],
    ['message', 'message'],
  ],
  alerts: [
    ['last', '@timestamp'],
    ['id', 'event.id'],
    ['level', 'rule.level'],
    ['status', 'event.status'],
    ['count', 'event.count', 'right'],
    ['rule', 'rule.id'],
    ['reason', 'event.reason'],
  ],
  anomalies: [
    ['time', '@timestamp'],
    ['event id', 'event.code', 'right'],
    ['anomaly type', 'event.category'],
    ['level', 'rule.level'],
    ['source', 'event.provider'],
    ['count', 'event.count', 'right'],
    ['message', 'message'],
  ],
  flows: [
    ['last', 'event.end'],
    ['protocol', 'network.transport'],
    ['source', 'source.ip'],
    ['port', 'source.port', 'right'],
    ['destination', 'destination.ip'],
    ['port', 'destination.port', 'right'],
    ['service', 'network.protocol'],
    ['state', 'network.connection.state'],
    ['packets', 'network.packets', 'right'],
    ['bytes', 'network.bytes', 'right'],
  ],
  metrics: [
    ['time', '@timestamp'],
    ['name', 'metric.name'],
    ['value', 'metric.value', 'right'],
    ['max', 'metric.max', 'right'],
    ['unit', 'metric.unit'],
  ],
  traffic: [
    ['minute', '@timestamp'],
    ['protocol', 'network.transport'],
    ['service', 'network.protocol'],
    ['talker', 'host.ip'],
    ['flows', 'traffic.flows', 'right'],
    ['packets', 'network.packets', 'right'],
    ['sent', 'traffic.sent', 'right'],
    ['received', 'traffic.received', 'right'],
    ['bytes', 'network.bytes', 'right'],
  ],
};
