import {evaluate} from './match/evaluate.ts';
import {fold} from './match/fold.ts';
import type {Expression} from './rule.ts';
import {type SigmaEvent, type SigmaValue, valuesOf} from './value.ts';

/** The fields, under the rule's names, that made it fire, with the event's values. */
export function matchedFields(expression: Expression, event: SigmaEvent): ReadonlyMap<string, SigmaValue> {
  const found = new Map<string, SigmaValue>();
  collect(expression, event, found);
  return found;
}

function collect(expression: Expression, event: SigmaEvent, found: Map<string, SigmaValue>): void {
  switch (expression.kind) {
    case 'and':
    case 'or':
    case 'atLeast':
      for (const part of expression.parts) if (evaluate(part, event)) collect(part, event, found);
      return;
    case 'selection':
      collect(expression.part, event, found);
      return;
    case 'field': {
      const value = event.get(fold(expression.field));
      if (valuesOf(value).length > 0 && value !== undefined) found.set(expression.field, value);
      return;
    }
    case 'keyword':
    case 'not':
    case 'constant':
      return;
    default:
      expression satisfies never;
  }
}
