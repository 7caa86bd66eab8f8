import type {View, ViewedEvent} from '../logsource/view.ts';
import type {DetectionRule, Expression} from '../rule.ts';
import {EventLeaves, type Run} from './event-leaves.ts';
import {Leaves} from './leaves.ts';
import {never, type Plan} from './plan.ts';
import {planRule} from './plan-rule.ts';
import {PlanCompiler} from './run-plan.ts';
import {type Trigger, triggerOf} from './triggers.ts';

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

/** After so many events all texts are looked for in the next ones, to measure how often each is found. */
const measureFrom = 100;
/** After so many the triggers are chosen anew by what was measured. */
const measureTo = 600;
/** After so many, those that were found too often are. */
const adjustments = [5_000, 20_000, 100_000, 1_000_000];
/** A trigger found in more than this part of events is exchanged for one that is half as often. */
const tooOften = 0.02;

/**
 * The rules that may find something in one kind of event. Of the plain texts that a rule needs the rarest is its trigger;
 * triggers of all rules are found in one pass a field, and only rules whose trigger was found are evaluated.
 */
export class RuleIndex {
  readonly #rules: IndexedRule[] = [];
  readonly #plans: Plan[] = [];
  /** Made when a rule first is a candidate: most never are. */
  readonly #runs: (Run | undefined)[] = [];
  readonly #compiler: PlanCompiler;
  readonly #leaves = new Leaves();
  readonly #event: EventLeaves;
  /** The event that made a rule a candidate last, by its number. */
  readonly #ruleStamps: Float64Array;
  /** Rules to evaluate for the event at hand; `#candidateCount` of them. */
  readonly #candidates: Uint32Array;
  #candidateCount = 0;
  #triggers: (Trigger | undefined)[] = [];
  #triggered: (number[] | undefined)[] = [];
  #untriggered: number[] = [];
  #events = 0;

  constructor(rules: readonly IndexedRule[], view: View) {
    for (const rule of rules) {
      const plan = planRule(rule.expression, this.#leaves, view.constants);
      if (plan.kind === 'constant' && !plan.value) continue;
      this.#rules.push(rule);
      this.#plans.push(plan);
      this.#runs.push(undefined);
    }
    this.#event = new EventLeaves(this.#leaves, view);
    this.#ruleStamps = new Float64Array(this.#rules.length);
    this.#candidates = new Uint32Array(this.#rules.length);
    this.#compiler = new PlanCompiler(this.#event);
    this.#plan();
  }

  get size(): number {
    return this.#rules.length;
  }

  /** The rules that the event satisfies, in the order they were given. */
  match(event: ViewedEvent, profiling: boolean): readonly IndexedRule[] {
    if (this.#rules.length === 0) return none;
    this.#events++;
    if (this.#events === measureFrom) this.#event.watch(this.#leaves.guess.keys());
    else if (this.#events === measureTo) this.#plan();
    else if (adjustments.includes(this.#events)) this.#adjust();
    this.#event.read(event);
    this.#choose();
    let hits: number[] | undefined;
    for (let at = 0; at < this.#candidateCount; at++) {
      const rule = this.#candidates[at] as number;
      const run = this.#runs[rule] ?? this.#compile(rule);
      if (!(profiling ? this.#timed(rule, run) : run())) continue;
      if (hits) hits.push(rule);
      else hits = [rule];
    }
    return hits ? this.#indexed(hits) : none;
  }

  #indexed(hits: number[]): IndexedRule[] {
    if (hits.length > 1) hits.sort((left, right) => left - right);
    const rules: IndexedRule[] = [];
    for (const hit of hits) {
      const indexed = this.#rules[hit] as IndexedRule;
      indexed.profile.hits++;
      rules.push(indexed);
    }
    return rules;
  }

  #compile(rule: number): Run {
    const run = this.#compiler.compile(this.#plans[rule] ?? never);
    this.#runs[rule] = run;
    return run;
  }

  #timed(rule: number, run: Run): boolean {
    const profile = this.#rules[rule]?.profile;
    const start = performance.now();
    const hit = run();
    if (profile) {
      profile.millis += performance.now() - start;
      profile.evaluations++;
    }
    return hit;
  }

  /** Candidates are the rules that need no text, and those one of whose texts was found. */
  #choose(): void {
    const {found, foundCount} = this.#event;
    const serial = this.#events;
    const candidates = this.#candidates;
    let count = 0;
    for (const rule of this.#untriggered) candidates[count++] = rule;
    for (let at = 0; at < foundCount; at++) {
      const rules = this.#triggered[found[at] as number];
      if (rules === undefined) continue;
      for (const rule of rules) {
        if (this.#ruleStamps[rule] === serial) continue;
        this.#ruleStamps[rule] = serial;
        candidates[count++] = rule;
      }
    }
    this.#candidateCount = count;
  }

  /** Chooses for each rule the leaves that make it a candidate, by how often they were found so far. */
  #plan(): void {
    this.#triggers = this.#plans.map(plan => this.#triggerOf(plan));
    this.#watch();
  }

  #adjust(): void {
    let changed = false;
    for (const [rule, trigger] of this.#triggers.entries()) {
      const chance = trigger ? trigger.leaves.reduce((sum, leaf) => sum + this.#event.chanceOf(leaf), 0) : 0;
      if (chance <= tooOften) continue;
      const better = this.#triggerOf(this.#plans[rule] ?? never);
      if (!better || better.chance * 2 > chance) continue;
      this.#triggers[rule] = better;
      changed = true;
    }
    if (changed) this.#watch();
  }

  #triggerOf(plan: Plan): Trigger | undefined {
    return triggerOf(plan, this.#leaves.late, leaf => this.#event.chanceOf(leaf));
  }

  #watch(): void {
    this.#triggered = new Array<number[] | undefined>(this.#leaves.count).fill(undefined);
    this.#untriggered = [];
    const watched = new Set<number>();
    for (const [rule, trigger] of this.#triggers.entries()) {
      if (!trigger) this.#untriggered.push(rule);
      for (const leaf of new Set(trigger?.leaves)) {
        const rules = this.#triggered[leaf] ?? [];
        rules.push(rule);
        this.#triggered[leaf] = rules;
        watched.add(leaf);
      }
    }
    this.#event.watch(watched);
    // What is asked first depends on what is watched, and on chances.
    this.#runs.fill(undefined);
  }
}

const none: readonly IndexedRule[] = [];
