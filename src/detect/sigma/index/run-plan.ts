import type {EventLeaves, Run} from './event-leaves.ts';
import type {LateLeaf} from './leaves.ts';
import type {Plan} from './plan.ts';

/** Makes functions of plans, which say whether they hold of the event at hand. */
export class PlanCompiler {
  readonly #leaves: EventLeaves;
  readonly #late: ReadonlyMap<number, LateLeaf>;

  constructor(leaves: EventLeaves, late: ReadonlyMap<number, LateLeaf>) {
    this.#leaves = leaves;
    this.#late = late;
  }

  compile(plan: Plan): Run {
    switch (plan.kind) {
      case 'constant':
        return () => plan.value;
      case 'leaf':
        return this.#leaves.isTrue(plan.leaf);
      case 'not': {
        const part = this.compile(plan.part);
        return () => !part();
      }
      case 'and':
        return all(this.#cheapFirst(plan.parts));
      case 'or':
        return some(this.#cheapFirst(plan.parts));
      case 'atLeast':
        return atLeast(
          plan.parts.map(part => this.compile(part)),
          plan.count,
        );
      default:
        return plan satisfies never;
    }
  }

  /** What is known already comes before what must be run. */
  #cheapFirst(parts: readonly Plan[]): readonly Run[] {
    const costs = new Map(parts.map(part => [part, this.#cost(part)]));
    const sorted = [...parts].sort((left, right) => (costs.get(left) ?? 0) - (costs.get(right) ?? 0));
    return sorted.map(part => this.compile(part));
  }

  #cost(plan: Plan): number {
    switch (plan.kind) {
      case 'constant':
        return 0;
      case 'leaf':
        return this.#late.has(plan.leaf) ? 1_000 : 1;
      case 'not':
        return this.#cost(plan.part);
      default:
        return plan.parts.reduce((sum, part) => sum + this.#cost(part), 0);
    }
  }
}

function all(parts: readonly Run[]): Run {
  return () => {
    for (const part of parts) if (!part()) return false;
    return true;
  };
}

function some(parts: readonly Run[]): Run {
  return () => {
    for (const part of parts) if (part()) return true;
    return false;
  };
}

function atLeast(parts: readonly Run[], count: number): Run {
  return () => {
    let left = count;
    for (const part of parts) if (part() && --left === 0) return true;
    return left <= 0;
  };
}
