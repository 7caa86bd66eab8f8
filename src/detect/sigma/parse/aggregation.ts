import type {Aggregation, Bound, Measure} from '../rule.ts';
import {RuleError} from './rule-error.ts';
import {readTimespan} from './timespan.ts';
import type {Tree} from './yaml-tree.ts';

const operators: Readonly<Record<string, Bound['operator']>> = {
  '<': 'lt',
  '<=': 'lte',
  '>': 'gt',
  '>=': 'gte',
  '=': 'eq',
  '==': 'eq',
  '!=': 'neq',
};

const form = /^(\w+)\s*(?:\(\s*([^()\s]*)\s*\))?\s*(?:by\s+([^<>=!]+?))?\s*(<=|>=|==|!=|<|>|=)\s*(-?\d+(?:\.\d+)?)$/i;

/** The deprecated pipe: `count() by Image > 10`, `count(User) by Computer, Domain >= 5`, `sum(Bytes) > 1000`. */
export function readAggregation(text: string, timeframe: Tree | undefined, line: number): Aggregation {
  if (/^near\b/i.test(text)) {
    throw new RuleError(
      line,
      'expected a count behind the pipe, found `near`: write a correlation of type temporal instead',
    );
  }
  const found = form.exec(text);
  if (!found) {
    throw new RuleError(
      line,
      `expected \`count() by FIELD > NUMBER\` (or min, max, avg, sum) behind the pipe, found \`${text}\``,
    );
  }
  const [, name = '', field = '', by = '', sign = '', number = ''] = found;
  const groupBy = by
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
  return {
    measure: measureOf(name.toLowerCase(), field, line),
    groupBy,
    condition: [{operator: operators[sign] ?? 'gt', value: Number(number)}],
    timespan: timeframe === undefined ? Number.POSITIVE_INFINITY : readTimespan(timeframe, 'timeframe', line),
  };
}

function measureOf(name: string, field: string, line: number): Measure {
  if (name === 'count') return field === '' ? {kind: 'events'} : {kind: 'values', fields: [field]};
  if (name !== 'min' && name !== 'max' && name !== 'avg' && name !== 'sum') {
    throw new RuleError(line, `expected count, min, max, avg or sum behind the pipe, found \`${name}\``);
  }
  if (field === '') throw new RuleError(line, `expected a field in \`${name}(…)\`, found none`);
  return {kind: name, field};
}
