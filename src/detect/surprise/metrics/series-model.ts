import {day} from '../../../event/clock.ts';
import type {Micros} from '../../../event/event.ts';
import {AdaptiveLevels, type AdaptiveLevelsSnapshot, type ExpectedSpan} from './adaptive-levels.ts';
import type {LevelGrid} from './level-grid.ts';
import {dayParts} from './level-model.ts';
import {MovingMean} from './moving-mean.ts';
import {ScoreRank} from './score-rank.ts';

export interface SeriesModelSnapshot {
  readonly last: number | null;
  readonly means: readonly ReturnType<MovingMean['snapshot']>[];
  readonly scales: readonly AdaptiveLevelsSnapshot[];
  readonly changes: ReturnType<MovingMean['snapshot']>;
  readonly unrest: AdaptiveLevelsSnapshot;
  readonly fixed: readonly AdaptiveLevelsSnapshot[];
  readonly rank: string;
  /** Absent from what was saved before there was a course. */
  readonly course?: ReturnType<MovingMean['snapshot']>;
  readonly courseRank?: string;
}

export interface SeriesOptions {
  /** The natural range, where it is known: its levels are one more opinion. */
  readonly range?: LevelGrid | undefined;
  /** What varies by less than this is steady. */
  readonly leastWidth?: number;
  /** Points of each moving mean that is looked at, shortest first. */
  readonly scales: readonly number[];
  /** Points before anything is surprising. */
  readonly begin: number;
  /** How much of the unrest's surprise is added to that of the levels. */
  readonly unrestPart: number;
}

export interface Judgement {
  /** Mean surprise over the scales, with a part of that of the unrest. */
  readonly nats: number;
  /** How unusual for the time of the day the newest points were on the whole. */
  readonly courseNats: number;
  /** Of the point or of the course, whichever says more: half the surprise, half its rarity. Comparable between series. */
  readonly score: number;
  readonly voice: 'point' | 'course';
  /** How rare what that voice says is in this series: −ln of the part of the points before it. */
  readonly rarity: number;
  /** The mean whose surprise is the greatest, and what it is. */
  readonly scale: number;
  readonly value: number;
  readonly scaleNats: readonly number[];
  readonly unrestNats: number;
}

export const seriesDefaults: SeriesOptions = {scales: [4, 8, 16, 32], begin: 50, unrestPart: 1 / 3};
const unrestPoints = 12;
/** What levels of the natural range say beside those of the learned one. */
const fixedPart = 1 / 4;
/** The course is looked at over so many points: what is odd for hours without a step is odd only as a whole. */
export const coursePoints = 64;
/** A mean over many points swings less than a point's surprise; so it weighs as much. */
const courseWeight = 2;
/** Of the natural range: what varies by less is steady. */
const leastWidthPart = 1 / 20;
/** Of the range: changes below this are stillness. */
const leastChange = 1e-3;
/** Beyond this a double has no fraction left, and sums of squares would overflow. */
export const largest = 1e15;

/**
 * Learns one series of numbers and says of each how unexpected it is: the means over several spans of time as levels,
 * each foretold from the spans before it and from the time of the day, and the unrest (the logarithm of the mean
 * change) in the same way. Beside the points, it judges the course: how unlikely the levels of the newest points were
 * for their part of the day, on average. A rise that fails to come is seen only there. Called in order: `judge`, then `learn` for the same point.
 * Some µs a point, some tens of kB.
 */
export class SeriesModel {
  private readonly options: SeriesOptions;
  private readonly means: readonly MovingMean[];
  private readonly scales: readonly AdaptiveLevels[];
  private readonly fixed: readonly AdaptiveLevels[];
  private readonly changes = new MovingMean(unrestPoints);
  private readonly unrest: AdaptiveLevels;
  private readonly rank = new ScoreRank();
  private readonly course = new MovingMean(coursePoints);
  private readonly courseRank = new ScoreRank();
  private last: number | undefined;
  private pending: {readonly signals: readonly number[]; readonly unrest: number; readonly hour: number} | undefined;
  private nats = 0;
  private courseNats = 0;

  constructor(options: Partial<SeriesOptions> = {}) {
    this.options = {...seriesDefaults, ...options};
    const {scales, begin, range, leastWidth = widthOf(range) * leastWidthPart} = this.options;
    this.means = scales.map(length => new MovingMean(length));
    this.scales = scales.map(step => new AdaptiveLevels({step, begin, leastWidth}));
    this.fixed = range ? scales.map(step => new AdaptiveLevels({step, begin, grid: range})) : [];
    this.unrest = new AdaptiveLevels({step: unrestPoints, begin});
  }

  /** How unexpected the next point is; undefined for what is not a number. */
  judge(time: Micros, value: number): Judgement | undefined {
    if (!Number.isFinite(value)) return undefined;
    const bounded = Math.max(-largest, Math.min(largest, value));
    const hour = dayPart(time);
    const signals = this.means.map(mean => mean.push(bounded));
    const unrest = this.unrestOf(bounded);
    this.pending = {signals, unrest, hour};
    const scaleNats = this.scales.map((levels, at) => levels.surprise(signals[at] ?? 0, hour));
    const unrestNats = this.unrest.surprise(unrest, hour);
    this.nats = this.withFixed(average(scaleNats), signals, hour) + this.options.unrestPart * unrestNats;
    this.courseNats = courseWeight * this.course.push(this.scales[0]?.surpriseByDay(signals[0] ?? 0, hour) ?? 0);
    const scale = scaleNats.indexOf(Math.max(...scaleNats));
    const rarity = this.rank.rarity(this.nats);
    const courseRarity = this.courseRank.rarity(this.courseNats);
    const [point, course] = [(this.nats + rarity) / 2, (this.courseNats + courseRarity) / 2];
    const isCourse = course > point;
    return {
      nats: this.nats,
      courseNats: this.courseNats,
      score: isCourse ? course : point,
      voice: isCourse ? 'course' : 'point',
      rarity: isCourse ? courseRarity : rarity,
      scale,
      value: signals[scale] ?? 0,
      scaleNats,
      unrestNats,
    };
  }

  /** What the given scale's mean was expected to be, at the point that was judged last and is not learned yet. */
  expected(scale: number, top: number): ExpectedSpan[] {
    return this.scales[scale]?.expected(this.pending?.hour ?? 0, top) ?? [];
  }

  /** What the newest points were expected to be by the time of the day alone: the span of the shortest mean. */
  expectedByDay(top: number): ExpectedSpan[] {
    return this.scales[0]?.expectedByDay(this.pending?.hour ?? 0, top) ?? [];
  }

  /**
   * Learns the point that was judged last. How surprising it was is not learned where it was no ordinary one: what was
   * alerted on is as rare when it comes again.
   */
  learn(ordinary = true): void {
    if (!this.pending) return;
    const {signals, unrest, hour} = this.pending;
    this.pending = undefined;
    this.scales.forEach((levels, at) => {
      levels.learn(signals[at] ?? 0, hour);
    });
    this.fixed.forEach((levels, at) => {
      levels.learn(signals[at] ?? 0, hour);
    });
    // Before there is a range, it cannot be said what is still.
    if ((this.scales[0]?.width ?? 0) > 0) this.unrest.learn(unrest, hour);
    if (!ordinary) return;
    this.rank.learn(this.nats);
    this.courseRank.learn(this.courseNats);
  }

  snapshot(): SeriesModelSnapshot {
    return {
      last: this.last ?? null,
      means: this.means.map(mean => mean.snapshot()),
      scales: this.scales.map(scale => scale.snapshot()),
      changes: this.changes.snapshot(),
      unrest: this.unrest.snapshot(),
      fixed: this.fixed.map(scale => scale.snapshot()),
      rank: this.rank.snapshot(),
      course: this.course.snapshot(),
      courseRank: this.courseRank.snapshot(),
    };
  }

  restore({last, means, scales, changes, unrest, fixed, rank, course, courseRank}: SeriesModelSnapshot): void {
    this.last = last ?? undefined;
    this.means.forEach((mean, at) => {
      const saved = means[at];
      if (saved) mean.restore(saved);
    });
    restoreEach(this.scales, scales);
    restoreEach(this.fixed, fixed);
    this.changes.restore(changes);
    this.unrest.restore(unrest);
    this.rank.restore(rank);
    if (course) this.course.restore(course);
    if (courseRank !== undefined) this.courseRank.restore(courseRank);
  }

  /** Of all that was learned only so much is left: what came from elsewhere must yield to what is seen here. */
  fade(part: number): void {
    for (const levels of [...this.scales, ...this.fixed, this.unrest]) levels.fade(part);
    this.rank.forget();
    this.courseRank.forget();
    for (const mean of [...this.means, this.changes, this.course]) mean.restore([0, 0, []]);
    this.last = undefined;
  }

  private withFixed(learned: number, signals: readonly number[], hour: number): number {
    if (this.fixed.length === 0) return learned;
    const nats = average(this.fixed.map((levels, at) => levels.surprise(signals[at] ?? 0, hour)));
    return learned + fixedPart * (nats - learned);
  }

  private unrestOf(value: number): number {
    const change = this.changes.push(Math.abs(value - (this.last ?? value)));
    this.last = value;
    const width = this.scales[0]?.width ?? 0;
    return Math.log2(Math.max(0, change) + leastChange * (width > 0 ? width : 1));
  }
}

function dayPart(time: Micros): number {
  const inDay = ((time % day) + day) % day;
  return Math.min(dayParts - 1, Math.floor((inDay / day) * dayParts));
}

function restoreEach(levels: readonly AdaptiveLevels[], saved: readonly AdaptiveLevelsSnapshot[]): void {
  levels.forEach((one, at) => {
    const snapshot = saved[at];
    if (snapshot) one.restore(snapshot);
  });
}

function widthOf(range: LevelGrid | undefined): number {
  return range ? range.high - range.low : 0;
}

function average(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}
