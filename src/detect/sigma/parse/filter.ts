import type {Expression, FilterRule} from '../rule.ts';
import {readCondition} from './condition.ts';
import {readConditions, readSelections} from './detection.ts';
import {readHead} from './head.ts';
import {readLogsource} from './logsource.ts';
import type {Placeholders} from './placeholders.ts';
import {RuleError} from './rule-error.ts';
import {asMap, child, textList} from './tree-access.ts';
import type {MapTree} from './yaml-tree.ts';

/** A document with `filter`: events that other rules shall not find. */
export function readFilter(document: MapTree, placeholders: Placeholders): FilterRule {
  const head = readHead(document);
  const logsource = readLogsource(document);
  const map = asMap(child(document, 'filter'), '`filter`', document.line);
  const rules = textList(map, 'rules');
  if (rules.length === 0)
    throw new RuleError(map.line, 'expected `rules` to name the rules that are narrowed, found none');
  const selections = readSelections(map, ['rules', 'condition'], placeholders);
  const parts = readConditions(map).map(({text, aggregation, line}) => {
    if (aggregation === '') return suppressed(readCondition(text, selections, line));
    throw new RuleError(line, 'expected no count in the condition of a filter');
  });
  return {kind: 'filter', head, logsource, rules, suppresses: {kind: 'or', parts}};
}

/**
 * The specification's filters say which events are filtered out (`selection`); others in use say which are kept
 * (`not selection`). A condition made of negations only is of the second kind.
 */
function suppressed(condition: Expression): Expression {
  return isNegative(condition) ? {kind: 'not', part: condition} : condition;
}

function isNegative(condition: Expression): boolean {
  return condition.kind === 'not' || (condition.kind === 'and' && condition.parts.every(isNegative));
}
