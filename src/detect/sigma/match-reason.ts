import {compareWords} from './describe.ts';
import {evaluate} from './match/evaluate.ts';
import {fold} from './match/fold.ts';
import {compileValueTest, type ValueTest} from './match/value-test.ts';
import type {Expression} from './rule.ts';
import {type SigmaEvent, type SigmaValue, valuesOf} from './value.ts';

const mostReasons = 4;

/** What of an event made a rule fire, in a sentence: the selections that held, with fields and values. */
export function matchReason(expression: Expression, event: SigmaEvent): string {
  const reasons: string[] = [];
  tellerOf(expression, '')(event, reasons);
  const told = [...new Set(reasons)];
  const more = told.length > mostReasons ? ` and ${told.length - mostReasons} more` : '';
  return told.length === 0
    ? 'Nothing that the rule excludes was found.'
    : `${told.slice(0, mostReasons).join('; ')}${more}.`;
}

/** A value as it is shown to people. */
export function showValue(value: SigmaValue): string {
  const text = typeof value === 'object' ? valuesOf(value).map(String).join(' / ') : String(value);
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}

/** Adds what held of an event that the expression holds of. */
type Teller = (event: SigmaEvent, reasons: string[]) => void;

/** By expression and the selection it stands in: a selection's parts may be shared. */
const tellers = new WeakMap<Expression, Map<string, Teller>>();

function tellerOf(expression: Expression, selection: string): Teller {
  const known = tellers.get(expression)?.get(selection);
  if (known) return known;
  const made = makeTeller(expression, selection);
  const all = tellers.get(expression) ?? new Map<string, Teller>();
  tellers.set(expression, all.set(selection, made));
  return made;
}

function makeTeller(expression: Expression, selection: string): Teller {
  switch (expression.kind) {
    case 'and': {
      const parts = expression.parts.map(part => tellerOf(part, selection));
      return (event, reasons) => {
        for (const part of parts) part(event, reasons);
      };
    }
    case 'or':
    case 'atLeast':
      return tellFirst(expression.parts, selection);
    case 'selection':
      return tellerOf(expression.part, expression.name);
    case 'field': {
      const name = fold(expression.field);
      const words = `${selection}: ${compareWords(expression.field, expression.test, expression.source)}`;
      return (event, reasons) => {
        const value = event.get(name);
        reasons.push(value === undefined ? words : `${words} (${showValue(value)})`);
      };
    }
    case 'keyword': {
      const words = `${selection}: ${compareWords('the entry', expression.test, expression.source)}`;
      return (_, reasons) => reasons.push(words);
    }
    case 'not':
    case 'constant':
      return () => {};
    default:
      return expression satisfies never;
  }
}

/** Of parts of which one is enough, the first that holds. Which, is asked as quickly as can be: lists may be long. */
function tellFirst(parts: readonly Expression[], selection: string): Teller {
  const holds = parts.map(holdsTest);
  return (event, reasons) => {
    const place = holds.findIndex(test => test(event));
    const part = parts[place];
    if (part) tellerOf(part, selection)(event, reasons);
  };
}

function holdsTest(part: Expression): (event: SigmaEvent) => boolean {
  if (part.kind !== 'field') return event => evaluate(part, event);
  const {test} = part;
  if (test.kind === 'null' || test.kind === 'exists' || test.kind === 'fieldref') return event => evaluate(part, event);
  const name = fold(part.field);
  let holds: ValueTest | undefined;
  return event => {
    const value = event.get(name);
    if (value === undefined) return false;
    holds ??= compileValueTest(test);
    return typeof value === 'object' ? value.some(holds) : holds(value);
  };
}
