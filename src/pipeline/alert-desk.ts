import type {AppLog} from '../config/app-log.ts';
import type {Settings} from '../config/settings.ts';
import {AlertGrouping} from '../detect/alerts/grouping.ts';
import {logLine} from '../detect/alerts/log-line.ts';
import type {AlertChange, AlertGroup, AnomalyRow} from '../event/alert-group.ts';
import type {Clock} from '../event/clock.ts';
import type {Alert, Micros} from '../event/event.ts';
import type {Command} from './snapshot.ts';

export interface DeskParts {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: AppLog;
  /** The alert as the store has it, for one that is no longer in memory. */
  readonly stored: (id: string) => AlertGroup | undefined;
  /** Told of each alert that has begun, once. */
  readonly onBegun?: (groups: readonly AlertGroup[]) => void;
}

export interface DeskChanges {
  readonly alerts: readonly AlertGroup[];
  readonly anomalies: readonly AnomalyRow[];
  readonly changes: readonly AlertChange[];
}

/** Where findings become alerts and analysts' decisions are taken: what is changed waits here for the next transaction. */
export class AlertDesk {
  private readonly grouping: AlertGrouping;
  private readonly parts: DeskParts;
  private changes: AlertChange[] = [];
  private pending = false;

  constructor(parts: DeskParts) {
    this.parts = parts;
    this.grouping = new AlertGrouping(parts.settings.alerts, parts.clock);
  }

  get hasChanges(): boolean {
    return this.pending;
  }

  restore(groups: readonly AlertGroup[]): void {
    this.grouping.restore(groups);
  }

  add(alerts: readonly Alert[], agent: string): void {
    if (alerts.length === 0) return;
    this.grouping.add(alerts, agent);
    this.pending = true;
  }

  /** Carries out what a person decided; false where there is no such alert. */
  apply(command: Exclude<Command, {type: 'stop'}>, time: Micros): boolean {
    const change = changeOf(command, time);
    const group = this.grouping.apply(change, this.parts.stored(command.alert));
    if (!group) return false;
    this.changes.push(change);
    this.pending = true;
    return true;
  }

  takeChanges(): DeskChanges {
    if (!this.pending) return nothing;
    this.pending = false;
    const {alerts, anomalies, begun} = this.grouping.takeChanges();
    for (const group of begun) this.parts.log.warning(logLine(group, this.parts.settings.screen.time));
    if (begun.length > 0) this.parts.onBegun?.(begun);
    const changes = this.changes;
    this.changes = [];
    return {alerts, anomalies, changes};
  }
}

const nothing: DeskChanges = {alerts: [], anomalies: [], changes: []};

function changeOf(command: Exclude<Command, {type: 'stop'}>, time: Micros): AlertChange {
  const {alert, actor} = command;
  if (command.type === 'close') return {alert, actor, time, action: 'close', verdict: command.verdict};
  return {alert, actor, time, action: command.type};
}
