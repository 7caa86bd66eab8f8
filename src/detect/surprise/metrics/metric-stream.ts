import {hour, minute} from '../../../event/clock.ts';
import type {Micros} from '../../../event/event.ts';
import {Spot, type SpotOptions, type SpotSnapshot} from '../threshold.ts';
import type {Measure} from './measure.ts';
import {Rest} from './rest.ts';
import {type Judgement, largest, SeriesModel, type SeriesModelSnapshot, type SeriesOptions} from './series-model.ts';

/** What differs between values that come every few seconds and counts that come once an hour. */
export interface StreamKind {
  /** Values within such a span of event time are one point, their mean. */
  readonly period: Micros;
  readonly series: Pick<SeriesOptions, 'scales' | 'begin' | 'unrestPart'>;
  /** Without drift: how surprising a point is, the model says already by what went before. */
  readonly spot: Partial<SpotOptions>;
  /** Points and event time before it may alert. */
  readonly leastPoints: number;
  readonly leastTime: Micros;
  /** Values are counts: what chance alone adds to them is no news. */
  readonly counts: boolean;
  /** Points after an alert in which only what is twice as unexpected is told of. */
  readonly rest: number;
}

export interface MetricStreamSnapshot {
  readonly points: number;
  readonly first: Micros;
  readonly last: Micros;
  readonly recent: readonly number[];
  readonly open: OpenPoint;
  /** Greatest surprise that was learned as ordinary, with the newer of two halves of its memory. */
  readonly highest: readonly [before: number, now: number];
  readonly seeded: boolean;
  readonly model: SeriesModelSnapshot;
  readonly spot: SpotSnapshot;
  readonly rest: ReturnType<Rest['snapshot']>;
}

interface OpenPoint {
  readonly slot: number;
  readonly sum: number;
  readonly values: number;
}

/** A point that is over the limit and that something else than the surprise speaks for. */
export interface Unexpected extends Judgement {
  /** The point's end, and its value: the mean of what came within it. */
  readonly time: Micros;
  readonly point: number;
  readonly threshold: number;
  readonly agreed: readonly string[];
  readonly direction: 'higher' | 'lower' | 'restless';
}

/** Of one machine's minutes much is restless that is nobody's fault: more weight than this costs false alerts. */
const unrestPart = 1 / 4;

// Drift is taken out before: the levels follow the values. What is judged here has none left.
export const metricKind: StreamKind = {
  period: minute,
  series: {scales: [4, 8, 16, 32], begin: 50, unrestPart},
  spot: {calibration: 120, level: 0.95, drift: 0},
  leastPoints: 165,
  leastTime: hour,
  counts: false,
  rest: 60,
};

export const hourlyKind: StreamKind = {
  period: hour,
  series: {scales: [1, 3], begin: 24, unrestPart},
  spot: {calibration: 96, level: 0.9, drift: 0},
  leastPoints: 144,
  leastTime: 144 * hour,
  counts: true,
  rest: 6,
};

/** Never alerted on below this: p = 2 % as the mean of several opinions. */
const leastNats = 4;
/** An opinion that is this surprised by itself agrees. */
const agreeNats = 3;
const leastExpected = 0.05;
/** A count is chance where entries that come independently bring it more often than once in e to this power. */
const chanceNats = 6;
const leastRate = 0.5;
const recentKept = 10;
const restBroken = 2;
/** A tail that is fitted to few points may have no end: what exceeds by half all that was ordinary lately is not. */
const mostBeyond = 1.5;
const highestMemory = 5_000;
const mostRisk = 1e-2;
/** Of what was learned elsewhere so much stays: enough to know the shape, little enough to be outweighed in a day. */
const seedPart = 0.05;

/** One metric, or one hourly count, of one machine: what is learned of it and whether its newest point was expected. */
export class MetricStream {
  readonly measure: Measure;
  private readonly kind: StreamKind;
  private readonly model: SeriesModel;
  private readonly spot: Spot;
  private readonly rest: Rest;
  private points = 0;
  private first: Micros = 0;
  private newest: Micros = Number.NEGATIVE_INFINITY;
  private recent: number[] = [];
  private open: OpenPoint = {slot: 0, sum: 0, values: 0};
  private highest: readonly [number, number] = [0, 0];
  private seeded = false;

  constructor(kind: StreamKind, measure: Measure) {
    this.kind = kind;
    this.measure = measure;
    this.model = new SeriesModel({...kind.series, leastWidth: measure.leastWidth});
    this.spot = new Spot(kind.spot);
    this.rest = new Rest(kind.rest, restBroken);
  }

  get last(): Micros {
    return this.newest;
  }

  get size(): number {
    return this.points;
  }

  /** Points of each mean that is looked at. */
  get scales(): readonly number[] {
    return this.kind.series.scales;
  }

  /** Newest points before the one that is judged, oldest first. */
  get lastValues(): readonly number[] {
    return this.recent;
  }

  get ready(): boolean {
    const {leastPoints, leastTime} = this.kind;
    return this.points >= leastPoints && this.newest - this.first >= leastTime && this.spot.ready;
  }

  /**
   * Takes a value. Where it is the first of a new point, the one before is judged and learned; `tell` is called before
   * it is learned if it was not expected and the stream does not rest. False for what is not a number or is older than
   * what came before: it is left out.
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

  /** The likely spans for the point that is told of now. */
  expected(scale: number): ReturnType<SeriesModel['expected']> {
    return this.model.expected(scale, Number.POSITIVE_INFINITY);
  }

  snapshot(): MetricStreamSnapshot {
    return {
      points: this.points,
      first: this.first,
      last: Number.isFinite(this.newest) ? this.newest : 0,
      recent: [...this.recent],
      open: this.open,
      highest: this.highest,
      seeded: this.seeded,
      model: this.model.snapshot(),
      spot: this.spot.snapshot(),
      rest: this.rest.snapshot(),
    };
  }

  restore({points, first, last, recent, open, highest, seeded, model, spot, rest}: MetricStreamSnapshot): void {
    this.points = points;
    this.first = first;
    this.newest = points === 0 && open.values === 0 ? Number.NEGATIVE_INFINITY : last;
    this.recent = [...recent];
    this.open = open;
    this.highest = highest;
    this.seeded = seeded;
    this.model.restore(model);
    this.spot.restore(spot);
    this.rest.restore(rest);
  }

  /** Begins from what a like stream of another machine had learned. Its limit is still found here. */
  seed(model: SeriesModelSnapshot): void {
    this.model.restore(model);
    this.model.fade(seedPart);
    this.seeded = true;
  }

  private close(risk: number, tell: (found: Unexpected) => void): void {
    const {slot, sum, values} = this.open;
    const point = sum / values;
    this.open = {slot: 0, sum: 0, values: 0};
    const judged = this.model.judge(slot * this.kind.period, this.measure.toSignal(point));
    if (!judged) return;
    // A point stands for all values within it.
    const threshold = this.threshold(Math.min(mostRisk, risk * values));
    const over = this.ready && judged.nats > threshold;
    const agreed = over ? this.agreement(judged) : [];
    const unexpected = agreed.length > 0;
    if (this.rest.pass(unexpected ? judged.nats : 0) > 0) {
      const time = (slot + 1) * this.kind.period;
      tell({...judged, time, point, threshold, agreed, direction: this.directionOf(judged)});
    }
    this.learn(slot * this.kind.period, point);
    if (!unexpected && this.points > this.kind.series.begin) this.learnSurprise(judged.nats);
  }

  private threshold(risk: number): number {
    const highest = Math.max(...this.highest);
    return Math.max(leastNats, Math.min(this.spot.threshold(risk), highest * mostBeyond));
  }

  private learnSurprise(nats: number): void {
    this.spot.learn(nats);
    const [before, now] = this.highest;
    this.highest = this.points % highestMemory === 0 ? [now, nats] : [before, Math.max(now, nats)];
  }

  private learn(time: Micros, point: number): void {
    if (this.points === 0) this.first = time;
    this.points += 1;
    this.model.learn();
    this.recent.push(point);
    if (this.recent.length > recentKept) this.recent.shift();
  }

  private agreement({scaleNats, unrestNats, rarity, scale, value}: Judgement): string[] {
    const found: string[] = [];
    const beyond = this.beyondExpected(scale, value);
    // The level beside an expected one is no news to anyone; within an expected one only the unrest can be.
    if (beyond > 0 ? beyond < 1 : unrestNats < agreeNats) return found;
    if (this.kind.counts && this.isChance(scale, value)) return found;
    const agreeing = this.kind.series.scales.filter((_, at) => (scaleNats[at] ?? 0) >= agreeNats);
    if (agreeing.length >= 2) found.push(`the means over ${listed(agreeing)} points agree`);
    if (unrestNats >= agreeNats) found.push('its unrest is unusual too');
    if (Math.exp(-rarity) * this.points <= 1.5) found.push(`nothing was as unexpected in ${this.countText()} points`);
    if (this.outside(scale, value)) found.push('it lies outside the learned range');
    return found;
  }

  /** Whether a count is no further from all that is expected than entries that come by chance would bring it. */
  private isChance(scale: number, value: number): boolean {
    const points = this.scales[scale] ?? 1;
    const total = (signal: number) => points * Math.max(0, this.measure.toValue(signal));
    const likely = this.expected(scale).filter(({probability}, at) => at === 0 || probability >= leastExpected);
    const came = total(value);
    return likely.some(({from, to}) => {
      const nearest = Math.min(Math.max(came, total(from)), total(Math.min(to, largest)));
      return chanceOf(came, Math.max(leastRate, nearest)) < chanceNats;
    });
  }

  /** By how many levels' width the value lies outside all that is expected. */
  private beyondExpected(scale: number, value: number): number {
    const spans = this.expected(scale);
    const likely = spans.filter(({probability}, at) => at === 0 || probability >= leastExpected);
    const inner = spans.find(({from, to}) => Number.isFinite(from) && Number.isFinite(to));
    const width = inner ? inner.to - inner.from : 1;
    return Math.min(...likely.map(({from, to}) => Math.max(0, from - value, value - to))) / width;
  }

  private outside(scale: number, value: number): boolean {
    const spans = this.expected(scale).filter(({from, to}) => Number.isFinite(from) && Number.isFinite(to));
    return spans.every(({from, to}) => value < from || value > to);
  }

  private directionOf({scale, value}: Judgement): Unexpected['direction'] {
    const [likeliest] = this.expected(scale);
    if (!likeliest) return 'restless';
    return value > likeliest.to ? 'higher' : value < likeliest.from ? 'lower' : 'restless';
  }

  private countText(): string {
    return this.points.toLocaleString('en');
  }
}

/** −ln of Chernoff's bound for so many entries, or so few, of a Poisson process that has `rate` of them. */
function chanceOf(came: number, rate: number): number {
  return (came > 0 ? came * Math.log(came / rate) : 0) - came + rate;
}

function listed(numbers: readonly number[]): string {
  return numbers.length < 2 ? numbers.join() : `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}
