import type {Aggregation, Expression} from '../rule.ts';
import {readAggregation} from './aggregation.ts';
import {readCondition} from './condition.ts';
import type {Placeholders} from './placeholders.ts';
import {RuleError} from './rule-error.ts';
import {readSelection} from './selection.ts';
import {asMap, child, describe, scalarText} from './tree-access.ts';
import type {MapTree} from './yaml-tree.ts';

export interface Detection {
  readonly expression: Expression;
  readonly aggregation: Aggregation | undefined;
}

/** The `detection` of a rule: its selections, joined by its condition or, where that is a list, by any of them. */
export function readDetection(document: MapTree, placeholders: Placeholders): Detection {
  const map = asMap(child(document, 'detection'), '`detection`', document.line);
  const selections = readSelections(map, ['condition', 'timeframe'], placeholders);
  const conditions = readConditions(map);
  if (conditions.length > 1 && conditions.some(({aggregation}) => aggregation !== '')) {
    throw new RuleError(map.line, 'expected a single condition where events are counted, found a list');
  }
  const parts = conditions.map(({text, line}) => readCondition(text, selections, line));
  const [first] = parts;
  if (!first) throw new RuleError(map.line, 'expected a condition, found an empty list');
  const [{aggregation = '', line} = {line: map.line}] = conditions;
  return {
    expression: parts.length === 1 ? first : {kind: 'or', parts},
    aggregation: aggregation === '' ? undefined : readAggregation(aggregation, child(map, 'timeframe'), line),
  };
}

/** The named parts of a map, all but the reserved keys. */
export function readSelections(
  map: MapTree,
  reserved: readonly string[],
  placeholders: Placeholders,
): Map<string, Expression> {
  const selections = new Map<string, Expression>();
  for (const {key, value, line} of map.entries) {
    if (!reserved.includes(key)) selections.set(key, readSelection(key, value, line, placeholders));
  }
  if (selections.size > 0) return selections;
  throw new RuleError(map.line, 'expected at least one selection beside the condition, found none');
}

interface Condition {
  readonly text: string;
  /** What stands behind the pipe, or ''. */
  readonly aggregation: string;
  readonly line: number;
}

export function readConditions(map: MapTree): Condition[] {
  const tree = child(map, 'condition');
  if (!tree) throw new RuleError(map.line, 'expected a `condition`, found none');
  const items = tree.kind === 'list' ? tree.items : [tree];
  return items.map(item => {
    const whole = scalarText(item, '`condition`');
    const pipe = whole.indexOf('|');
    const text = pipe < 0 ? whole : whole.slice(0, pipe);
    if (text.trim() === '') throw new RuleError(item.line, `expected a condition, found ${describe(item)}`);
    return {text, aggregation: pipe < 0 ? '' : whole.slice(pipe + 1).trim(), line: item.line};
  });
}
