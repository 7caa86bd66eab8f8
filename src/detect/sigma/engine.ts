import {type IndexedRule, RuleIndex} from './index/rule-index.ts';
import {isAbout, type View, type ViewedEvent} from './logsource/view.ts';
import type {Logsource} from './rule.ts';

/** A rule that an event satisfies. */
export interface Match {
  readonly indexed: IndexedRule;
  /** The event under the names of the kind of log that the rule is about. */
  readonly event: ViewedEvent;
}

/** Finds which rules single events satisfy. Rules are compiled once for each kind of event, when its first comes. */
export class SigmaEngine {
  /** Measures what each rule costs: see `RuleProfile`. Slows matching. */
  profiling = false;
  readonly #byLogsource: readonly SourcedRules[];
  readonly #indexes = new Map<View, RuleIndex>();

  constructor(rules: readonly IndexedRule[]) {
    this.#byLogsource = groupRules(rules);
  }

  /** Every rule once, whatever number of ways the event can be seen. */
  match(views: readonly ViewedEvent[]): Match[] {
    const matches: Match[] = [];
    for (const event of views) {
      const before = matches.length;
      for (const indexed of this.#indexOf(event.view).match(event, this.profiling)) {
        if (before === 0 || matches.every(match => match.indexed !== indexed)) matches.push({indexed, event});
      }
    }
    return matches;
  }

  /** The kinds of events that came so far. */
  get views(): readonly View[] {
    return [...this.#indexes.keys()];
  }

  /** Compiles the rules for a kind of event before its first comes: with thousands of rules that takes a while. */
  prepare(view: View): void {
    this.#indexOf(view);
  }

  /** Whether any rule may find something in events of this kind. */
  covers(view: View): boolean {
    return this.#indexOf(view).size > 0;
  }

  #indexOf(view: View): RuleIndex {
    const known = this.#indexes.get(view);
    if (known) return known;
    const about = this.#byLogsource.flatMap(({logsource, rules}) => (isAbout(view, logsource) ? rules : []));
    about.sort((left, right) => left.place - right.place);
    const made = new RuleIndex(
      about.map(({indexed}) => indexed),
      view,
    );
    this.#indexes.set(view, made);
    return made;
  }
}

/** Rules of one logsource: whether they are about a kind of event is asked once for all. */
interface SourcedRules {
  readonly logsource: Logsource;
  /** With their places among all rules. */
  readonly rules: {readonly indexed: IndexedRule; readonly place: number}[];
}

function groupRules(rules: readonly IndexedRule[]): SourcedRules[] {
  const groups = new Map<string, SourcedRules>();
  for (const [place, indexed] of rules.entries()) {
    const {logsource} = indexed.rule;
    const key = JSON.stringify([logsource.category, logsource.product, logsource.service]);
    const group = groups.get(key) ?? {logsource, rules: []};
    group.rules.push({indexed, place});
    groups.set(key, group);
  }
  return [...groups.values()];
}
