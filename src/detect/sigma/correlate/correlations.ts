import {ViewedEvent} from '../logsource/view.ts';
import type {SigmaEvent} from '../value.ts';
import {CorrelatedEvent} from './correlated-event.ts';
import {type Correlated, Correlator, formOf, type SavedCorrelator} from './correlator.ts';
import type {CorrelationNode} from './nodes.ts';

/** A correlation that fired, with the event that made it. */
export interface Firing extends Correlated {
  readonly event: SigmaEvent;
  /** The finding itself, with the group's fields. */
  readonly found: SigmaEvent;
  /** The single event that came last, where it was one that decided. */
  readonly last: ViewedEvent | undefined;
}

interface Target {
  readonly correlator: Correlator;
  /** Place in the correlator's list of rules. */
  readonly source: number;
}

type Fed = Target & {readonly event: SigmaEvent};

/** All correlations of a rule set, fed by rules' matches and by one another. */
export class Correlations {
  readonly #correlators: readonly Correlator[];
  /** By the id of what feeds them: which correlators, and at which place of their list. */
  readonly #fed = new Map<string, Target[]>();
  readonly #depth: number;

  /** `lateness`: how many microseconds an event may come after younger ones. */
  constructor(nodes: readonly CorrelationNode[], lateness: number) {
    this.#correlators = nodes.map(node => new Correlator(node, lateness));
    this.#depth = nodes.length;
    for (const correlator of this.#correlators) {
      for (const [source, id] of correlator.node.sources.entries()) {
        this.#fed.set(id, [...(this.#fed.get(id) ?? []), {correlator, source}]);
      }
    }
  }

  get evicted(): number {
    return this.#correlators.reduce((sum, correlator) => sum + correlator.evicted, 0);
  }

  /** Whether matches of a rule are of use to any correlation. */
  wants(id: string): boolean {
    return this.#fed.has(id);
  }

  /** Takes in what rules one event satisfies, each with the event as that rule sees it. */
  add(matched: readonly {readonly id: string; readonly event: SigmaEvent}[]): Firing[] {
    const fed = matched.flatMap(({id, event}) => (this.#fed.get(id) ?? []).map(target => ({...target, event})));
    return this.#feed(fed, this.#depth);
  }

  /** Judges windows that ended before the watermark; Infinity judges all, as at the end of a file. */
  close(watermark: number): Firing[] {
    const firings: Firing[] = [];
    for (const correlator of this.#correlators) {
      for (const correlated of correlator.close(watermark))
        firings.push(...this.#pass(correlated, undefined, this.#depth));
    }
    return firings;
  }

  save(): readonly SavedCorrelator[] {
    return this.#correlators.map(correlator => correlator.save());
  }

  restore(saved: readonly SavedCorrelator[]): void {
    for (const correlator of this.#correlators) {
      const {node} = correlator;
      const state = saved.find(({id, form}) => id === node.head.id && form === formOf(node));
      if (state) correlator.restore(state);
    }
  }

  /** Later places first, so that one event is never its own successor where order matters. */
  #feed(fed: readonly Fed[], depth: number): Firing[] {
    return [...fed]
      .sort((left, right) => right.source - left.source)
      .flatMap(({correlator, source, event}) => {
        const correlated = correlator.add(source, event);
        return correlated?.verdict.holds ? this.#pass(correlated, event, depth) : [];
      });
  }

  /**
   * What came true goes on to the correlations above. One that asks whether things happened near each other hears as
   * long as it stays true; one that counts hears once.
   */
  #pass(correlated: Correlated, last: SigmaEvent | undefined, depth: number): Firing[] {
    const event = new CorrelatedEvent(correlated, last);
    const {fires} = correlated.verdict;
    const above = (this.#fed.get(correlated.node.head.id) ?? []).filter(
      ({correlator}) => fires || correlator.node.measure.kind === 'rules',
    );
    const firings =
      depth > 0
        ? this.#feed(
            above.map(target => ({...target, event})),
            depth - 1,
          )
        : [];
    return fires ? [{...correlated, event: last ?? event, found: event, last: singleOf(last)}, ...firings] : firings;
  }
}

function singleOf(event: SigmaEvent | undefined): ViewedEvent | undefined {
  if (event instanceof ViewedEvent) return event;
  return event instanceof CorrelatedEvent ? singleOf(event.last) : undefined;
}
