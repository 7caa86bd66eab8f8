import {compareWords} from './describe.ts';
import {evaluate} from './match/evaluate.ts';
import {fold} from './match/fold.ts';
import {showValue} from './match-reason.ts';
import type {Expression} from './rule.ts';
import type {SigmaEvent} from './value.ts';

/** One part of a rule and whether it held of an event. */
export interface Explanation {
  /** The part in words: `Image ends with \cmd.exe`, `all of these`, `selection`. */
  readonly text: string;
  readonly holds: boolean;
  /** The field's value in the event, where the part looks at one. */
  readonly found?: string;
  readonly parts: readonly Explanation[];
}

const mostShown = 50;

/** Part by part, why a rule's expression holds of an event or does not. */
export function explain(expression: Expression, event: SigmaEvent): Explanation {
  const holds = evaluate(expression, event);
  switch (expression.kind) {
    case 'and':
    case 'or':
    case 'atLeast': {
      return {text: `${quantity(expression)} of these`, holds, parts: shown(expression.parts, event)};
    }
    case 'not':
      return {text: 'not', holds, parts: [explain(expression.part, event)]};
    case 'selection':
      return {text: expression.name, holds, parts: [explain(expression.part, event)]};
    case 'field': {
      const value = event.get(fold(expression.field));
      const found = value === undefined ? 'no such field' : showValue(value);
      return {text: compareWords(expression.field, expression.test, expression.source), holds, found, parts: []};
    }
    case 'keyword':
      return {text: compareWords('any value', expression.test, expression.source), holds, parts: []};
    case 'constant':
      return {text: expression.value ? 'always' : 'never', holds, parts: []};
    default:
      return expression satisfies never;
  }
}

function quantity(expression: Extract<Expression, {readonly parts: readonly Expression[]}>): string {
  if (expression.kind === 'atLeast') return String(expression.count);
  return expression.kind === 'and' ? 'all' : 'one';
}

/** Of long lists what holds comes first, and the rest is counted. */
function shown(parts: readonly Expression[], event: SigmaEvent): Explanation[] {
  if (parts.length <= mostShown) return parts.map(part => explain(part, event));
  const holding = parts.filter(part => evaluate(part, event));
  const picked = (holding.length > 0 ? holding : parts).slice(0, mostShown).map(part => explain(part, event));
  return [...picked, {text: `and ${parts.length - picked.length} more`, holds: false, parts: []}];
}
