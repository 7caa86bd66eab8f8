import type {Expression} from '../rule.ts';
import type {SigmaValue} from '../value.ts';
import {decide} from './decide.ts';
import {keywordSlot, type Leaves, plainForms} from './leaves.ts';
import type {Form} from './literal.ts';
import {always, atLeast, joined, negated, never, type Plan} from './plan.ts';

/** Fields whose value is the same in all events of one kind, by name in lower case. */
export type Constants = ReadonlyMap<string, SigmaValue>;

/** Puts a rule's expression on leaves. What the kind of event decides already is decided here. */
export function planRule(expression: Expression, leaves: Leaves, constants: Constants): Plan {
  // First, so that texts of what can never hold are not looked for.
  const known = constants.size === 0 ? undefined : decide(expression, constants);
  if (known !== undefined) return known ? always : never;
  switch (expression.kind) {
    case 'constant':
      return expression.value ? always : never;
    case 'selection':
      return planRule(expression.part, leaves, constants);
    case 'not':
      return negated(planRule(expression.part, leaves, constants));
    case 'and':
      return joined(
        'and',
        expression.parts.map(part => planRule(part, leaves, constants)),
      );
    case 'atLeast':
      return atLeast(
        expression.count,
        expression.parts.map(part => planRule(part, leaves, constants)),
      );
    case 'or':
      return planAny(expression.parts, leaves, constants);
    case 'field':
    case 'keyword':
      return planAny([expression], leaves, constants);
    default:
      return expression satisfies never;
  }
}

/** Plain texts on the same field that are joined by `or` are one leaf, however long the list. */
function planAny(parts: readonly Expression[], leaves: Leaves, constants: Constants): Plan {
  const forms = new Map<number, Form[]>();
  const plans: Plan[] = [];
  for (const part of parts) {
    if (part.kind !== 'field' && part.kind !== 'keyword') {
      plans.push(planRule(part, leaves, constants));
      continue;
    }
    const known = constants.size === 0 ? undefined : decide(part, constants);
    if (known !== undefined) {
      plans.push(known ? always : never);
      continue;
    }
    const slot = part.kind === 'keyword' ? keywordSlot : leaves.slotOf(part.field);
    const plain = plainForms(part.test);
    if (plain) addForms(forms, slot, plain);
    else plans.push({kind: 'leaf', leaf: leaves.test(slot, part.test)});
  }
  const texts = [...forms].map(([slot, list]): Plan => ({kind: 'leaf', leaf: leaves.texts(slot, list)}));
  return joined('or', [...texts, ...plans]);
}

function addForms(forms: Map<number, Form[]>, slot: number, more: readonly Form[]): void {
  const known = forms.get(slot);
  if (known) known.push(...more);
  else forms.set(slot, [...more]);
}
