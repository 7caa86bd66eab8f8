/** A score and how many sessions had it; more is odder. */
export interface Scored {
  readonly score: number;
  readonly times: number;
}

export type Interval = readonly [low: number, high: number];

export interface Separation {
  readonly auc: number;
  /** Best over all thresholds, with the precision and recall it has there. */
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  /** Of the AUC, 95 %. */
  readonly interval: Interval;
  /** Share of normal sessions that are reported when nine of ten abnormal ones are. */
  readonly fprAt90: number;
}

/** How well a score tells abnormal sessions from normal ones, over all thresholds. */
export function separation(normal: readonly Scored[], abnormal: readonly Scored[]): Separation {
  const steps = thresholds(normal, abnormal);
  const best = bestF1(steps);
  const auc = areaUnder(steps);
  return {auc, ...best, interval: aucInterval(auc, total(normal), total(abnormal)), fprAt90: fprAt(steps, 0.9)};
}

/** The mean of each figure over several data sets. */
export function meanSeparation(all: readonly Separation[]): Separation {
  const mean = (pick: (one: Separation) => number) => all.reduce((sum, one) => sum + pick(one), 0) / all.length;
  return {
    auc: mean(({auc}) => auc),
    f1: mean(({f1}) => f1),
    precision: mean(({precision}) => precision),
    recall: mean(({recall}) => recall),
    interval: [mean(({interval}) => interval[0]), mean(({interval}) => interval[1])],
    fprAt90: mean(({fprAt90}) => fprAt90),
  };
}

/** Sessions reported when the threshold stands at one score: counts of each kind, and of all. */
interface Step {
  readonly falsePositives: number;
  readonly truePositives: number;
  readonly normal: number;
  readonly abnormal: number;
}

/** From the highest score to the lowest; equal scores are reported together. */
function thresholds(normal: readonly Scored[], abnormal: readonly Scored[]): Step[] {
  const all = [
    ...normal.map(({score, times}) => ({score, normal: times, abnormal: 0})),
    ...abnormal.map(({score, times}) => ({score, normal: 0, abnormal: times})),
  ].sort((a, b) => b.score - a.score);
  const [normals, abnormals] = [total(normal), total(abnormal)];
  const steps: Step[] = [];
  let [falsePositives, truePositives] = [0, 0];
  all.forEach((one, at) => {
    falsePositives += one.normal;
    truePositives += one.abnormal;
    if (all[at + 1]?.score === one.score) return;
    steps.push({falsePositives, truePositives, normal: normals, abnormal: abnormals});
  });
  return steps;
}

/** The trapezoid rule, in which a normal and an abnormal session of equal score count half. */
function areaUnder(steps: readonly Step[]): number {
  let area = 0;
  let before = {falsePositives: 0, truePositives: 0};
  for (const step of steps) {
    area += ((step.falsePositives - before.falsePositives) * (step.truePositives + before.truePositives)) / 2;
    before = step;
  }
  const last = steps.at(-1);
  return last ? area / (last.normal * last.abnormal) : Number.NaN;
}

function bestF1(steps: readonly Step[]): Pick<Separation, 'f1' | 'precision' | 'recall'> {
  let best = {f1: 0, precision: 0, recall: 0};
  for (const {truePositives, falsePositives, abnormal} of steps) {
    const found = harmonic(truePositives / (truePositives + falsePositives), truePositives / abnormal);
    if (found.f1 > best.f1) best = found;
  }
  return best;
}

function fprAt(steps: readonly Step[], detection: number): number {
  const step = steps.find(({truePositives, abnormal}) => truePositives >= abnormal * detection);
  return step ? step.falsePositives / step.normal : 1;
}

/** F1 with what it is made of. */
export function harmonic(precision: number, recall: number): {f1: number; precision: number; recall: number} {
  const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  return {f1, precision, recall};
}

/** 95 % interval of an AUC: Hanley & McNeil (1982); of a perfect one, which has no variance, as of a share of so many. */
export function aucInterval(auc: number, normal: number, abnormal: number): Interval {
  const both = auc / (2 - auc) - auc ** 2;
  const other = (2 * auc ** 2) / (1 + auc) - auc ** 2;
  const variance = (auc * (1 - auc) + (abnormal - 1) * both + (normal - 1) * other) / (normal * abnormal);
  if (variance <= 0) return wilson(auc * Math.min(normal, abnormal), Math.min(normal, abnormal));
  const reach = z * Math.sqrt(variance);
  return [Math.max(0, auc - reach), Math.min(1, auc + reach)];
}

/** 95 % interval of a share: Wilson (1927), which holds for few and for none. */
export function wilson(found: number, of: number): Interval {
  if (of === 0) return [0, 1];
  const share = found / of;
  const middle = share + z ** 2 / (2 * of);
  const reach = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  const scale = 1 + z ** 2 / of;
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)];
}

const z = 1.959964;

/** Counts from which an F1 is made. */
export interface Detection {
  readonly falseAlarms: number;
  readonly normal: number;
  readonly found: number;
  readonly abnormal: number;
}

export interface Corrected {
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  readonly interval: Interval;
}

/**
 * F1 as it would be with `normalSessions` normal sessions for the abnormal ones counted, where the false-alarm rate was
 * measured on fewer. The interval takes both shares' Wilson limits at once, so it is wide rather than narrow.
 */
export function prevalenceCorrected(detection: Detection, normalSessions: number): Corrected {
  const {falseAlarms, normal, found, abnormal} = detection;
  const f1 = (rate: number, recall: number) => {
    const positives = recall * abnormal;
    return harmonic(positives === 0 ? 0 : positives / (positives + rate * normalSessions), recall);
  };
  const [lowRate, highRate] = wilson(falseAlarms, normal);
  const [lowRecall, highRecall] = wilson(found, abnormal);
  return {
    ...f1(falseAlarms / normal, found / abnormal),
    interval: [f1(highRate, lowRecall).f1, f1(lowRate, highRecall).f1],
  };
}

function total(scored: readonly Scored[]): number {
  return scored.reduce((sum, {times}) => sum + times, 0);
}
