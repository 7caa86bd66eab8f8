import {testField} from '../match/evaluate.ts';
import {compileValueTest} from '../match/value-test.ts';
import type {DetectionRule, Expression} from '../rule.ts';
import {type SigmaEvent, type SigmaValue, valuesOf} from '../value.ts';
import {FieldLiterals} from './field-literals.ts';
import {keywordSlot, type LateLeaf, Leaves} from './leaves.ts';
import type {FoundLeaves} from './literal.ts';
import type {Plan} from './plan.ts';
import {type Constants, planRule} from './plan-rule.ts';
import {triggerOf} from './triggers.ts';

/** A rule as the index takes it: what must hold, after filters. */
export interface IndexedRule {
  readonly rule: DetectionRule;
  readonly expression: Expression;
  readonly profile: RuleProfile;
}

/** What a rule has cost. */
export interface RuleProfile {
  evaluations: number;
  hits: number;
  /** Milliseconds; measured only while profiling is on. */
  millis: number;
}

type Run = () => boolean;

/** After so many events the triggers are chosen anew by what was measured. */
const replans = [1_000, 10_000, 100_000];

/**
 * The rules that may find something in one kind of event. Of each event, the plain texts that rules look for are found
 * in one pass a field; only rules whose rarest required text was found are evaluated.
 */
export class RuleIndex {
  readonly #rules: IndexedRule[] = [];
  readonly #plans: Plan[] = [];
  readonly #leaves = new Leaves();
  readonly #literals: (FieldLiterals | undefined)[];
  readonly #runs: Run[];
  /** Values by slot, of the event at hand. */
  readonly #values: (SigmaValue | undefined)[];
  readonly #wantsTexts: boolean;
  #texts: readonly string[] = [];
  #event: SigmaEvent | undefined;
  /** Number of the event at hand; a leaf is true if its stamp says so. */
  #serial = 0;
  readonly #stamps: Uint32Array;
  /** 2 × serial, + 1 if true, of leaves that are run late. */
  readonly #late: Float64Array;
  readonly #ruleStamps: Uint32Array;
  readonly #found: Uint32Array;
  readonly #candidates: number[] = [];
  #triggered: (number[] | undefined)[] = [];
  #untriggered: number[] = [];

  constructor(rules: readonly IndexedRule[], constants: Constants) {
    for (const rule of rules) {
      const plan = planRule(rule.expression, this.#leaves, constants);
      if (plan.kind === 'constant' && !plan.value) continue;
      this.#rules.push(rule);
      this.#plans.push(plan);
    }
    const {slots, count} = this.#leaves;
    this.#literals = slots.map((_, slot) => {
      const literals = this.#leaves.literalsOf(slot);
      return literals.length === 0 ? undefined : new FieldLiterals(literals);
    });
    this.#wantsTexts =
      this.#literals[keywordSlot] !== undefined ||
      [...this.#leaves.late.values()].some(({slot}) => slot === keywordSlot);
    this.#values = slots.map(() => undefined);
    this.#stamps = new Uint32Array(count);
    this.#late = new Float64Array(count);
    this.#found = new Uint32Array(count);
    this.#ruleStamps = new Uint32Array(this.#rules.length);
    const late = new Map([...this.#leaves.late].map(([leaf, test]) => [leaf, this.#lateRun(leaf, test)]));
    this.#runs = this.#plans.map(plan => this.#compile(plan, late));
    this.#replan();
  }

  get size(): number {
    return this.#rules.length;
  }

  /** The rules that the event satisfies, in the order they were given. */
  match(event: SigmaEvent, profiling: boolean): readonly IndexedRule[] {
    if (this.#rules.length === 0) return [];
    if (replans.includes(this.#serial)) this.#replan();
    this.#serial++;
    this.#event = event;
    this.#candidates.length = 0;
    for (const rule of this.#untriggered) this.#candidates.push(rule);
    this.#read(event);
    const hits: number[] = [];
    for (const rule of this.#candidates) if (profiling ? this.#timed(rule) : this.#runs[rule]?.()) hits.push(rule);
    return hits.sort((left, right) => left - right).flatMap(rule => this.#hit(rule));
  }

  #hit(rule: number): IndexedRule[] {
    const indexed = this.#rules[rule];
    if (!indexed) return [];
    indexed.profile.hits++;
    return [indexed];
  }

  #timed(rule: number): boolean {
    const profile = this.#rules[rule]?.profile;
    const start = performance.now();
    const hit = this.#runs[rule]?.() ?? false;
    if (profile) {
      profile.millis += performance.now() - start;
      profile.evaluations++;
    }
    return hit;
  }

  #read(event: SigmaEvent): void {
    const {slots} = this.#leaves;
    for (let slot = 1; slot < slots.length; slot++) {
      const value = event.get(slots[slot] ?? '');
      this.#values[slot] = value;
      const literals = this.#literals[slot];
      if (value === undefined || literals === undefined) continue;
      if (typeof value !== 'object') this.#mark(literals.leavesOf(String(value)));
      else for (const one of value) this.#mark(literals.leavesOf(String(one)));
    }
    this.#texts = this.#wantsTexts ? event.texts() : [];
    const keywords = this.#literals[keywordSlot];
    // One pass over all texts: the character between them stands in none.
    if (keywords) this.#mark(keywords.scan(this.#texts.join('\u0001')));
  }

  #mark(found: FoundLeaves): void {
    for (const leaves of found) this.#markAll(leaves);
  }

  #markAll(leaves: readonly number[]): void {
    const serial = this.#serial;
    for (const leaf of leaves) {
      if (this.#stamps[leaf] === serial) continue;
      this.#stamps[leaf] = serial;
      this.#found[leaf] = (this.#found[leaf] ?? 0) + 1;
      const rules = this.#triggered[leaf];
      if (rules === undefined) continue;
      for (const rule of rules) {
        if (this.#ruleStamps[rule] === serial) continue;
        this.#ruleStamps[rule] = serial;
        this.#candidates.push(rule);
      }
    }
  }

  /** Chooses for each rule the leaves that make it a candidate, by how often they were found so far. */
  #replan(): void {
    const weight = 50;
    const {guess, late, count} = this.#leaves;
    const chanceOf = (leaf: number) =>
      ((this.#found[leaf] ?? 0) + weight * (guess[leaf] ?? 1)) / (this.#serial + weight);
    this.#triggered = new Array<number[] | undefined>(count).fill(undefined);
    this.#untriggered = [];
    for (const [rule, plan] of this.#plans.entries()) {
      const trigger = triggerOf(plan, late, chanceOf);
      if (!trigger) this.#untriggered.push(rule);
      for (const leaf of new Set(trigger?.leaves)) {
        const rules = this.#triggered[leaf] ?? [];
        rules.push(rule);
        this.#triggered[leaf] = rules;
      }
    }
  }

  #compile(plan: Plan, late: ReadonlyMap<number, Run>): Run {
    switch (plan.kind) {
      case 'constant':
        return () => plan.value;
      case 'leaf':
        return late.get(plan.leaf) ?? this.#textRun(plan.leaf);
      case 'not': {
        const part = this.#compile(plan.part, late);
        return () => !part();
      }
      case 'and': {
        const parts = cheapFirst(plan.parts, late).map(part => this.#compile(part, late));
        return () => {
          for (const part of parts) if (!part()) return false;
          return true;
        };
      }
      case 'or': {
        const parts = cheapFirst(plan.parts, late).map(part => this.#compile(part, late));
        return () => {
          for (const part of parts) if (part()) return true;
          return false;
        };
      }
      case 'atLeast': {
        const parts = plan.parts.map(part => this.#compile(part, late));
        return () => parts.reduce((count, part) => count + (part() ? 1 : 0), 0) >= plan.count;
      }
      default:
        return plan satisfies never;
    }
  }

  #textRun(leaf: number): Run {
    const stamps = this.#stamps;
    return () => stamps[leaf] === this.#serial;
  }

  /** Runs a test at most once an event, and not at all where the text it needs was not found. */
  #lateRun(leaf: number, {slot, test, gate}: LateLeaf): Run {
    const run = this.#testRun(slot, test);
    return () => {
      if (gate !== undefined && this.#stamps[gate] !== this.#serial) return false;
      const known = (this.#late[leaf] ?? 0) - 2 * this.#serial;
      if (known >= 0) return known === 1;
      const result = run();
      this.#late[leaf] = 2 * this.#serial + (result ? 1 : 0);
      return result;
    };
  }

  #testRun(slot: number, test: LateLeaf['test']): Run {
    if (test.kind === 'null' || test.kind === 'exists' || test.kind === 'fieldref') {
      return () => this.#event !== undefined && testField(test, this.#values[slot], this.#event);
    }
    const holds = compileValueTest(test);
    if (slot === keywordSlot) return () => this.#texts.some(holds);
    return () => {
      const value = this.#values[slot];
      if (value === undefined) return false;
      return typeof value === 'object' ? valuesOf(value).some(holds) : holds(value);
    };
  }
}

/** What is known already comes before what must be run. */
function cheapFirst(parts: readonly Plan[], late: ReadonlyMap<number, Run>): readonly Plan[] {
  const cost = (plan: Plan): number => {
    if (plan.kind === 'leaf') return late.has(plan.leaf) ? 1_000 : 1;
    if (plan.kind === 'constant') return 0;
    return plan.kind === 'not' ? cost(plan.part) : plan.parts.reduce((sum, part) => sum + cost(part), 0);
  };
  return [...parts].sort((left, right) => cost(left) - cost(right));
}
