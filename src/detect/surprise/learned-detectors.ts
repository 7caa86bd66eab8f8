import {z} from 'zod';
import type {Alert, Event, Micros} from '../../event/event.ts';
import type {Detector} from '../detector.ts';
import {AlertRate} from './alert-rate.ts';
import type {Baseline} from './baseline/baseline-file.ts';
import {FlowSurprise} from './flows/flow-surprise.ts';
import {Site} from './flows/site.ts';
import {MetricSurprise} from './metrics/metric-surprise.ts';
import {RecurrenceBar} from './recurrence-bar.ts';
import {SurpriseDetector} from './surprise-detector.ts';

/**
 * Parts of the wanted alerts a day. They add up to more than one: most days most detectors have nothing to tell, and
 * flows hardly ever. Of what is odd in logs most is ordinary life on most days, so that it gets less than the rest.
 */
const shares = {logs: 0.3, newThings: 0.2, metrics: 0.4, flows: 0.6} as const;

/** Everything that learns what is normal, for every kind of event, with one number of wanted alerts a day. */
export interface LearnedDetectors {
  readonly logs: SurpriseDetector;
  readonly all: readonly Detector[];
}

/**
 * Fresh detectors that together raise about so many alerts a day on a machine's ordinary life, beginning with what is
 * the same on every machine where there is a baseline. `site`: which addresses are inside.
 */
export function learnedDetectors(alertsPerDay: number, baseline?: Baseline, site = new Site()): LearnedDetectors {
  const logs = new SurpriseDetector({
    alertsPerDay: alertsPerDay * shares.logs,
    newThingsPerDay: alertsPerDay * shares.newThings,
  });
  const metricRate = new AlertRate(alertsPerDay * shares.metrics);
  const learnsMetrics = new MetricSurprise({risk: () => metricRate.risk});
  if (baseline) learnsMetrics.seed(baseline.metrics);
  const metrics = new Budgeted(learnsMetrics, 'metric', metricRate, alertsPerDay * shares.metrics);
  const flowRate = new AlertRate(alertsPerDay * shares.flows);
  const learnsFlows = new FlowSurprise({
    risk: () => flowRate.risk,
    site,
    ...(baseline ? {baseline: baseline.flows} : {}),
  });
  const flows = new Budgeted(learnsFlows, 'flow', flowRate, alertsPerDay * shares.flows);
  return {logs, all: [logs, metrics, flows]};
}

/**
 * Tells the rate of every event of the kind that the detector judges, and of its alerts lets through the most surprising
 * where there are more than are wanted.
 */
class Budgeted implements Detector {
  readonly id: string;
  private readonly bar: RecurrenceBar;
  private readonly detector: Detector;
  private readonly kind: Event['kind'];
  private readonly rate: AlertRate;

  constructor(detector: Detector, kind: Event['kind'], rate: AlertRate, alertsPerDay: number) {
    this.id = detector.id;
    this.detector = detector;
    this.kind = kind;
    this.rate = rate;
    this.bar = new RecurrenceBar(alertsPerDay, {quietTime: 0, leastScore: 0});
  }

  onEvents(batch: readonly Event[]): readonly Alert[] {
    for (const event of batch) if (event.kind === this.kind) this.rate.count(event.time);
    return this.detector.onEvents(batch).filter(alert => this.isWorthTelling(alert));
  }

  onTick(now: Micros): readonly Alert[] {
    return this.detector.onTick?.(now) ?? [];
  }

  save(): unknown {
    return {detector: this.detector.save?.(), bar: this.bar.snapshot(), rate: this.rate.snapshot()};
  }

  restore(saved: unknown): void {
    const state = budgetedState.safeParse(saved).data;
    if (!state) return;
    this.detector.restore?.(state.detector);
    this.bar.restore(state.bar);
    this.rate.restore(state.rate);
  }

  private isWorthTelling({time, fields}: Alert): boolean {
    const [nats, threshold] = [fields?.['surprise.nats'], fields?.['surprise.threshold']];
    if (typeof nats !== 'number' || typeof threshold !== 'number') return true;
    const bar = this.bar.at(time);
    this.bar.note(time, nats - threshold);
    return nats - threshold >= bar;
  }
}

const time = z.number();
const pairs = z.array(z.tuple([time, z.number()]));
const budgetedState = z.object({
  detector: z.unknown(),
  bar: z.tuple([time, pairs]),
  rate: z.object({first: time, last: time, days: pairs}),
});
