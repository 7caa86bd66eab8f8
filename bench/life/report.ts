import {day} from '../../src/event/clock.ts';
import type {Examination, Seen} from './examine.ts';

/** What an analyst has of one way of looking, over all weeks examined. */
export interface Load {
  readonly falseAlertsPerDay: number;
  /** Of the worst week. */
  readonly falseAlertsPerDayMax: number;
  /** Without the first day, on which everything is new. */
  readonly falseAlertsPerDayFromDay2: number;
  readonly falseAlertsPerDayFromDay2Max: number;
  /** By week, then by day. */
  readonly falseByDay: readonly (readonly number[])[];
  /** Findings, before they are grouped to alerts. */
  readonly findings: number;
  readonly trueAlerts: number;
  readonly phases: number;
  /** An event of the phase raised a finding. */
  readonly phasesSeen: number;
  /** … and began an alert of its own. */
  readonly phasesBegun: number;
  readonly phasesMissed: readonly string[];
  /** By attack: how many phases there were, and how many were seen. */
  readonly byAttack: Readonly<Record<string, {phases: number; seen: number}>>;
  /** Alerts begun, by rule: all, and those that are false. */
  readonly alertsByRule: Readonly<Record<string, {alerts: number; false: number}>>;
}

export function loadOf(weeks: readonly Examination[], withRules: boolean): Load {
  const shown = weeks.map(week => ({...week, seen: week.seen.filter(one => withRules || one.isLearned)}));
  const begun = (one: Seen) => (withRules ? one.beginsAll : one.beginsLearned);
  const falseByDay = shown.map(week => countByDay(week, one => begun(one) && one.phase === undefined));
  const found = shown.map(week => phaseNames(week, () => true));
  const own = shown.map(week => phaseNames(week, begun));
  const perDay = falseByDay.map(days => mean(days));
  const fromDay2 = falseByDay.map(days => mean(days.slice(1)));
  const all = shown.flatMap(week => week.seen);
  return {
    falseAlertsPerDay: rounded(mean(perDay)),
    falseAlertsPerDayMax: rounded(Math.max(...perDay)),
    falseAlertsPerDayFromDay2: rounded(mean(fromDay2)),
    falseAlertsPerDayFromDay2Max: rounded(Math.max(...fromDay2)),
    falseByDay,
    findings: all.length,
    trueAlerts: all.filter(one => begun(one) && one.phase !== undefined).length,
    phases: sum(shown.map(week => week.phases.length)),
    phasesSeen: sum(found.map(names => names.seen)),
    phasesBegun: sum(own.map(names => names.seen)),
    phasesMissed: found.flatMap(names => names.missed),
    byAttack: byAttack(shown),
    alertsByRule: byRule(all.filter(begun)),
  };
}

function countByDay({week, days, seen}: Examination, holds: (one: Seen) => boolean): number[] {
  const counts = new Array<number>(days).fill(0);
  for (const one of seen.filter(holds)) {
    const number = Math.min(days - 1, Math.max(0, Math.floor((one.alert.time - week.from) / day)));
    counts[number] = (counts[number] ?? 0) + 1;
  }
  return counts;
}

function phaseNames({week, phases, seen}: Examination, holds: (one: Seen) => boolean) {
  const found = new Set(seen.filter(holds).flatMap(({phase}) => (phase === undefined ? [] : [phase])));
  const missed = phases.flatMap(({name}, index) => (found.has(index) ? [] : [`${week.name}:${name}`]));
  return {seen: found.size, missed};
}

function byAttack(weeks: readonly Examination[]): Record<string, {phases: number; seen: number}> {
  const counts: Record<string, {phases: number; seen: number}> = {};
  for (const {phases, seen} of weeks) {
    const found = new Set(seen.map(one => one.phase));
    phases.forEach(({name}, index) => {
      const known = counts[name] ?? {phases: 0, seen: 0};
      counts[name] = {phases: known.phases + 1, seen: known.seen + (found.has(index) ? 1 : 0)};
    });
  }
  return counts;
}

function byRule(begun: readonly Seen[]): Record<string, {alerts: number; false: number}> {
  const counts: Record<string, {alerts: number; false: number}> = {};
  for (const {alert, phase} of begun) {
    const known = counts[alert.rule.id] ?? {alerts: 0, false: 0};
    counts[alert.rule.id] = {alerts: known.alerts + 1, false: known.false + (phase === undefined ? 1 : 0)};
  }
  return counts;
}

/** One line an alert for people: when, true or false, of which phase, and what it said. */
export function explain({week, phases, seen}: Examination): string {
  const shown = seen.filter(one => one.beginsAll || one.beginsLearned);
  const lines = shown.map(({alert, isLearned, phase}) => {
    const truth = phase === undefined ? 'FALSE' : `true ${phases[phase]?.name}`;
    const time = new Date(alert.time / 1000).toISOString().slice(0, 19);
    const event = alert.event?.kind === 'log' ? ` | ${alert.event.provider}: ${alert.event.message}` : '';
    const text = `${alert.rule.id} ${alert.entity}: ${alert.reason}${event}`;
    return `${week.name} ${time} ${isLearned ? 'learned' : 'rule'} ${truth} ${text}`.replace(/\s+/g, ' ').slice(0, 600);
  });
  const names = phases.map(({name, from, to}, index) => {
    const findings = seen.filter(one => one.phase === index).length;
    return `${week.name} phase ${name} ${new Date(from / 1000).toISOString()} to ${new Date(to / 1000).toISOString()}: ${findings} findings`;
  });
  return `${[...lines, ...names].join('\n')}\n`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
