import {alertLevels} from '../event/level.ts';
import type {PacketRow} from '../pipeline/snapshot.ts';
import type {Expression} from '../query/expression.ts';
import type {AlertGroup} from '../store/sink.ts';

/** A row as a filter sees it: values by field name, and the text that bare words are looked for in. */
export interface Filterable {
  readonly fields: Readonly<Record<string, readonly (string | number)[]>>;
  readonly text: string;
}

/** Whether a row of the snapshot matches a filter. A field that the row does not have never matches. */
export function matches(expression: Expression, row: Filterable): boolean {
  switch (expression.type) {
    case 'and':
      return expression.terms.every(term => matches(term, row));
    case 'or':
      return expression.terms.some(term => matches(term, row));
    case 'not':
      return !matches(expression.term, row);
    case 'text':
      return row.text.toLowerCase().includes(expression.text.toLowerCase().replaceAll('*', ''));
    case 'field': {
      const values = row.fields[expression.name.toLowerCase()] ?? [];
      const wanted = [expression.value, ...(expression.alternatives ?? [])];
      // "Is not" holds of all values at once, the others of any.
      if (expression.comparison === '!=') return !values.some(value => wanted.some(want => equal(value, want)));
      return values.some(value => wanted.some(want => compare(value, want, expression.comparison)));
    }
    default:
      return expression satisfies never;
  }
}

export function filterablePacket(row: PacketRow): Filterable {
  const address = [row.source, row.destination];
  const port = [row.sourcePort, row.destinationPort];
  return {
    fields: {
      ...named(['src.ip', 'source.ip', 'src', 'source'], row.source),
      ...named(['dst.ip', 'destination.ip', 'dst', 'destination'], row.destination),
      ...named(['src.port', 'source.port'], row.sourcePort),
      ...named(['dst.port', 'destination.port'], row.destinationPort),
      ip: address,
      host: address,
      port,
      ...named(['protocol', 'proto', 'network.protocol', 'network.transport'], row.protocol),
      ...named(['length', 'bytes'], row.length),
      interface: [row.interface],
    },
    text: `${row.source} ${row.sourcePort} ${row.destination} ${row.destinationPort} ${row.protocol} ${row.information}`,
  };
}

export function filterableAlert(row: AlertGroup): Filterable {
  return {
    fields: {
      ...named(['level', 'rule.level'], row.level),
      ...named(['rule', 'rule.id'], row.rule),
      ...named(['name', 'rule.name'], row.ruleName),
      ...named(['category', 'type', 'event.category'], row.category),
      ...named(['host', 'host.name'], row.host),
      ...named(['source', 'provider', 'event.provider'], row.provider),
      ...named(['code', 'event.code'], row.code),
      entity: [row.entity],
      status: [row.status],
      count: [row.count],
      technique: row.techniques,
      'threat.technique.id': row.techniques,
    },
    text: `${row.level} ${row.ruleName} ${row.rule} ${row.entity} ${row.reason} ${row.provider}`,
  };
}

function named(names: readonly string[], value: string | number): Record<string, readonly (string | number)[]> {
  return Object.fromEntries(names.map(name => [name, [value]]));
}

function compare(value: string | number, wanted: string, comparison: Comparison): boolean {
  if (comparison === '=') return equal(value, wanted);
  if (comparison === '!=') return !equal(value, wanted);
  const [left, right] = [rank(value), rank(wanted)];
  switch (comparison) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      return comparison satisfies never;
  }
}

type Comparison = Extract<Expression, {type: 'field'}>['comparison'];

/** Without case; `*` and `?` stand for characters. */
function equal(value: string | number, wanted: string): boolean {
  const text = String(value).toLowerCase();
  const pattern = wanted.toLowerCase();
  if (!/[*?]/.test(pattern)) return text === pattern;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

/** Alert levels in their order, else numbers. */
function rank(value: string | number): number {
  const level = (alertLevels as readonly string[]).indexOf(String(value).toLowerCase());
  return level >= 0 ? level : Number(value);
}
