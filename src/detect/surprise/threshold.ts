import {MovingMean} from './moving-mean.ts';
import {fitTail, type Tail} from './pareto-tail.ts';

export interface SpotSnapshot {
  readonly seen: number;
  readonly level: number | null;
  readonly calibration: readonly number[];
  readonly excesses: readonly number[];
  readonly indexes: readonly number[];
  /** The newest values, oldest first: what the drift is the mean of. */
  readonly recent: readonly number[];
  /** Points left to pass before calibration begins again, then what it has; null while the threshold holds. */
  readonly again: {readonly skip: number; readonly values: readonly number[]} | null;
}

export interface SpotOptions {
  /** Points looked at before there is a threshold, after those that fill the drift's window. */
  readonly calibration: number;
  /** The quantile of these that the tail begins at. */
  readonly level: number;
  /** Newest excesses kept: what the tail is fitted to. */
  readonly excesses: number;
  /** Newest points whose mean is taken away as drift; 0: nothing is. */
  readonly drift: number;
}

const defaults: SpotOptions = {calibration: 400, level: 0.98, excesses: 200, drift: 100};
/** Refitted when the number of excesses changed by this part: fitting costs more than all else. */
const refitPart = 0.05;
/** So many excesses within ten times as many points: the stream is another than it was. */
const crowd = 50;
const crowdedPoints = 10 * crowd;

/** A Spot that has learned nothing, as a snapshot. */
export const blankSpot: SpotSnapshot = {
  seen: 0,
  level: null,
  calibration: [],
  excesses: [],
  indexes: [],
  recent: [],
  again: null,
};

/**
 * Where a stream's usual surprise ends: SPOT with drift removed (Siffer et al., KDD'17, algorithms 1 to 3). The mean of
 * the newest points is taken away; excesses of the rest over a high quantile follow a generalised Pareto law; from it
 * comes the value that is exceeded with probability q, which may be far less than one over the points seen. What was
 * alerted on is not learned from. Only the newest excesses count. A stream that changed for good is calibrated anew,
 * and judged by the old threshold until that is done.
 */
export class Spot {
  private readonly options: SpotOptions;
  private readonly drift: MovingMean;
  private seen = 0;
  private level: number | undefined;
  private calibration: number[] = [];
  private excesses: number[] = [];
  private indexes: number[] = [];
  private tail: Tail = {shape: 0, scale: 0};
  private changes = 0;
  private again: {skip: number; values: number[]} | undefined;

  constructor(options: Partial<SpotOptions> = {}) {
    this.options = {...defaults, ...options};
    this.drift = new MovingMean(this.options.drift);
  }

  get ready(): boolean {
    return this.level !== undefined;
  }

  /** The value exceeded with probability `risk`; infinite until calibrated. */
  threshold(risk: number): number {
    if (this.level === undefined) return Number.POSITIVE_INFINITY;
    const level = this.drift.mean + this.level;
    const ratio = (risk * this.covered()) / Math.max(1, this.excesses.length);
    if (this.excesses.length === 0 || ratio >= 1) return level;
    const {shape, scale} = this.tail;
    const beyond = Math.abs(shape) < 1e-6 ? -scale * Math.log(ratio) : (scale / shape) * (ratio ** -shape - 1);
    return level + beyond;
  }

  /** Learns from a point that was not alerted on. */
  learn(value: number): void {
    const known = this.drift.full;
    const risen = value - this.drift.mean;
    this.drift.add(value);
    if (!known) return;
    this.seen += 1;
    if (this.level === undefined) {
      this.calibration.push(risen);
      if (this.calibration.length < this.options.calibration) return;
      this.begin(this.calibration);
      this.calibration = [];
      return;
    }
    if (risen > this.level) this.exceed(risen - this.level);
    if (this.again) this.calibrateAgain(this.again, risen);
  }

  snapshot(): SpotSnapshot {
    return {
      seen: this.seen,
      level: this.level ?? null,
      calibration: this.calibration.map(rounded),
      excesses: this.excesses.map(rounded),
      indexes: [...this.indexes],
      recent: this.drift.values().map(rounded),
      again: this.again ? {skip: this.again.skip, values: this.again.values.map(rounded)} : null,
    };
  }

  restore(snapshot: SpotSnapshot): void {
    this.seen = snapshot.seen;
    this.level = snapshot.level ?? undefined;
    this.calibration = [...snapshot.calibration];
    this.excesses = [...snapshot.excesses];
    this.indexes = [...snapshot.indexes];
    this.drift.restore(snapshot.recent);
    this.again = snapshot.again ? {skip: snapshot.again.skip, values: [...snapshot.again.values]} : undefined;
    this.refit();
  }

  /** Sets the level at a quantile of these points, the newest there are, and the tail beyond it. */
  private begin(points: readonly number[]): void {
    const sorted = [...points].sort((a, b) => a - b);
    const level = sorted[Math.floor(sorted.length * this.options.level)] ?? 0;
    this.level = level;
    this.seen = points.length;
    this.excesses = [];
    this.indexes = [];
    points.forEach((value, at) => {
      if (value <= level) return;
      this.excesses.push(value - level);
      this.indexes.push(at);
    });
    this.refit();
  }

  private exceed(excess: number): void {
    this.excesses.push(excess);
    this.indexes.push(this.seen);
    if (this.excesses.length > this.options.excesses) {
      this.excesses.shift();
      this.indexes.shift();
    }
    const since = this.indexes[this.indexes.length - crowd];
    if (since !== undefined && this.seen - since < crowdedPoints) {
      // What has just passed is the change itself; it is not what the stream is like from now on.
      this.again ??= {skip: this.options.drift, values: []};
    }
    this.changes += 1;
    if (this.changes >= this.excesses.length * refitPart) this.refit();
  }

  private calibrateAgain(again: {skip: number; values: number[]}, risen: number): void {
    if (again.skip > 0) {
      again.skip -= 1;
      return;
    }
    again.values.push(risen);
    if (again.values.length < this.options.calibration) return;
    this.again = undefined;
    this.begin(again.values);
  }

  /** Points that the kept excesses stand among. */
  private covered(): number {
    const full = this.excesses.length >= this.options.excesses;
    return Math.max(1, full ? this.seen - (this.indexes[0] ?? 0) : this.seen);
  }

  private refit(): void {
    this.changes = 0;
    this.tail = fitTail(this.excesses);
  }
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
