import type {Alert, Event} from '../../event/event.ts';
import type {Detector} from '../detector.ts';
import {AlertRate} from './alert-rate.ts';
import type {Baseline} from './baseline/baseline-file.ts';
import {FlowSurprise} from './flows/flow-surprise.ts';
import {MetricSurprise} from './metrics/metric-surprise.ts';
import {SurpriseDetector} from './surprise-detector.ts';

/** Parts of the wanted alerts a day: log entries say most about what people and programs do. */
const shares = {logs: 0.4, metrics: 0.08, flows: 0.1} as const;

/** Everything that learns what is normal, for every kind of event, with one number of wanted alerts a day. */
export interface LearnedDetectors {
  readonly logs: SurpriseDetector;
  readonly all: readonly Detector[];
}

/**
 * Fresh detectors that together raise about so many alerts a day on a machine's ordinary life, beginning with what is
 * the same on every machine where there is a baseline.
 */
export function learnedDetectors(alertsPerDay: number, baseline?: Baseline): LearnedDetectors {
  const logs = new SurpriseDetector({alertsPerDay: alertsPerDay * shares.logs});
  const metricRate = new AlertRate(alertsPerDay * shares.metrics);
  const learnsMetrics = new MetricSurprise({risk: () => metricRate.risk});
  if (baseline) learnsMetrics.seed(baseline.metrics);
  const metrics = counted(learnsMetrics, 'metric', metricRate);
  const flowRate = new AlertRate(alertsPerDay * shares.flows);
  const start = baseline ? {baseline: baseline.flows} : {};
  const flows = counted(new FlowSurprise({risk: () => flowRate.risk, ...start}), 'flow', flowRate);
  return {logs, all: [logs, metrics, flows]};
}

/** Tells the rate of every event of the kind that the detector judges. */
function counted(detector: Detector, kind: Event['kind'], rate: AlertRate): Detector {
  return {
    id: detector.id,
    onEvents: (batch: readonly Event[]): readonly Alert[] => {
      for (const event of batch) if (event.kind === kind) rate.count(event.time);
      return detector.onEvents(batch);
    },
    onTick: now => detector.onTick?.(now) ?? [],
    save: () => detector.save?.(),
    restore: state => detector.restore?.(state),
  };
}
