import {fold} from '../match/fold.ts';
import {compileValueTest, refers, type SingleTest, type ValueTest} from '../match/value-test.ts';
import type {Test} from '../rule.ts';
import {type SigmaValue, valuesOf} from '../value.ts';
import type {EventValues} from './event-values.ts';
import {keywordSlot, type LateLeaf} from './leaves.ts';

/** A test that is no plain text, as a function to be asked while an event is at hand. */
export function lateTest(values: EventValues, {slot, test, shortest}: LateLeaf): () => boolean {
  switch (test.kind) {
    case 'null':
      return () => values.valueOf(slot) === undefined;
    case 'exists':
      return () => (values.valueOf(slot) !== undefined) === test.wanted;
    case 'fieldref': {
      const other = values.slotOf(fold(test.field));
      return () => someRefers(values.valueOf(slot), values.valueOf(other), test);
    }
    default:
      return valueTest(values, slot, longEnough(test, shortest));
  }
}

function valueTest(values: EventValues, slot: number, holds: ValueTest): () => boolean {
  if (slot === keywordSlot) return () => values.texts().some(holds);
  return () => {
    const value = values.valueOf(slot);
    if (value === undefined) return false;
    return typeof value === 'object' ? value.some(holds) : holds(value);
  };
}

/** A value's length is known, so it is asked for first. */
function longEnough(test: SingleTest, shortest: number): ValueTest {
  // Compiled when it is first asked: most expressions never are.
  let holds: ValueTest | undefined;
  return value => {
    if (typeof value === 'string' && value.length < shortest) return false;
    holds ??= compileValueTest(test);
    return holds(value);
  };
}

function someRefers(
  value: SigmaValue | undefined,
  other: SigmaValue | undefined,
  test: Extract<Test, {kind: 'fieldref'}>,
): boolean {
  if (value === undefined || other === undefined) return false;
  if (typeof value !== 'object' && typeof other !== 'object') return refers(value, other, test);
  return valuesOf(value).some(one => valuesOf(other).some(two => refers(one, two, test)));
}
