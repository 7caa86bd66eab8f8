import {hour, minute} from '../../../event/clock.ts';
import type {Micros} from '../../../event/event.ts';
import type {Measure} from './measure.ts';
import {agreeNats, type Direction, directionOf, isBeside, isChance, reasons} from './news.ts';
import {Rest} from './rest.ts';
import {
  coursePoints,
  type Judgement,
  largest,
  SeriesModel,
  type SeriesModelSnapshot,
  type SeriesOptions,
  seriesDefaults,
} from './series-model.ts';

/** What differs between values that come every few seconds and counts that come once an hour. */
export interface StreamKind {
  /** Values within such a span of event time are one point, their mean. */
  readonly period: Micros;
  readonly series: Pick<SeriesOptions, 'scales' | 'begin' | 'range'>;
  /** Points and event time before it may alert. */
  readonly leastPoints: number;
  readonly leastTime: Micros;
  /** Values are counts: what chance alone adds to them is no news. */
  readonly counts: boolean;
  /** Points after an alert in which only what is clearly more unexpected is told of. */
  readonly rest: number;
}

export interface MetricStreamSnapshot {
  readonly points: number;
  readonly first: Micros;
  readonly last: Micros;
  readonly recent: readonly number[];
  readonly open: OpenPoint;
  readonly seeded: boolean;
  readonly model: SeriesModelSnapshot;
  readonly rest: ReturnType<Rest['snapshot']>;
}

interface OpenPoint {
  readonly slot: number;
  readonly sum: number;
  readonly values: number;
}

/** A point that is over the limit. */
export interface Unexpected extends Judgement {
  /** The point's end, and its value: the mean of what came within it. */
  readonly time: Micros;
  readonly point: number;
  /** What the score exceeds: −ln of the wanted alerts a point. */
  readonly limit: number;
  /** What speaks for it, in words. */
  readonly agreed: readonly string[];
  readonly direction: Direction;
}

/** What comes every few seconds is judged by the minute. */
export const metricKind: StreamKind = {
  period: minute,
  series: {scales: seriesDefaults.scales, begin: seriesDefaults.begin},
  leastPoints: 165,
  leastTime: hour,
  counts: false,
  rest: 240,
};

export const hourlyKind: StreamKind = {
  period: hour,
  series: {scales: [1, 3], begin: 24},
  leastPoints: 144,
  leastTime: 144 * hour,
  counts: true,
  rest: 6,
};

/** As the metric benchmark has it. */
export const clearlyMore = 1.2;
const mostRisk = 1e-2;
/** Of what was learned elsewhere so much stays: enough to know the shape, little enough to be outweighed in a day. */
const seedPart = 0.05;

/**
 * One metric, or one hourly count, of one machine: what is learned of it and whether its newest point was expected. One
 * limit serves all streams: a score, half surprise and half how rare it is, of more nats than −ln of the wanted alerts a
 * point. `bench/nab.ts` scores this class.
 */
export class MetricStream {
  readonly measure: Measure;
  private readonly kind: StreamKind;
  private readonly model: SeriesModel;
  private readonly rest: Rest;
  private points = 0;
  private first: Micros = 0;
  private newest: Micros = Number.NEGATIVE_INFINITY;
  private recent: number[] = [];
  private open: OpenPoint = {slot: 0, sum: 0, values: 0};
  private seeded = false;

  constructor(kind: StreamKind, measure: Measure) {
    this.kind = kind;
    this.measure = measure;
    this.model = new SeriesModel({...kind.series, leastWidth: measure.leastWidth});
    this.rest = new Rest(kind.rest, clearlyMore);
  }

  get last(): Micros {
    return this.newest;
  }

  get size(): number {
    return this.points;
  }

  /** The newest points, oldest first: as many as the course is looked at over. Without the one that is judged. */
  get lastPoints(): readonly number[] {
    return this.recent;
  }

  get ready(): boolean {
    const {leastPoints, leastTime} = this.kind;
    return this.points >= leastPoints && this.newest - this.first >= leastTime;
  }

  /** Points that the voice which found this looks at. */
  pointsOf({voice, scale}: Judgement): number {
    return voice === 'course' ? coursePoints : (this.kind.series.scales[scale] ?? 1);
  }

  /**
   * Takes a value. Where it is the first of a new point, the one before is judged and learned; `tell` is called before
   * it is learned if it was not expected and the stream does not rest. False for what is not a number or is older than
   * what came before: it is left out.
   *
   * @param risk the wanted alerts a value
   */
  observe(time: Micros, value: number, risk: number, tell: (found: Unexpected) => void): boolean {
    if (!Number.isFinite(value) || !Number.isFinite(time) || time <= this.newest) return false;
    const slot = Math.floor(time / this.kind.period);
    if (this.open.values > 0 && slot > this.open.slot) this.close(risk, tell);
    this.newest = time;
    const bounded = Math.max(-largest, Math.min(largest, value));
    this.open = {slot, sum: this.open.sum + bounded, values: this.open.values + 1};
    return true;
  }

  /** Takes a point that is whole already. */
  observePoint(time: Micros, value: number, risk: number, tell: (found: Unexpected) => void): void {
    if (this.observe(time, value, risk, tell)) this.close(risk, tell);
  }

  /** The likely spans for the point that is told of now, as the voice which found it has them. */
  expected({voice, scale}: Judgement): ReturnType<SeriesModel['expected']> {
    const all = Number.POSITIVE_INFINITY;
    return voice === 'course' ? this.model.expectedByDay(all) : this.model.expected(scale, all);
  }

  snapshot(): MetricStreamSnapshot {
    return {
      points: this.points,
      first: this.first,
      last: Number.isFinite(this.newest) ? this.newest : 0,
      recent: [...this.recent],
      open: this.open,
      seeded: this.seeded,
      model: this.model.snapshot(),
      rest: this.rest.snapshot(),
    };
  }

  restore({points, first, last, recent, open, seeded, model, rest}: MetricStreamSnapshot): void {
    this.points = points;
    this.first = first;
    this.newest = points === 0 && open.values === 0 ? Number.NEGATIVE_INFINITY : last;
    this.recent = [...recent];
    this.open = open;
    this.seeded = seeded;
    this.model.restore(model);
    this.rest.restore(rest);
  }

  /** Begins from what a like stream of another machine had learned. How rare a surprise is, is still found here. */
  seed(model: SeriesModelSnapshot): void {
    this.model.restore(model);
    this.model.fade(seedPart);
    this.seeded = true;
  }

  private close(risk: number, tell: (found: Unexpected) => void): void {
    const {slot, sum, values} = this.open;
    const point = sum / values;
    this.open = {slot: 0, sum: 0, values: 0};
    const begin = slot * this.kind.period;
    const judged = this.model.judge(begin, this.measure.toSignal(point));
    if (!judged) return;
    // A point stands for all values within it.
    const wanted = -Math.log(Math.min(mostRisk, risk * values));
    const limit = this.limit(wanted);
    const over = this.ready && judged.score > limit;
    const unexpected = over && this.isNews(judged, point, limit < wanted);
    if (this.rest.pass(unexpected ? judged.score : 0) > 0) tell(this.found(judged, begin, point, limit));
    this.learn(begin, point, !unexpected);
  }

  /**
   * Nothing can be rarer than one in all points: while these are few, half of the score can't reach what is wanted, and
   * what was never as unexpected is enough of it.
   */
  private limit(wanted: number): number {
    return (wanted + Math.min(wanted, Math.log(this.points))) / 2;
  }

  private isNews(judged: Judgement, point: number, isEarly: boolean): boolean {
    if (!this.kind.counts && !isEarly) return true;
    const spans = this.expected(judged);
    if (judged.unrestNats < agreeNats && isBeside(this.valueOf(judged, point), spans)) return false;
    const toValue = (signal: number) => this.measure.toValue(signal);
    return !(this.kind.counts && isChance(this.valueOf(judged, point), spans, this.pointsOf(judged), toValue));
  }

  private found(judged: Judgement, begin: Micros, point: number, limit: number): Unexpected {
    const spans = this.expected(judged);
    const value = this.valueOf(judged, point);
    const agreed = reasons(judged, {spans, value, scales: this.kind.series.scales, points: this.points});
    return {
      ...judged,
      time: begin + this.kind.period,
      point,
      limit,
      agreed,
      direction: directionOf(value, spans),
    };
  }

  /** The mean that the voice speaks of, as a signal. */
  private valueOf({voice, value}: Judgement, point: number): number {
    return voice === 'course' ? this.meanSignal(point) : value;
  }

  /** Of the points that the course is looked at over. */
  private meanSignal(point: number): number {
    const points = [...this.recent.slice(1 - coursePoints), point];
    return points.reduce((sum, one) => sum + this.measure.toSignal(one), 0) / points.length;
  }

  private learn(time: Micros, point: number, ordinary: boolean): void {
    if (this.points === 0) this.first = time;
    this.points += 1;
    this.model.learn(ordinary);
    this.recent.push(point);
    if (this.recent.length > coursePoints) this.recent.shift();
  }
}
