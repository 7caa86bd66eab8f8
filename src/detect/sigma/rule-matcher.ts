import type {Event} from '../../event/event.ts';
import type {CorrelationNode} from './correlate/nodes.ts';
import {countedId} from './correlate/nodes.ts';
import {type Match, SigmaEngine} from './engine.ts';
import type {IndexedRule} from './index/rule-index.ts';
import {EventReader, type SeenEvent} from './logsource/event-reader.ts';
import type {ViewedEvent} from './logsource/view.ts';
import type {Tuning} from './tuning.ts';

/** What single events are matched with: plain data, so that it can be sent to other threads. */
export interface MatchableRules {
  readonly detections: readonly IndexedRule[];
  readonly correlations: readonly CorrelationNode[];
  /** Ids of rules that only feed correlations. */
  readonly silent: ReadonlySet<string>;
}

/** What rules found in one event. */
export interface Found {
  /** Rules that fire on it by themselves. */
  readonly hits: readonly Match[];
  /** What correlations must be told, in time order and once all events are known. */
  readonly feeds: readonly {readonly id: string; readonly event: ViewedEvent}[];
}

/**
 * Matches the events of one file after another with single rules. What correlations need is handed on, for they count
 * over all files: a thread that reads some of the files can tell nothing about them.
 */
export class RuleMatcher {
  /** Matches that the user's tuning silenced. */
  suppressed = 0;
  readonly #engine: SigmaEngine;
  readonly #rules: MatchableRules;
  readonly #tuning: Tuning;
  readonly #fed: ReadonlySet<string>;
  #reader = new EventReader();

  constructor(rules: MatchableRules, tuning: Tuning, options: {readonly profiling?: boolean} = {}) {
    this.#rules = rules;
    this.#tuning = tuning;
    this.#engine = new SigmaEngine(rules.detections);
    this.#engine.profiling = options.profiling ?? false;
    this.#fed = new Set(rules.correlations.flatMap(node => node.sources));
  }

  /** Gives what was found, and whether any rule is about events of the kind. */
  read(event: Event): {readonly found: readonly Found[]; readonly isCovered: boolean} {
    const seen = this.#reader.read(event);
    const found = seen.flatMap(one => this.#judge(one));
    return {found, isCovered: seen.some(({views}) => views.some(({view}) => this.#engine.covers(view)))};
  }

  /** To be called at a file's end: what awaited further records of it is judged as it is. */
  endFile(): readonly Found[] {
    const found = this.#reader.finish().flatMap(one => this.#judge(one));
    this.#reader = new EventReader();
    return found;
  }

  #judge({views, group, isJoined}: SeenEvent): Found[] {
    const hits: Match[] = [];
    const feeds: {id: string; event: ViewedEvent}[] = [];
    for (const match of this.#engine.match(views)) {
      const {head, aggregation} = match.indexed.rule;
      if (isJoined && group?.fired.has(head.id)) continue;
      group?.fired.add(head.id);
      if (this.#tuning.isSuppressed(head, match.event)) {
        this.suppressed++;
        continue;
      }
      const fed = aggregation ? countedId(head.id) : head.id;
      if (this.#fed.has(fed)) feeds.push({id: fed, event: match.event});
      if (!aggregation && !this.#rules.silent.has(head.id)) hits.push(match);
    }
    return hits.length > 0 || feeds.length > 0 ? [{hits, feeds}] : [];
  }
}
