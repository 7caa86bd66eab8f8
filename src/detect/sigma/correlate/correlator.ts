import {readNumber} from '../match/compare.ts';
import {fold} from '../match/fold.ts';
import {type SigmaEvent, valuesOf} from '../value.ts';
import {addEntry, closeWindows, type GroupState, newGroup, type Verdict} from './group.ts';
import {type Entry, isDecidedAtOnce} from './measure.ts';
import type {CorrelationNode} from './nodes.ts';

const mostGroups = 10_000;
const mostHeld = 200_000;

/** A group's condition that came true. */
export interface Correlated {
  readonly node: CorrelationNode;
  readonly verdict: Verdict;
  readonly time: number;
  /** Values of the group-by fields, in the rule's order. */
  readonly group: readonly string[];
}

interface Group {
  readonly state: GroupState;
  readonly values: readonly string[];
}

/** The groups of one correlation. Bounded: the group that was touched longest ago goes first, and that is counted. */
export class Correlator {
  readonly node: CorrelationNode;
  /** Groups that were forgotten to make room. */
  evicted = 0;
  readonly #lateness: number;
  readonly #groups = new Map<string, Group>();
  readonly #awaits: boolean;
  #held = 0;

  constructor(node: CorrelationNode, lateness: number) {
    this.node = node;
    this.#lateness = lateness;
    this.#awaits = !isDecidedAtOnce(node.measure, node.condition);
  }

  /** Takes in an event of the source at a place in the rule's list. Undefined where it is none of the correlation's. */
  add(source: number, event: SigmaEvent): Correlated | undefined {
    const entry = this.#entry(source, event);
    const values = entry && this.#groupValues(source, event);
    if (!entry || !values) return undefined;
    const key = JSON.stringify(values.map(fold));
    const group = this.#touch(key, values);
    const before = group.state.entries.length;
    const verdict = addEntry(group.state, entry, this.node, this.#lateness);
    this.#held += group.state.entries.length - before;
    this.#makeRoom(key);
    return {node: this.node, verdict, time: event.time, group: values};
  }

  /** Judges the windows that ended before the watermark. */
  close(watermark: number): Correlated[] {
    if (!this.#awaits) return [];
    const found: Correlated[] = [];
    for (const [key, {state, values}] of this.#groups) {
      const before = state.entries.length;
      for (const {time, ...verdict} of closeWindows(state, this.node, watermark)) {
        if (verdict.holds) found.push({node: this.node, verdict, time, group: values});
      }
      this.#held -= before - state.entries.length;
      if (state.entries.length === 0) this.#groups.delete(key);
    }
    return found;
  }

  save(): SavedCorrelator {
    const groups = [...this.#groups]
      .slice(-2_000)
      .map(([key, {state, values}]): SavedGroup => [key, values, state.active, state.entries]);
    return {id: this.node.head.id, form: formOf(this.node), groups};
  }

  restore({groups}: SavedCorrelator): void {
    for (const [key, values, active, entries] of groups) {
      this.#groups.set(key, {values, state: {active, entries: [...entries]}});
      this.#held += entries.length;
    }
  }

  #touch(key: string, values: readonly string[]): Group {
    const known = this.#groups.get(key);
    const group = known ?? {state: newGroup(), values};
    if (known) this.#groups.delete(key);
    this.#groups.set(key, group);
    return group;
  }

  #makeRoom(keep: string): void {
    for (const [key, {state}] of this.#groups) {
      if ((this.#groups.size <= mostGroups && this.#held <= mostHeld) || key === keep) return;
      this.#groups.delete(key);
      this.#held -= state.entries.length;
      this.evicted++;
    }
  }

  #entry(source: number, event: SigmaEvent): Entry | undefined {
    const {measure} = this.node;
    const {time} = event;
    switch (measure.kind) {
      case 'events':
      case 'rules':
        return {time, source};
      case 'values':
      case 'share': {
        const fields = measure.kind === 'values' ? measure.fields : [measure.field];
        const values = fields.map(field => textOf(event, this.#field(source, field)));
        return values.some(value => value === undefined)
          ? undefined
          : {time, source, value: fold(JSON.stringify(values))};
      }
      default: {
        const [value] = valuesOf(event.get(fold(this.#field(source, measure.field))));
        const number = value === undefined ? undefined : readNumber(value);
        return number === undefined ? undefined : {time, source, number};
      }
    }
  }

  /** Every group-by field's value; undefined where the event lacks one: it belongs to no group. */
  #groupValues(source: number, event: SigmaEvent): string[] | undefined {
    const values: string[] = [];
    for (const name of this.node.groupBy) {
      const value = textOf(event, this.#field(source, name));
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  }

  #field(source: number, name: string): string {
    return this.node.aliases[source]?.get(name) ?? name;
  }
}

export type SavedGroup = readonly [key: string, values: readonly string[], active: boolean, entries: readonly Entry[]];

export interface SavedCorrelator {
  readonly id: string;
  readonly form: string;
  readonly groups: readonly SavedGroup[];
}

/** What is remembered means something only to the same rule in the same words. */
export function formOf({measure, condition, timespan, groupBy, sources}: CorrelationNode): string {
  return JSON.stringify([measure, condition, timespan, groupBy, sources]);
}

function textOf(event: SigmaEvent, field: string): string | undefined {
  const [value] = valuesOf(event.get(fold(field)));
  return value === undefined ? undefined : String(value);
}
