import type {Bound} from '../query/bind.ts';
import {fieldNamed} from '../query/fields.ts';
import {isTrafficField, type TrafficField, trafficDimensions} from '../query/traffic-dimension.ts';
import type {Column, Table} from './query-columns.ts';
import type {Sql} from './query-condition.ts';

const bytes = '(traffic_minute.sent + traffic_minute.received)';

/**
 * The sums of traffic-minutes.ts. They are named by minute, dimension and value and have no store sequence number: within
 * a minute talkers come first and transports last, of each the largest last, as the newest minute does.
 */
export const trafficTable: Table = {
  from: 'traffic_minute',
  join: '',
  seq: `printf('%02d%020d %s', instr('talker service transport', traffic_minute.dimension), ${bytes}, traffic_minute.value)`,
  time: 'traffic_minute.minute',
  begin: 'traffic_minute.minute',
  weight: `sum(${bytes})`,
};

/** Each row has one of transport, service and talker. */
export const trafficColumns: Readonly<Record<string, Column>> = {
  '@timestamp': {form: 'time', sql: 'traffic_minute.minute'},
  'event.kind': {form: 'text', sql: "'metric'"},
  'network.transport': namedBy('network.transport'),
  'network.protocol': namedBy('network.protocol'),
  'host.ip': namedBy('host.ip'),
  'traffic.flows': {form: 'integer', sql: 'traffic_minute.flows'},
  'network.packets': {form: 'integer', sql: 'traffic_minute.packets'},
  'traffic.sent': {form: 'integer', sql: 'traffic_minute.sent'},
  'traffic.received': {form: 'integer', sql: 'traffic_minute.received'},
  'network.bytes': {form: 'integer', sql: bytes},
};

/**
 * The dimensions that a count is of: those it is counted by, else those that its filter names, else transports, among
 * which each flow is once.
 */
export function countedDimensions(by: readonly string[], bound: Bound | undefined): Sql {
  const named = by.map(name => fieldNamed(name, 'traffic', 0).name).filter(isTrafficField);
  const asked = named.length > 0 ? named : bound ? fieldsOf(bound) : [];
  const fields = new Set<TrafficField>(asked.length > 0 ? asked : ['network.transport']);
  const dimensions = [...fields].map(field => `'${trafficDimensions[field]}'`);
  return {text: `(traffic_minute.dimension IN (${dimensions.join(', ')}))`, parameters: []};
}

function namedBy(field: TrafficField): Column {
  const held = `traffic_minute.dimension = '${trafficDimensions[field]}'`;
  return {form: 'text', sql: `CASE WHEN ${held} THEN traffic_minute.value END`};
}

function fieldsOf(bound: Bound): readonly TrafficField[] {
  switch (bound.type) {
    case 'and':
    case 'or':
      return bound.terms.flatMap(fieldsOf);
    case 'not':
      return fieldsOf(bound.term);
    case 'test':
      return isTrafficField(bound.field.name) ? [bound.field.name] : [];
    default:
      return bound satisfies never;
  }
}
