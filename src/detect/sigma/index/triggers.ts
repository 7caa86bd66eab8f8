import type {LateLeaf} from './leaves.ts';
import type {Plan} from './plan.ts';

export interface Trigger {
  /** Leaves of which one must be true for the plan to be. */
  readonly leaves: readonly number[];
  /** How often that is expected, at most 1. */
  readonly chance: number;
}

/**
 * The least probable set of literals of which one must be found before a plan can be true; undefined where nothing has
 * to be found, as with a lone negation.
 */
export function triggerOf(
  plan: Plan,
  late: ReadonlyMap<number, LateLeaf>,
  chanceOf: (leaf: number) => number,
): Trigger | undefined {
  switch (plan.kind) {
    case 'leaf': {
      const later = late.get(plan.leaf);
      const leaves = later ? later.gates : [plan.leaf];
      return best(leaves.map(leaf => ({leaves: [leaf], chance: chanceOf(leaf)})));
    }
    case 'and':
      return best(plan.parts.map(part => triggerOf(part, late, chanceOf)));
    case 'or':
    case 'atLeast':
      return sum(plan.parts.map(part => triggerOf(part, late, chanceOf)));
    case 'not':
    case 'constant':
      return undefined;
    default:
      return plan satisfies never;
  }
}

function best(triggers: readonly (Trigger | undefined)[]): Trigger | undefined {
  let found: Trigger | undefined;
  for (const trigger of triggers) if (trigger && (!found || trigger.chance < found.chance)) found = trigger;
  return found;
}

function sum(triggers: readonly (Trigger | undefined)[]): Trigger | undefined {
  const leaves: number[] = [];
  let chance = 0;
  for (const trigger of triggers) {
    if (!trigger) return undefined;
    leaves.push(...trigger.leaves);
    chance += trigger.chance;
  }
  return {leaves, chance: Math.min(1, chance)};
}
