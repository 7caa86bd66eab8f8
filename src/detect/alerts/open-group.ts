import type {AlertGroup, AlertStatus, AnomalyRow} from '../../event/alert-group.ts';
import {minute} from '../../event/clock.ts';
import {alertFields, type EcsRecord} from '../../event/ecs.ts';
import type {Alert, Micros} from '../../event/event.ts';
import {type AlertLevel, alertLevels} from '../../event/level.ts';
import type {Summary} from './summary.ts';

/** What a group is from its first finding to its last. */
export interface GroupIdentity {
  readonly id: string;
  readonly key: string;
  readonly rule: string;
  readonly ruleName: string;
  readonly host: string;
  readonly agent: string;
  readonly category: string;
  readonly techniques: readonly string[];
}

/** Marks a folded group in its stored fields, so that a restart goes on folding into it. */
export const foldedField = 'siem.alert.folded';

/** A group that still gathers findings. */
export class OpenGroup {
  readonly identity: GroupIdentity;
  readonly summary: Summary;
  status: AlertStatus = 'open';
  first = 0;
  last = 0;
  count = 0;
  /** Findings before this time belong here, however long nothing came. */
  suppressedUntil = 0;
  /** Wall clock of the newest addition. */
  touched = 0;
  /** Differs from what `takeChanges` gave last. */
  changed = false;
  #level: AlertLevel = 'informational';
  #reason = '';
  #historical = true;
  #provider = '';
  #code = 0;
  #event: EcsRecord = {};
  #newest: Alert | undefined;
  readonly #minutes = new Map<Micros, OpenMinute>();

  constructor(identity: GroupIdentity, summary: Summary) {
    this.identity = identity;
    this.summary = summary;
  }

  /** A group as it was stored. */
  static from(group: AlertGroup, key: string, summary: Summary): OpenGroup {
    const {id, rule, ruleName, host, agent, category, techniques} = group;
    const open = new OpenGroup({id, key, rule, ruleName, host, agent, category, techniques}, summary);
    open.status = group.status;
    open.first = group.first;
    open.last = group.last;
    open.count = group.count;
    open.#level = group.level;
    open.#reason = group.reason;
    open.#historical = group.historical;
    open.#provider = group.provider;
    open.#code = group.code;
    open.#event = group.event;
    return open;
  }

  add(finding: Alert): void {
    const begins = this.count === 0;
    if (begins) [this.#provider, this.#code] = columnsOf(finding);
    this.first = begins ? finding.time : Math.min(this.first, finding.time);
    if (begins || finding.time >= this.last) {
      this.last = finding.time;
      this.#newest = finding;
    }
    this.count += finding.count;
    this.#level = higher(this.#level, finding.level ?? finding.rule.level);
    this.#historical &&= finding.historical === true;
    this.summary.note(finding);
    this.#addToMinute(finding);
    this.changed = true;
  }

  toGroup(): AlertGroup {
    this.#describeNewest();
    const {id, rule, ruleName, host, agent, category, techniques} = this.identity;
    const folded = this.summary.folded();
    return {
      id,
      host,
      agent,
      rule,
      ruleName,
      category,
      techniques,
      level: this.#level,
      entity: this.summary.entity(),
      reason: this.#reason,
      first: this.first,
      last: this.last,
      count: this.count,
      historical: this.#historical,
      status: this.status,
      provider: this.#provider,
      code: this.#code,
      event: folded === undefined ? this.#event : {...this.#event, [foldedField]: folded},
    };
  }

  /** What was added since the last call, by minute. */
  takeAnomalies(): readonly AnomalyRow[] {
    // The sentence is made when it is needed: most findings are counted only.
    const rows = [...this.#minutes.values()].map(({row, newest}) => ({...row, message: shortened(newest.reason)}));
    this.#minutes.clear();
    return rows;
  }

  // Put off until the group is written: flattening an event costs more than counting it.
  #describeNewest(): void {
    if (this.#newest === undefined) return;
    this.#reason = this.summary.reason(shortened(this.#newest.reason), this.count);
    this.#event = alertFields(this.#newest);
    // An event that brings this field itself must not pass for a folded group.
    if (foldedField in this.#event) delete this.#event[foldedField];
    this.#newest = undefined;
  }

  #addToMinute(finding: Alert): void {
    const start = Math.floor(finding.time / minute) * minute;
    const known = this.#minutes.get(start);
    const newest = known === undefined || finding.time >= known.newest.time ? finding : known.newest;
    const [provider, code] = columnsOf(finding);
    const row = {
      alert: this.identity.id,
      minute: start,
      time: newest.time,
      code: newest === finding ? code : (known?.row.code ?? code),
      category: this.identity.category,
      level: higher(known?.row.level ?? 'informational', finding.level ?? finding.rule.level),
      provider: newest === finding ? provider : (known?.row.provider ?? provider),
      count: (known?.row.count ?? 0) + finding.count,
    };
    this.#minutes.set(start, {row, newest});
  }
}

/** What a group gathered in a minute, but for the sentence that its newest finding tells. */
interface OpenMinute {
  readonly row: Omit<AnomalyRow, 'message'>;
  readonly newest: Alert;
}

export function higher(one: AlertLevel, other: AlertLevel): AlertLevel {
  return alertLevels.indexOf(one) >= alertLevels.indexOf(other) ? one : other;
}

/** The original program's columns of a finding: source and event id. */
function columnsOf(finding: Alert): readonly [provider: string, code: number] {
  const {event} = finding;
  if (event?.kind === 'log') return [event.provider, event.code];
  if (event) return [event.origin.source, 0];
  const named = finding.fields?.['event.provider'];
  const code = finding.fields?.['event.code'];
  const unnamed = finding.rule.category === 'Network Packet Anomaly' ? 'packets' : 'siem';
  return [typeof named === 'string' ? named : unnamed, typeof code === 'number' ? code : 0];
}

function shortened(reason: string): string {
  return reason.length <= longestReason ? reason : `${reason.slice(0, longestReason)}…`;
}

const longestReason = 1_000;
