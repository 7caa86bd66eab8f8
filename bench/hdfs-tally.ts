import type {SessionScore} from '../src/detect/surprise/session/session-score.ts';
import type {Counted} from './sequence-encoding.ts';
import type {Detection} from './sequence-metrics.ts';
import type {Judge} from './session-judge.ts';

/** What the benchmark reports on: all evidence, parts of it, and the simplest rule. */
export const views = ['combined', 'ngram', 'lstm', 'corroborators', 'baseline'] as const;
export type View = (typeof views)[number];

/** What one judge reported. */
export interface Tally {
  readonly mix: number;
  readonly byView: Readonly<Record<View, Detection>>;
}

/** Judges all sessions by the threshold that the judge's own held-out sessions give. */
export function tallyOf(judge: Judge, normal: readonly Counted[], abnormal: readonly Counted[]): Tally {
  const [quiet, loud] = [normal, abnormal].map(sessions => {
    const reported = {combined: 0, ngram: 0, lstm: 0, corroborators: 0, baseline: 0};
    let all = 0;
    for (const {symbols, times} of sessions) {
      all += times;
      const found = reports(judge, symbols);
      for (const view of views) if (found[view]) reported[view] += times;
    }
    return {reported, all};
  });
  const detection = (view: View): Detection => ({
    falseAlarms: quiet?.reported[view] ?? 0,
    normal: quiet?.all ?? 0,
    found: loud?.reported[view] ?? 0,
    abnormal: loud?.all ?? 0,
  });
  return {
    mix: judge.mix,
    byView: {
      combined: detection('combined'),
      ngram: detection('ngram'),
      lstm: detection('lstm'),
      corroborators: detection('corroborators'),
      baseline: detection('baseline'),
    },
  };
}

/** Over the folds: false alarms add up, what was found of the abnormal sessions is the mean. */
export function meanDetection(tallies: readonly Tally[], view: View): Detection {
  const sum = (pick: (detection: Detection) => number) =>
    tallies.reduce((total, {byView}) => total + pick(byView[view]), 0);
  return {
    falseAlarms: sum(({falseAlarms}) => falseAlarms),
    normal: sum(({normal}) => normal),
    found: sum(({found}) => found) / tallies.length,
    abnormal: sum(({abnormal}) => abnormal) / tallies.length,
  };
}

function reports(judge: Judge, symbols: Int32Array): Record<View, boolean> {
  const evidence = judge.evidence(symbols);
  const limit = Math.log(judge.held);
  const over = (score: SessionScore) => score.judge(evidence).nats > limit;
  return {
    combined: over(judge.views.combined),
    ngram: over(judge.views.ngram),
    lstm: over(judge.views.network),
    corroborators: over(judge.views.composition),
    baseline: evidence.unknownVector > 0,
  };
}
