import type {EventLeaves, Run} from './event-leaves.ts';
import type {Plan} from './plan.ts';

/** Makes functions of plans, which say whether they hold of the event at hand. */
export class PlanCompiler {
  readonly #leaves: EventLeaves;

  constructor(leaves: EventLeaves) {
    this.#leaves = leaves;
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
        return all(this.#ordered(plan.parts, false));
      case 'or':
        return some(this.#ordered(plan.parts, true));
      case 'atLeast':
        return atLeast(
          plan.parts.map(part => this.compile(part)),
          plan.count,
        );
      default:
        return plan satisfies never;
    }
  }

  /** What decides soonest for its cost comes first: `decisive` is what decides. */
  #ordered(parts: readonly Plan[], decisive: boolean): readonly Run[] {
    const ranks = new Map(
      parts.map(part => {
        const {cost, chance} = this.#estimate(part);
        return [part, cost / Math.max(0.001, decisive ? chance : 1 - chance)];
      }),
    );
    const sorted = [...parts].sort((left, right) => (ranks.get(left) ?? 0) - (ranks.get(right) ?? 0));
    return sorted.map(part => this.compile(part));
  }

  /** What a plan costs about, in looks at a leaf that is watched, and how often it holds. */
  #estimate(plan: Plan): {readonly cost: number; readonly chance: number} {
    switch (plan.kind) {
      case 'constant':
        return {cost: 0, chance: plan.value ? 1 : 0};
      case 'leaf':
        return {cost: this.#leaves.costOf(plan.leaf), chance: this.#leaves.chanceOf(plan.leaf)};
      case 'not': {
        const {cost, chance} = this.#estimate(plan.part);
        return {cost, chance: 1 - chance};
      }
      default: {
        const parts = plan.parts.map(part => this.#estimate(part));
        const cost = parts.reduce((sum, part) => sum + part.cost, 0);
        if (plan.kind === 'and') return {cost, chance: parts.reduce((chance, part) => chance * part.chance, 1)};
        return {cost, chance: 1 - parts.reduce((chance, part) => chance * (1 - part.chance), 1)};
      }
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
