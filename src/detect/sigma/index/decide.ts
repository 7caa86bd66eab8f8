import {testField} from '../match/evaluate.ts';
import {fold} from '../match/fold.ts';
import type {Expression} from '../rule.ts';
import type {Constants} from './plan-rule.ts';

/** What the fields that are the same in all events of a kind say of an expression; undefined where they do not decide. */
export function decide(expression: Expression, constants: Constants): boolean | undefined {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'selection':
      return decide(expression.part, constants);
    case 'not': {
      const part = decide(expression.part, constants);
      return part === undefined ? undefined : !part;
    }
    case 'and':
      return decideAll(expression.parts, constants, false);
    case 'or':
      return decideAll(expression.parts, constants, true);
    case 'atLeast':
    case 'keyword':
      return undefined;
    case 'field': {
      const name = fold(expression.field);
      if (expression.test.kind === 'fieldref' || !constants.has(name)) return undefined;
      return testField(expression.test, constants.get(name), {get: field => constants.get(field)});
    }
    default:
      return expression satisfies never;
  }
}

/** One part that is `decisive` decides the whole; so do all parts together that are not. */
function decideAll(parts: readonly Expression[], constants: Constants, decisive: boolean): boolean | undefined {
  let open = false;
  for (const part of parts) {
    const known = decide(part, constants);
    if (known === decisive) return decisive;
    if (known === undefined) open = true;
  }
  return open ? undefined : !decisive;
}
