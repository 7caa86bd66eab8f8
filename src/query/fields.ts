import {QueryError} from './expression.ts';
import {nearest} from './nearest.ts';
import type {QueryKind} from './request.ts';

/**
 * How a field's values compare. `time`: moments. `level`, `rule-level`: by seriousness. `number`: as numbers. `ip`: as
 * addresses and blocks. `text`: without case. `free`: numbers as numbers, all else as text (any field of an event).
 */
export type FieldType = 'time' | 'level' | 'rule-level' | 'number' | 'ip' | 'text' | 'free';

/** A field that may be asked for: its ECS name, which is also its name in an answer. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
}

/**
 * Finds what a user means by a field's name: a short name, an ECS name, or any other dotted name, which is then looked
 * up among the event's own fields. Short names are without case. Throws a QueryError with near names.
 */
export function fieldNamed(name: string, kind: QueryKind, at: number): Field {
  const known = byName[kind].get(name.toLowerCase());
  if (known) return known;
  if (hasFreeFields(kind) && /^[\w@-]+(\.[\w@-]+)+$/.test(name)) return freeField(name);
  const near = nearest(name.toLowerCase(), [...byName[kind].keys()]);
  const advice = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `There are: ${shortNames(kind).join(', ')}.`;
  const other = hasFreeFields(kind) ? ' A field of the event itself is written with its dots: winlog.channel.' : '';
  throw new QueryError(`Expected a field of ${kind}, got "${name}". ${advice}${other}`, at);
}

/** The fields whose text a search term without a field is looked for in. */
export function textFields(kind: QueryKind): readonly Field[] {
  return searched[kind].map(name => fieldNamed(name, kind, 0));
}

/** The names a person would type, for help and completion. */
export function shortNames(kind: QueryKind): readonly string[] {
  return table[kind].map(([name, , short]) => short ?? name);
}

/** Kinds whose rows carry fields beyond the known ones. */
export function hasFreeFields(kind: QueryKind): boolean {
  return kind === 'logs' || kind === 'alerts' || kind === 'flows';
}

function freeField(name: string): Field {
  const type = freeTypes.get(name.toLowerCase());
  if (type) return {name: name.toLowerCase(), type};
  return {name, type: /\.ip$/i.test(name) ? 'ip' : 'free'};
}

const freeTypes: ReadonlyMap<string, FieldType> = new Map([['log.level', 'level']]);

type Entry = readonly [name: string, type: FieldType, ...shorts: string[]];

const endpoints: readonly Entry[] = [
  ['source.ip', 'ip', 'src.ip', 'src', 'saddr'],
  ['source.port', 'free', 'src.port', 'sport'],
  ['source.mac', 'text', 'src.mac'],
  ['destination.ip', 'ip', 'dst.ip', 'dst', 'dest.ip', 'daddr'],
  ['destination.port', 'free', 'dst.port', 'dest.port', 'dport'],
  ['destination.mac', 'text', 'dst.mac'],
  ['network.transport', 'text', 'proto', 'protocol', 'transport'],
  ['network.protocol', 'text', 'service'],
];

const common: readonly Entry[] = [
  ['@timestamp', 'time', 'time', 'timestamp'],
  ['event.kind', 'text'],
  ['event.sequence', 'number', 'seq', 'sequence'],
];

const origin: readonly Entry[] = [
  ['host.name', 'text', 'host'],
  ['agent.id', 'text', 'agent'],
  ['event.dataset', 'text', 'dataset'],
];

/** The one table of names: ECS name, type, and the short names a user may write instead. */
const table: Readonly<Record<QueryKind, readonly Entry[]>> = {
  logs: [
    ...common,
    ...origin,
    ...endpoints,
    ['event.id', 'text'],
    ['log.level', 'level', 'level', 'severity'],
    ['event.code', 'number', 'code', 'event_id', 'eventid', 'id'],
    ['event.provider', 'text', 'source', 'provider', 'program'],
    ['user.name', 'text', 'user'],
    ['process.pid', 'number', 'pid'],
    ['process.name', 'text', 'process'],
    ['file.path', 'text', 'file'],
    ['winlog.channel', 'text', 'channel'],
    ['message', 'text', 'message', 'msg'],
  ],
  alerts: [
    ...common,
    ...endpoints,
    ['host.name', 'text', 'host'],
    ['agent.id', 'text', 'agent'],
    ['event.dataset', 'text', 'dataset'],
    ['event.id', 'text', 'id'],
    ['rule.id', 'text', 'rule'],
    ['rule.name', 'text', 'name'],
    ['rule.level', 'rule-level', 'level', 'severity'],
    ['event.category', 'text', 'category', 'type'],
    ['entity.name', 'text', 'entity'],
    ['event.reason', 'text', 'reason'],
    ['event.count', 'number', 'count'],
    ['event.start', 'time', 'start', 'first'],
    ['event.end', 'time', 'end', 'last'],
    ['event.status', 'text', 'status'],
    ['event.historical', 'text', 'historical'],
    ['event.code', 'number', 'code', 'event_id', 'eventid'],
    ['event.provider', 'text', 'source', 'provider'],
    ['threat.technique.id', 'text', 'technique', 'attack'],
    ['user.name', 'text', 'user'],
    ['process.pid', 'free', 'pid'],
    ['process.name', 'text', 'process'],
    ['message', 'text', 'message', 'msg'],
  ],
  anomalies: [
    ...common,
    ['host.name', 'text', 'host'],
    ['alert.id', 'text', 'alert'],
    ['rule.id', 'text', 'rule'],
    ['rule.name', 'text', 'name'],
    ['rule.level', 'rule-level', 'level', 'severity'],
    ['event.category', 'text', 'category', 'type'],
    ['event.start', 'time', 'start', 'minute'],
    ['event.count', 'number', 'count'],
    ['event.code', 'number', 'code', 'event_id', 'eventid', 'id'],
    ['event.provider', 'text', 'source', 'provider'],
    ['message', 'text', 'message', 'msg'],
  ],
  flows: [
    ...common,
    ...origin,
    ...endpoints.map(([name, type, ...shorts]): Entry => [name, type === 'free' ? 'number' : type, ...shorts]),
    ['event.id', 'text', 'id'],
    ['event.end', 'time', 'end', 'last'],
    ['event.duration', 'number', 'duration'],
    ['source.packets', 'number', 'src.packets'],
    ['source.bytes', 'number', 'src.bytes'],
    ['destination.packets', 'number', 'dst.packets'],
    ['destination.bytes', 'number', 'dst.bytes'],
    ['network.packets', 'number', 'packets'],
    ['network.bytes', 'number', 'bytes'],
    ['network.vlan.id', 'number', 'vlan'],
    ['observer.ingress.interface.name', 'text', 'interface'],
    ['network.connection.state', 'text', 'state'],
    ['network.connection.history', 'text', 'history'],
    ['network.connection.ended', 'text', 'ended'],
    ['destination.domain', 'text', 'domain', 'sni'],
    ['network.community_id', 'text', 'community'],
    ['process.name', 'text', 'process'],
    ['process.pid', 'number', 'pid'],
  ],
  metrics: [
    ...common,
    ...origin,
    ['event.id', 'text', 'id'],
    ['metric.name', 'text', 'name', 'metric'],
    ['metric.value', 'number', 'value'],
    ['metric.max', 'number', 'max'],
    ['metric.unit', 'text', 'unit'],
  ],
  traffic: [
    ['@timestamp', 'time', 'time', 'timestamp', 'minute'],
    ['event.kind', 'text'],
    ['network.transport', 'text', 'proto', 'protocol', 'transport'],
    ['network.protocol', 'text', 'service'],
    ['host.ip', 'ip', 'talker', 'ip'],
    ['traffic.flows', 'number', 'flows'],
    ['network.packets', 'number', 'packets'],
    ['traffic.sent', 'number', 'sent'],
    ['traffic.received', 'number', 'received'],
    ['network.bytes', 'number', 'bytes'],
  ],
};

const searched: Readonly<Record<QueryKind, readonly string[]>> = {
  logs: ['message'],
  alerts: ['event.reason', 'rule.name', 'entity.name', 'message'],
  anomalies: ['message', 'rule.name'],
  flows: ['source.ip', 'destination.ip', 'network.protocol', 'network.transport', 'destination.domain', 'process.name'],
  metrics: ['metric.name'],
  traffic: ['network.transport', 'network.protocol', 'host.ip'],
};

const byName: Readonly<Record<QueryKind, ReadonlyMap<string, Field>>> = {
  logs: index(table.logs),
  alerts: index(table.alerts),
  anomalies: index(table.anomalies),
  flows: index(table.flows),
  metrics: index(table.metrics),
  traffic: index(table.traffic),
};

function index(entries: readonly Entry[]): ReadonlyMap<string, Field> {
  return new Map(
    entries.flatMap(([name, type, ...shorts]) => [name, ...shorts].map(known => [known, {name, type}] as const)),
  );
}
