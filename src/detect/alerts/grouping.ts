import type {Settings} from '../../config/settings.ts';
import type {AlertChange, AlertGroup, AnomalyRow} from '../../event/alert-group.ts';
import {type Clock, hour, minute, systemClock} from '../../event/clock.ts';
import type {Alert} from '../../event/event.ts';
import {alertId} from '../../event/event-id.ts';
import {BeginningRate, EntityCrowd, type Sighting} from './crowding.ts';
import {GroupIndex} from './group-index.ts';
import {statusAfter, suppressedUntil} from './lifecycle.ts';
import {foldedField, type GroupIdentity, OpenGroup} from './open-group.ts';
import {foldSummary, type Summary, singleSummary, stormSummary} from './summary.ts';

/** What is to be written since the last time: each changed group once, whole, and what the minutes gained. */
export interface GroupChanges {
  readonly alerts: readonly AlertGroup[];
  readonly anomalies: readonly AnomalyRow[];
  /** Those of `alerts` that are new: what is logged and notified. */
  readonly begun: readonly AlertGroup[];
}

export const stormRule = 'siem.alert-storm';

/** Groups that are open at once; those that nothing was added to for longest go first. */
export const mostGroups = 4_096;

export interface GroupingOptions {
  /** Different causes of one rule about one entity are groups of their own. */
  readonly causesApart?: boolean;
}

/**
 * Turns findings into what an analyst sees. Findings of one rule about one entity of one host are one group until
 * `quiet_minutes` of event time passed with nothing added. Entities beyond `fold_entities` within ten minutes share a
 * group of their rule; groups beyond `storm_groups` within an hour (in steps of ten minutes) share the host's storm.
 * Every finding is counted in exactly one group, so the groups' counts always add up to the findings'.
 */
export class AlertGrouping {
  readonly #settings: Settings['alerts'];
  readonly #clock: Clock;
  readonly #causesApart: boolean;
  readonly #index: GroupIndex;
  readonly #crowd: EntityCrowd;
  readonly #rate: BeginningRate;
  #begun = new Set<OpenGroup>();

  /** Limits that are infinite never fold. */
  constructor(settings: Settings['alerts'], clock: Clock = systemClock, {causesApart = false}: GroupingOptions = {}) {
    this.#settings = settings;
    this.#clock = clock;
    this.#causesApart = causesApart;
    this.#index = new GroupIndex(settings.quiet_minutes * minute);
    this.#crowd = new EntityCrowd(settings.fold_entities);
    this.#rate = new BeginningRate(settings.storm_groups);
  }

  add(alerts: readonly Alert[], agent: string): void {
    const now = this.#clock();
    for (const alert of alerts) {
      const finding = bounded(alert);
      this.#crowd.note(sightingOf(finding));
      const group = this.#groupFor(finding, agent);
      group.add(finding);
      this.#index.touch(group, now);
    }
  }

  takeChanges(): GroupChanges {
    const alerts: AlertGroup[] = [];
    const anomalies: AnomalyRow[] = [];
    const begun: AlertGroup[] = [];
    for (const group of this.#index.changed()) {
      const row = group.toGroup();
      alerts.push(row);
      if (this.#begun.has(group)) begun.push(row);
      anomalies.push(...group.takeAnomalies());
      group.changed = false;
    }
    this.#begun = new Set();
    const now = this.#clock();
    this.#index.forget(now - 2 * this.#settings.quiet_minutes * minute - hour, mostGroups, now);
    return {alerts, anomalies, begun};
  }

  /** Goes on with what was stored: the groups changed last, and the suppressions among their changes. */
  restore(groups: readonly AlertGroup[], changes: readonly AlertChange[] = []): void {
    for (const group of groups) this.#adopt(group);
    for (const change of changes) {
      const group = this.#index.get(change.alert);
      if (group) group.suppressedUntil = suppressedUntil(change) ?? group.suppressedUntil;
    }
  }

  /**
   * One step in an alert's life. `stored` is the alert as the store has it, for one that is no longer in memory.
   * Returns the alert as it then stands (`takeChanges` gives it too), or undefined if neither knows it.
   */
  apply(change: AlertChange, stored?: AlertGroup): AlertGroup | undefined {
    const group = this.#index.get(change.alert) ?? (stored && this.#adopt(stored));
    if (group === undefined) return undefined;
    group.status = statusAfter(group.status, change);
    group.suppressedUntil = suppressedUntil(change) ?? group.suppressedUntil;
    group.changed = true;
    this.#index.touch(group, this.#clock());
    return group.toGroup();
  }

  #groupFor(finding: Alert, agent: string): OpenGroup {
    const {rule, host, entity, time} = finding;
    const cause = this.#causesApart ? finding.cause : undefined;
    const own = this.#index.find(keyOf(rule.id, host, entity, cause), time);
    if (own) return own;
    const crowded = this.#crowd.isCrowded(sightingOf(finding));
    const folded = crowded ? this.#index.find(keyOf(rule.id, host, everyEntity), time) : undefined;
    if (folded) return folded;
    if (this.#rate.isFull(host, time)) return this.#stormFor(finding, agent);
    this.#rate.note(host, time);
    return crowded
      ? this.#begin(this.#identify(finding, agent, everyEntity), foldSummary(rule.id))
      : this.#begin(this.#identify(finding, agent, entity, cause), singleSummary(entity));
  }

  #stormFor(finding: Alert, agent: string): OpenGroup {
    const {host, time} = finding;
    const storm = this.#index.find(keyOf(stormRule, host, everyEntity), time);
    if (storm) return storm;
    const rule = {...finding.rule, id: stormRule, name: 'Alert storm', techniques: []};
    const identity = this.#identify({...finding, rule}, agent, everyEntity);
    return this.#begin(identity, stormSummary(host, this.#settings.storm_groups));
  }

  #begin(identity: GroupIdentity, summary: Summary): OpenGroup {
    const group = new OpenGroup(identity, summary);
    this.#index.insert(group);
    this.#begun.add(group);
    return group;
  }

  #identify({rule, host, time}: Alert, agent: string, entity: string, cause?: string): GroupIdentity {
    // A closed group may have begun at the very same time: the new one must not overwrite it.
    let first = time;
    while (this.#index.has(alertId(rule.id, host, entity, first, cause))) first++;
    return {
      id: alertId(rule.id, host, entity, first, cause),
      key: keyOf(rule.id, host, entity, cause),
      rule: rule.id,
      ruleName: rule.name,
      host,
      agent,
      category: rule.category,
      techniques: rule.techniques,
    };
  }

  #adopt(stored: AlertGroup): OpenGroup {
    const known = this.#index.get(stored.id);
    if (known) return known;
    const [entity, summary] = this.#summaryOf(stored);
    const group = OpenGroup.from(stored, keyOf(stored.rule, stored.host, entity), summary);
    this.#index.insert(group);
    this.#index.touch(group, this.#clock());
    if (entity !== everyEntity) this.#crowd.note({...stored, time: stored.last});
    if (stored.rule !== stormRule) this.#rate.note(stored.host, stored.first);
    return group;
  }

  #summaryOf(stored: AlertGroup): readonly [entity: string, summary: Summary] {
    if (stored.rule === stormRule) return [everyEntity, stormSummary(stored.host, this.#settings.storm_groups)];
    const folded = stored.event[foldedField];
    if (typeof folded === 'number') return [everyEntity, foldSummary(stored.rule, folded)];
    return [stored.entity, singleSummary(stored.entity)];
  }
}

// No detector names an entity so: NUL is made visible where data enters.
const everyEntity = '\0';
const longestEntity = 256;

function keyOf(rule: string, host: string, entity: string, cause = ''): string {
  return `${rule}\0${host}\0${entity}\0${cause}`;
}

function sightingOf({rule, host, entity, time, historical = false}: Alert): Sighting {
  return {rule: rule.id, host, entity, time, historical};
}

function bounded(alert: Alert): Alert {
  if (alert.entity.length <= longestEntity) return alert;
  return {...alert, entity: `${alert.entity.slice(0, longestEntity)}…`};
}
