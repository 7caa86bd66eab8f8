import type {Expression, Test} from '../rule.ts';
import {type SigmaEvent, type SigmaValue, valuesOf} from '../value.ts';
import {fold} from './fold.ts';
import {compileValueTest, refers, type ValueTest} from './value-test.ts';

/**
 * What a rule's expression says of one event, part by part. It is the plain reading of the specification: slow, and what
 * the index is held equal to by a test.
 */
export function evaluate(expression: Expression, event: SigmaEvent): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.parts.every(part => evaluate(part, event));
    case 'or':
      return expression.parts.some(part => evaluate(part, event));
    case 'atLeast':
      return expression.parts.filter(part => evaluate(part, event)).length >= expression.count;
    case 'not':
      return !evaluate(expression.part, event);
    case 'selection':
      return evaluate(expression.part, event);
    case 'field':
      return testField(expression.test, event.get(fold(expression.field)), event);
    case 'keyword':
      return event.texts().some(text => testValue(expression.test, text));
    case 'constant':
      return expression.value;
    default:
      return expression satisfies never;
  }
}

export function testField(test: Test, value: SigmaValue | undefined, event: Pick<SigmaEvent, 'get'>): boolean {
  switch (test.kind) {
    case 'null':
      return value === undefined;
    case 'exists':
      return (value !== undefined) === test.wanted;
    case 'fieldref': {
      const others = valuesOf(event.get(fold(test.field)));
      return valuesOf(value).some(one => others.some(other => refers(one, other, test)));
    }
    default:
      return valuesOf(value).some(one => testValue(test, one));
  }
}

const compiled = new WeakMap<Test, ValueTest>();

function testValue(test: Test, value: string | number | boolean): boolean {
  if (test.kind === 'null' || test.kind === 'exists' || test.kind === 'fieldref') return false;
  let run = compiled.get(test);
  if (run === undefined) {
    run = compileValueTest(test);
    compiled.set(test, run);
  }
  return run(value);
}
