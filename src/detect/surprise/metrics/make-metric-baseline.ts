import {day} from '../../../event/clock.ts';
import type {MetricBaseline} from './baseline.ts';
import {ordinaryMetrics} from './generated-metrics.ts';
import {MetricSurprise} from './metric-surprise.ts';

/** Midnight of some day. */
const start = 1_700_006_400_000_000;
const seed = 8_001;

/** What the metrics of a fresh machine begin with, from a generated day or more: always the same. */
export function makeMetricBaseline(days = 1): MetricBaseline {
  const detector = new MetricSurprise({risk: () => 1e-7});
  for (const event of ordinaryMetrics(seed, start, days * day)) detector.onEvents([event]);
  return detector.baselineOf();
}
