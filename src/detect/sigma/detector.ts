import {minute} from '../../event/clock.ts';
import type {Alert, Event, Micros, Rule} from '../../event/event.ts';
import type {Detector} from '../detector.ts';
import {Correlations, type Firing} from './correlate/correlations.ts';
import type {SavedCorrelator} from './correlate/correlator.ts';
import {countedId} from './correlate/nodes.ts';
import {correlationReason} from './correlation-reason.ts';
import {type Match, SigmaEngine} from './engine.ts';
import {entityOf} from './entity.ts';
import {EventReader, type SeenEvent} from './logsource/event-reader.ts';
import type {View, ViewedEvent} from './logsource/view.ts';
import {matchReason} from './match-reason.ts';
import type {RuleHead} from './rule.ts';
import type {RuleSet} from './rule-set.ts';

export interface SigmaDetectorOptions {
  /** How many microseconds an event may come after younger ones: a minute. Infinity where files are read one by one. */
  readonly lateness?: Micros;
  /** Whether another detector raises an alert for what a rule (by id) found in an event; correlations count it all the same. */
  readonly isToldAlready?: (ruleId: string, event: Event) => boolean;
}

/** The clock may stand this far from the newest event for events to count as live. */
const nearNow = 2 * minute;

/** Runs Sigma rules over everything that enters. The set of rules can be exchanged while it runs. */
export class SigmaDetector implements Detector {
  readonly id = 'sigma';
  readonly #lateness: Micros;
  readonly #isToldAlready: (ruleId: string, event: Event) => boolean;
  readonly #reader = new EventReader();
  #set: RuleSet;
  #engine: SigmaEngine;
  #correlations: Correlations;
  #rules = new Map<string, Rule>();
  #newest: Micros = Number.NEGATIVE_INFINITY;
  /** The newest event's time, where that was near the clock when it came. */
  #live: Micros | undefined;
  #suppressed = 0;

  constructor(set: RuleSet, options: SigmaDetectorOptions = {}) {
    this.#lateness = options.lateness ?? minute;
    this.#isToldAlready = options.isToldAlready ?? (() => false);
    this.#set = set;
    this.#engine = new SigmaEngine(set.detections);
    this.#correlations = new Correlations(set.correlations, this.#lateness);
  }

  get rules(): RuleSet {
    return this.#set;
  }

  /** What is not shown as alerts: findings that tuning suppressed, and state that was forgotten to stay small. */
  get counters(): {readonly suppressed: number; readonly evictedGroups: number; readonly evictedAudit: number} {
    return {
      suppressed: this.#suppressed,
      evictedGroups: this.#correlations.evicted,
      evictedAudit: this.#reader.evicted,
    };
  }

  set profiling(on: boolean) {
    this.#engine.profiling = on;
  }

  /** The kinds of events that came so far: what another engine should be prepared for. */
  get views(): readonly View[] {
    return this.#engine.views;
  }

  /** Goes on with other rules. What correlations remember stays, where the rule is the same. */
  swap(set: RuleSet, engine: SigmaEngine = new SigmaEngine(set.detections)): void {
    const {profiling} = this.#engine;
    const remembered = this.#correlations.save();
    this.#set = set;
    this.#rules = new Map();
    this.#engine = engine;
    this.#engine.profiling = profiling;
    this.#correlations = new Correlations(set.correlations, this.#lateness);
    this.#correlations.restore(remembered);
  }

  onEvents(batch: readonly Event[]): readonly Alert[] {
    const alerts: Alert[] = [];
    for (const event of batch) {
      if (event.time > this.#newest) this.#newest = event.time;
      for (const seen of this.#reader.read(event)) this.#judge(seen, alerts);
    }
    this.#close(this.#newest - this.#lateness, alerts);
    return alerts;
  }

  /** While events are live, the clock ends windows that no further event would end. In a replay it means nothing. */
  onTick(now: Micros): readonly Alert[] {
    if (Math.abs(now - this.#newest) <= nearNow) this.#live = this.#newest;
    if (this.#live !== this.#newest) return [];
    const alerts: Alert[] = [];
    for (const seen of this.#reader.expire(now)) this.#judge(seen, alerts);
    this.#close(now - this.#lateness, alerts);
    return alerts;
  }

  /** Judges what still awaits its end, as when the last file was read. */
  finish(): readonly Alert[] {
    const alerts: Alert[] = [];
    for (const seen of this.#reader.finish()) this.#judge(seen, alerts);
    this.#close(Number.POSITIVE_INFINITY, alerts);
    return alerts;
  }

  save(): SavedState {
    return {version: 1, correlations: this.#correlations.save()};
  }

  restore(state: unknown): void {
    const saved = state as Partial<SavedState> | null | undefined;
    if (saved?.version === 1 && Array.isArray(saved.correlations)) this.#correlations.restore(saved.correlations);
  }

  #judge({views, group, isJoined}: SeenEvent, alerts: Alert[]): void {
    const matched: {readonly id: string; readonly event: ViewedEvent}[] = [];
    for (const match of this.#engine.match(views)) {
      const {rule} = match.indexed;
      const {id} = rule.head;
      // What one record of an audit event showed already is not found again in all of them together.
      if (isJoined && group?.fired.has(id)) continue;
      group?.fired.add(id);
      if (this.#set.tuning.isSuppressed(rule.head, match.event)) {
        this.#suppressed++;
        continue;
      }
      matched.push({id: rule.aggregation ? countedId(id) : id, event: match.event});
      const isSilent = rule.aggregation !== undefined || this.#set.silent.has(id);
      if (!isSilent && !this.#isToldAlready(id, match.event.event)) alerts.push(this.#alert(match));
    }
    if (matched.length === 0 || this.#set.correlations.length === 0) return;
    for (const firing of this.#correlations.add(matched)) this.#raise(firing, alerts);
  }

  #close(watermark: Micros, alerts: Alert[]): void {
    if (this.#set.correlations.length === 0) return;
    for (const firing of this.#correlations.close(watermark)) this.#raise(firing, alerts);
  }

  #alert({indexed, event}: Match): Alert {
    let reason: string | undefined;
    return {
      rule: this.#rule(indexed.rule.head),
      time: event.time,
      host: event.host,
      entity: entityOf(event),
      // Made when it is read: of a group's alerts only the newest one's is shown.
      get reason() {
        reason ??= matchReason(indexed.rule.expression, event);
        return reason;
      },
      count: 1,
      event: event.event,
    };
  }

  #raise(firing: Firing, alerts: Alert[]): void {
    const {node, event, group, time, verdict} = firing;
    if (this.#set.silent.has(node.head.id)) return;
    if (this.#set.tuning.isSuppressed(node.head, firing.found)) {
      this.#suppressed++;
      return;
    }
    const last = firing.last?.event;
    alerts.push({
      rule: this.#rule(node.head),
      time,
      host: event.host,
      entity: group.length > 0 ? group.join(' ') : event.host,
      reason: correlationReason(node, group, verdict.count),
      count: Math.max(1, verdict.count),
      ...(last === undefined ? undefined : {event: last}),
    });
  }

  #rule(head: RuleHead): Rule {
    const known = this.#rules.get(head.id);
    if (known) return known;
    const {id, title, level, techniques} = head;
    const made: Rule = {id, name: title, level, category: 'Rule', techniques};
    this.#rules.set(id, made);
    return made;
  }
}

interface SavedState {
  readonly version: 1;
  readonly correlations: readonly SavedCorrelator[];
}
