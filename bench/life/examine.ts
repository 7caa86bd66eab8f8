import {settingsSchema} from '../../src/config/settings.ts';
import {AlertGrouping} from '../../src/detect/alerts/grouping.ts';
import type {Detector} from '../../src/detect/detector.ts';
import {day, second} from '../../src/event/clock.ts';
import type {Alert, Event, Micros} from '../../src/event/event.ts';
import {DetectorBench} from '../../src/pipeline/detector-bench.ts';
import {EventMaker} from './events.ts';
import type {Phase} from './item.ts';
import {Judge} from './judge.ts';
import type {Week} from './week.ts';

const batchSize = 300;
/** The engine's is a second; detectors take a pause of half a minute for a sleep of the machine. */
const tickInterval = 10 * second;

/** A finding, and for each way of looking whether an analyst sees a new alert for it. */
export interface Seen {
  readonly alert: Alert;
  readonly isLearned: boolean;
  /** Begins an alert where only what is learned is shown; where rules are shown too. */
  readonly beginsLearned: boolean;
  readonly beginsAll: boolean;
  /** Index of the phase that made its event; undefined for a false alert. */
  readonly phase: number | undefined;
}

export interface Examination {
  readonly week: Week;
  readonly phases: readonly Phase[];
  readonly events: number;
  readonly days: number;
  readonly seconds: number;
  /** Exceptions that detectors threw. */
  readonly failures: number;
  readonly seen: readonly Seen[];
}

/**
 * Shows a week to the detectors in event time, as the engine does: batches in the order of arrival, a tick each ten seconds,
 * every finding grouped at once. Detectors know nothing of each other, so one run serves both ways of looking.
 */
export async function examine(
  week: Week,
  learned: readonly Detector[],
  rules: readonly Detector[],
  finish: () => readonly Alert[] = () => [],
): Promise<Examination> {
  const began = performance.now();
  const run = new Run(learned, rules);
  const maker = new EventMaker(week.host);
  const judge = new Judge(week.address);
  for await (const item of week.items) {
    run.pass(item.at);
    const event = maker.event(item);
    if (event === undefined) continue;
    judge.note(item, event);
    run.add(event);
  }
  run.end(finish);
  const seen = run.found.map(one => ({...one, phase: judge.phaseOf(one.alert, week.phases)}));
  return {
    week,
    phases: week.phases,
    events: run.events,
    days: Math.max(1, Math.round((week.to - week.from) / day)),
    seconds: (performance.now() - began) / 1000,
    failures: run.failures(),
    seen,
  };
}

class Run {
  readonly found: Omit<Seen, 'phase'>[] = [];
  events = 0;
  #now: Micros = 0;
  #batch: Event[] = [];
  readonly #learned: DetectorBench;
  readonly #rules: DetectorBench;
  readonly #onlyLearned: AlertGrouping;
  readonly #all: AlertGrouping;

  constructor(learned: readonly Detector[], rules: readonly Detector[]) {
    const say = (message: string) => void process.stderr.write(`${message}\n`);
    const log = {debug: say, info: say, warning: say, error: say};
    this.#learned = new DetectorBench(learned, log);
    this.#rules = new DetectorBench(rules, log);
    const {alerts} = settingsSchema.parse({});
    this.#onlyLearned = new AlertGrouping(alerts, () => this.#now);
    this.#all = new AlertGrouping(alerts, () => this.#now);
  }

  /** Time goes on: a tick for each ten seconds that begin. */
  pass(now: Micros): void {
    if (this.#now === 0) this.#now = now;
    const next = (Math.floor(this.#now / tickInterval) + 1) * tickInterval;
    if (now >= next) this.flush();
    for (let tick = next; tick <= now; tick += tickInterval) {
      this.#now = tick;
      this.#raise(this.#learned.onTick(tick), true);
      this.#raise(this.#rules.onTick(tick), false);
    }
    this.#now = Math.max(this.#now, now);
  }

  add(event: Event): void {
    this.events++;
    this.#batch.push(event);
    if (this.#batch.length >= batchSize) this.flush();
  }

  flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    this.#raise(this.#learned.onEvents(batch, false), true);
    this.#raise(this.#rules.onEvents(batch, false), false);
  }

  /** No event comes any more that would end a window of the rules. */
  end(finish: () => readonly Alert[]): void {
    this.flush();
    this.#raise(finish(), false);
  }

  failures(): number {
    const all = [...this.#learned.failures.values(), ...this.#rules.failures.values()];
    return all.reduce((sum, count) => sum + count, 0);
  }

  #raise(alerts: readonly Alert[], isLearned: boolean): void {
    for (const alert of alerts) {
      const beginsLearned = isLearned && begins(this.#onlyLearned, alert);
      this.found.push({alert, isLearned, beginsLearned, beginsAll: begins(this.#all, alert)});
    }
  }
}

function begins(grouping: AlertGrouping, alert: Alert): boolean {
  grouping.add([alert], alert.event?.origin.agent ?? '');
  return grouping.takeChanges().begun.length > 0;
}
