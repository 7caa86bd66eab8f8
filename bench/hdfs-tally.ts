import {sessionRisk} from '../src/detect/surprise/session/session-watch.ts';
import type {Counted} from './sequence-encoding.ts';
import type {Detection} from './sequence-metrics.ts';
import type {Judge} from './session-judge.ts';

/** What the benchmark reports on: all evidence, parts of it, and the simplest rule. */
export const views = ['combined', 'ngram', 'lstm', 'corroborators', 'baseline'] as const;
export type View = (typeof views)[number];

/** The live detector's risk, then others for the ablation's `best`, which says what a part could do with a threshold chosen afterwards. */
const risks = [sessionRisk, 1 / 1_000, 1 / 500, 1 / 200, 1 / 100, 1 / 50];

/** What one judge reported, at each risk. */
export interface Tally {
  readonly mix: number;
  readonly byView: Readonly<Record<View, readonly Detection[]>>;
}

/** Judges all sessions by the thresholds that the judge's own held-out sessions give. */
export function tallyOf(judge: Judge, normal: readonly Counted[], abnormal: readonly Counted[]): Tally {
  const [quiet, loud] = [reportsOf(judge, normal), reportsOf(judge, abnormal)];
  const detections = (view: View): Detection[] =>
    risks.map((_, at) => ({
      falseAlarms: quiet.reported[view][at] ?? 0,
      normal: quiet.all,
      found: loud.reported[view][at] ?? 0,
      abnormal: loud.all,
    }));
  return {
    mix: judge.mix,
    byView: {
      combined: detections('combined'),
      ngram: detections('ngram'),
      lstm: detections('lstm'),
      corroborators: detections('corroborators'),
      baseline: detections('baseline'),
    },
  };
}

/** Over the folds and for each risk: false alarms add up, what was found of the abnormal sessions is the mean. */
export function meanDetections(tallies: readonly Tally[], view: View): Detection[] {
  return risks.map((_, at) => {
    const sum = (pick: (detection: Detection) => number) =>
      tallies.reduce((total, {byView}) => total + pick(byView[view][at] ?? none), 0);
    return {
      falseAlarms: sum(({falseAlarms}) => falseAlarms),
      normal: sum(({normal}) => normal),
      found: sum(({found}) => found) / tallies.length,
      abnormal: sum(({abnormal}) => abnormal) / tallies.length,
    };
  });
}

const none: Detection = {falseAlarms: 0, normal: 0, found: 0, abnormal: 0};

function reportsOf(judge: Judge, sessions: readonly Counted[]) {
  const blank = () => risks.map(() => 0);
  const reported = {combined: blank(), ngram: blank(), lstm: blank(), corroborators: blank(), baseline: blank()};
  let all = 0;
  for (const {symbols, times} of sessions) {
    all += times;
    const nats = natsOf(judge, symbols);
    for (const view of views) {
      risks.forEach((accepted, at) => {
        if (nats[view] > -Math.log(accepted)) reported[view][at] = (reported[view][at] ?? 0) + times;
      });
    }
  }
  return {reported, all};
}

function natsOf(judge: Judge, symbols: Int32Array): Record<View, number> {
  const evidence = judge.evidence(symbols);
  const {combined, ngram, network, composition} = judge.views;
  return {
    combined: combined.judge(evidence).nats,
    ngram: ngram.judge(evidence).nats,
    lstm: network.judge(evidence).nats,
    corroborators: composition.judge(evidence).nats,
    baseline: evidence.unknownVector > 0 ? Number.POSITIVE_INFINITY : 0,
  };
}
