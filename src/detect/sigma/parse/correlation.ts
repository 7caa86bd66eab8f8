import type {Bound, CorrelationRule, Measure} from '../rule.ts';
import {readHead} from './head.ts';
import {RuleError} from './rule-error.ts';
import {readTimespan} from './timespan.ts';
import {asMap, child, describe, optionalText, requiredText, scalarText, textList} from './tree-access.ts';
import type {MapTree} from './yaml-tree.ts';

const types = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
] as const;
type CorrelationType = (typeof types)[number];

const operators = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;

/** A document with `correlation`: a rule about the events of other rules. */
export function readCorrelation(document: MapTree): CorrelationRule {
  const head = readHead(document);
  const map = asMap(child(document, 'correlation'), '`correlation`', document.line);
  const type = readType(map);
  const rules = textList(map, 'rules');
  if (rules.length === 0)
    throw new RuleError(map.line, 'expected `rules` to name the rules that are correlated, found none');
  if (new Set(rules).size < rules.length)
    throw new RuleError(map.line, 'expected each rule once in `rules`, found one twice');
  const conditionTree = child(map, 'condition');
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  if (conditionTree === undefined && !temporal)
    throw new RuleError(map.line, `expected a \`condition\` for ${type}, found none`);
  const condition = conditionTree === undefined ? undefined : asMap(conditionTree, '`condition`', map.line);
  return {
    kind: 'correlation',
    head,
    measure: readMeasure(type, condition, map.line),
    rules,
    groupBy: textList(map, 'group-by'),
    aliases: readAliases(map, rules),
    timespan: readTimespan(child(map, 'timespan'), 'timespan', map.line),
    condition: condition ? readBounds(condition, type) : [{operator: 'gte', value: rules.length}],
    generate: readGenerate(document, map),
  };
}

function readType(map: MapTree): CorrelationType {
  const text = requiredText(map, 'type');
  const type = types.find(candidate => candidate === text);
  if (type) return type;
  throw new RuleError(
    child(map, 'type')?.line ?? map.line,
    `expected \`type\` to be one of ${types.join(', ')}, found \`${text}\``,
  );
}

function readMeasure(type: CorrelationType, condition: MapTree | undefined, line: number): Measure {
  const fields = condition ? textList(condition, 'field') : [];
  const wantsField = type.startsWith('value_');
  if (wantsField && fields.length === 0)
    throw new RuleError(condition?.line ?? line, `expected \`field\` in the condition of ${type}, found none`);
  if (!wantsField && fields.length > 0)
    throw new RuleError(condition?.line ?? line, `expected no \`field\` in the condition of ${type}`);
  if (type !== 'value_count' && fields.length > 1)
    throw new RuleError(condition?.line ?? line, `expected one \`field\` for ${type}, found ${fields.length}`);
  const [field = ''] = fields;
  switch (type) {
    case 'event_count':
      return {kind: 'events'};
    case 'value_count':
      return {kind: 'values', fields};
    case 'temporal':
    case 'temporal_ordered':
      return {kind: 'rules', ordered: type === 'temporal_ordered'};
    case 'value_sum':
      return {kind: 'sum', field};
    case 'value_avg':
      return {kind: 'avg', field};
    case 'value_median':
      return {kind: 'median', field};
    case 'value_percentile':
      return readPercentile(field, condition);
    default:
      return type satisfies never;
  }
}

/** With `percentile` the value below which so many percent lie; without, the share of all that each value has. */
function readPercentile(field: string, condition: MapTree | undefined): Measure {
  const tree = condition ? child(condition, 'percentile') : undefined;
  if (tree === undefined) return {kind: 'share', field};
  const percentile = tree.kind === 'scalar' ? tree.value : undefined;
  if (typeof percentile === 'number' && percentile >= 0 && percentile <= 100)
    return {kind: 'percentile', field, percentile};
  throw new RuleError(tree.line, `expected \`percentile\` to be a number from 0 to 100, found ${describe(tree)}`);
}

function readBounds(condition: MapTree, type: CorrelationType): Bound[] {
  const bounds: Bound[] = [];
  for (const {key, value, line} of condition.entries) {
    if (key === 'field' || (key === 'percentile' && type === 'value_percentile')) continue;
    const operator = operators.find(candidate => candidate === key);
    if (!operator)
      throw new RuleError(line, `expected one of ${operators.join(', ')} in the condition, found \`${key}\``);
    if (value.kind !== 'scalar' || typeof value.value !== 'number') {
      throw new RuleError(value.line, `expected a number for \`${key}\`, found ${describe(value)}`);
    }
    bounds.push({operator, value: value.value});
  }
  if (bounds.length > 0) return bounds;
  throw new RuleError(condition.line, `expected a comparison (${operators.join(', ')}) in the condition, found none`);
}

function readAliases(map: MapTree, rules: readonly string[]): Map<string, Map<string, string>> {
  const tree = child(map, 'aliases');
  const aliases = new Map<string, Map<string, string>>();
  if (tree === undefined) return aliases;
  for (const {key, value, line} of asMap(tree, '`aliases`', map.line).entries) {
    const fields = new Map<string, string>();
    for (const entry of asMap(value, `the alias \`${key}\``, line).entries) {
      if (!rules.includes(entry.key)) {
        throw new RuleError(entry.line, `expected a rule of \`rules\` in the alias \`${key}\`, found \`${entry.key}\``);
      }
      fields.set(entry.key, scalarText(entry.value, `the field of \`${entry.key}\``));
    }
    aliases.set(key, fields);
  }
  return aliases;
}

/** The schema has it in the document, rules in the wild within `correlation`. */
function readGenerate(document: MapTree, map: MapTree): boolean {
  for (const place of [document, map]) {
    const tree = child(place, 'generate');
    if (tree === undefined) continue;
    if (tree.kind === 'scalar' && typeof tree.value === 'boolean') return tree.value;
    throw new RuleError(
      tree.line,
      `expected \`generate\` to be true or false, found ${optionalText(place, 'generate') ?? 'nothing'}`,
    );
  }
  return false;
}
