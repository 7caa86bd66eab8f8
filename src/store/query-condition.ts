import {levelNames} from '../event/level.ts';
import type {Bound} from '../query/bind.ts';
import {isAscii} from '../query/fold.ts';
import type {QueryKind} from '../query/request.ts';
import type {Test} from '../query/test.ts';
import {wordsOf} from '../query/words.ts';
import type {SqlValue} from './engine.ts';
import {type Column, columnOf} from './query-columns.ts';

/** A piece of SQL and the values of its `?`, in order. */
export interface Sql {
  readonly text: string;
  readonly parameters: readonly SqlValue[];
}

/**
 * Turns an understood expression into a condition that is 0 or 1, never NULL, so that `not` is right. What SQL can say
 * exactly it says itself; all else goes to `siem_test`, behind a cheaper condition where there is one.
 */
export function condition(bound: Bound, kind: QueryKind): Sql {
  switch (bound.type) {
    case 'and':
    case 'or':
      return join(
        bound.terms.map(term => condition(term, kind)),
        bound.type === 'and' ? ' AND ' : ' OR ',
      );
    case 'not': {
      const {text, parameters} = condition(bound.term, kind);
      return {text: `NOT ${text}`, parameters};
    }
    case 'test':
      return leaf(columnOf(kind, bound.field.name), bound.field.name, bound.test);
    default:
      return bound satisfies never;
  }
}

export function join(terms: readonly Sql[], between: string): Sql {
  return {
    text: `(${terms.map(term => term.text).join(between)})`,
    parameters: terms.flatMap(term => term.parameters),
  };
}

/** The path of a member of a JSON object whose name is `name`; field names hold no quotes. */
export function jsonPath(name: string): string {
  return `$."${name}"`;
}

function leaf(column: Column, name: string, test: Test): Sql {
  // Empty is the absence of present, whatever the form; so NULL needs care in one place only.
  if (test.is === 'empty') {
    const {text, parameters} = leaf(column, name, {is: 'present'});
    return {text: `NOT ${text}`, parameters};
  }
  switch (column.form) {
    case 'lookup': {
      const inner = textLeaf(column.text, test);
      return sql(`coalesce(${column.sql} IN (SELECT ${column.id} FROM ${column.from} WHERE ${inner.text}), 0)`, inner);
    }
    case 'json': {
      const present = `instr(${column.sql}, ?) > 0`;
      const asked = `siem_json(${column.sql} -> ?, ?)`;
      return {
        text: `coalesce(${present} AND ${asked}, 0)`,
        parameters: [`"${name}":`, jsonPath(name), JSON.stringify(test)],
      };
    }
    case 'list':
      return {text: `siem_json(${column.sql}, ?)`, parameters: [JSON.stringify(test)]};
    case 'boolean':
      if (test.is === 'ordered') return {text: '0', parameters: []};
      return asked(`CASE WHEN ${column.sql} THEN 'true' ELSE 'false' END`, test);
    case 'level':
      return levelLeaf(column.sql, test);
    case 'time':
    case 'integer':
    case 'real':
      return numberLeaf(column, test);
    case 'text':
    case 'event-id':
      return nullSafe(textLeaf(column.sql, test));
    default:
      return column satisfies never;
  }
}

function levelLeaf(column: string, test: Test): Sql {
  if (test.is !== 'one-of') return {text: `(${column} IS NOT NULL)`, parameters: []};
  const levels = levelNames.flatMap((name, level) => (test.names.includes(name) ? [level] : []));
  return {text: `(${column} IN (${levels.join(', ')}))`, parameters: []};
}

function numberLeaf({form, sql: column}: Column, test: Test): Sql {
  switch (test.is) {
    case 'present':
      return {text: `(${column} IS NOT NULL)`, parameters: []};
    case 'number':
      return {text: `coalesce(${column} ${test.comparison} ?, 0)`, parameters: [test.number]};
    case 'time':
      return {text: `coalesce(${column} ${test.comparison} ?, 0)`, parameters: [test.micros]};
    default:
      return form === 'integer' && test.is === 'pattern' && isAscii(test.pattern)
        ? nullSafe(like(`CAST(${column} AS TEXT)`, test))
        : asked(column, test);
  }
}

function textLeaf(column: string, test: Test): Sql {
  switch (test.is) {
    case 'present':
      return {text: `(${column} <> '')`, parameters: []};
    case 'pattern':
      return isAscii(test.pattern) ? like(column, test) : asked(column, test);
    case 'one-of':
      return {text: `(lower(${column}) IN (${test.names.map(() => '?').join(', ')}))`, parameters: test.names};
    case 'words':
      return join([wordsInOrder(column, test.search), asked(column, test)], ' AND ');
    case 'in-block':
      return join([perhapsInBlock(column, test.block), asked(column, test)], ' AND ');
    default:
      return asked(column, test);
  }
}

function like(column: string, {pattern, literal}: Extract<Test, {is: 'pattern'}>): Sql {
  const escaped = pattern.replace(/[%_\\]/g, '\\$&');
  const wild = literal ? escaped : escaped.replace(/\*/g, '%').replace(/\?/g, '_');
  return {text: `(${column} LIKE ? ESCAPE '\\')`, parameters: [wild]};
}

/** True of every text that has the words, and of few others: spares most rows the call. */
function wordsInOrder(column: string, search: string): Sql {
  const words = wordsOf(search).filter(word => isAscii(word.text));
  return {text: `(${column} LIKE ?)`, parameters: [`%${words.map(word => word.text).join('%')}%`]};
}

function perhapsInBlock(column: string, block: string): Sql {
  const octets = /^(\d+)\.(\d+)\.(\d+)\.\d+(?:\/(\d+))?$/.exec(block);
  if (!octets) return {text: `(${column} <> '')`, parameters: []};
  const whole = Math.min(3, Math.floor(Number(octets[4] ?? 32) / 8));
  const prefix = octets.slice(1, 1 + whole).map(octet => `${Number(octet)}.`);
  // An IPv4 address may also be written as IPv6.
  return {text: `(${column} LIKE ? OR instr(${column}, ':') > 0)`, parameters: [`${prefix.join('')}%`]};
}

function asked(value: string, test: Test): Sql {
  return {text: `siem_test(${value}, ?)`, parameters: [JSON.stringify(test)]};
}

function nullSafe({text, parameters}: Sql): Sql {
  return {text: `coalesce(${text}, 0)`, parameters};
}

function sql(text: string, {parameters}: Sql): Sql {
  return {text, parameters};
}
