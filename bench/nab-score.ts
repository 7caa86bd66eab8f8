// The score of the Numenta Anomaly Benchmark (Lavin & Ahmad, ICMLA'15): the first detection in a labelled window counts
// by how early it is, a false one by how far behind the newest window it lies, and one threshold serves all series.

/** A series with its labels; a window's first and last row both belong to it. */
export interface LabelledSeries {
  readonly name: string;
  readonly values: Float64Array;
  /** Microseconds, one a row. */
  readonly times: Float64Array;
  readonly windows: readonly (readonly [first: number, last: number])[];
}

/** What a detection and its lack weigh. A hit in time weighs 1. */
export interface Profile {
  readonly falsePositive: number;
  readonly falseNegative: number;
}

export interface ProfileScore {
  /** 0: no detector at all. 100: all windows hit at their first row, and nothing else. */
  readonly score: number;
  readonly threshold: number;
}

export const profiles = {
  standard: {falsePositive: 0.11, falseNegative: 1},
  lowFP: {falsePositive: 0.22, falseNegative: 1},
  lowFN: {falsePositive: 0.11, falseNegative: 2},
} as const satisfies Record<string, Profile>;

const probationPart = 0.15;
const probationMost = 750;
const farBehind = 3;

/** Rows at a series' begin on which nothing is scored. */
export function probationRows(rows: number): number {
  return Math.min(Math.floor(probationPart * rows), probationMost);
}

/** The best score that one threshold gives over all series, with that threshold; a point is told of at or above it. */
export function nabScore(
  series: readonly LabelledSeries[],
  scores: readonly Float64Array[],
  profile: Profile,
): ProfileScore {
  const points = series.flatMap((one, number) => [...scoredPoints(one, scores[number] ?? new Float64Array(), number)]);
  points.sort((a, b) => b.score - a.score);
  const reachable = new Set(points.flatMap(({window}) => (window === undefined ? [] : [window])));
  const windows = series.reduce((sum, one) => sum + one.windows.length, 0);
  const nothing = -profile.falseNegative * reachable.size;
  const best = sweep(points, profile, nothing);
  return {score: (100 * (best.total - nothing)) / (windows - nothing), threshold: best.threshold};
}

interface Point {
  readonly score: number;
  /** Gain of a detection here: 0–1 within a window, −1–0 outside. */
  readonly worth: number;
  readonly window: string | undefined;
}

function* scoredPoints({values, windows}: LabelledSeries, scores: Float64Array, number: number): Generator<Point> {
  let at = 0;
  for (let row = 0; row < values.length; row++) {
    while (at < windows.length && (windows[at]?.[1] ?? 0) < row) at += 1;
    if (row < probationRows(values.length)) continue;
    const score = scores[row] ?? 0;
    const [first = 0, last = 0] = windows[at] ?? [Number.POSITIVE_INFINITY];
    if (row >= first) {
      const worth = sigmoid(-(last - row + 1) / (last - first + 1)) / sigmoid(-1);
      yield {score, worth, window: `${number} ${at}`};
    } else yield {score, worth: worthBehind(windows[at - 1], row), window: undefined};
  }
}

function worthBehind(before: readonly [number, number] | undefined, row: number): number {
  if (!before) return -1;
  return sigmoid((row - before[1]) / (before[1] - before[0]));
}

function sigmoid(place: number): number {
  return place > farBehind ? -1 : 2 / (1 + Math.exp(5 * place)) - 1;
}

/** Lowers the threshold point by point and keeps where the total was highest. */
function sweep(points: readonly Point[], {falsePositive, falseNegative}: Profile, nothing: number) {
  const hits = new Map<string, number>();
  let total = nothing;
  let best = {total: nothing, threshold: Number.POSITIVE_INFINITY};
  points.forEach(({score, worth, window}, at) => {
    if (window === undefined) total += worth * falsePositive;
    else {
      const before = hits.get(window) ?? -falseNegative;
      total += Math.max(0, worth - before);
      hits.set(window, Math.max(before, worth));
    }
    if (points[at + 1]?.score !== score && total > best.total) best = {total, threshold: score};
  });
  return best;
}
