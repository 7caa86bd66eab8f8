import {fitTail, type Tail} from './pareto-tail.ts';

export interface SpotSnapshot {
  readonly seen: number;
  readonly level: number | null;
  readonly calibration: readonly number[];
  readonly excesses: readonly number[];
  readonly indexes: readonly number[];
}

export interface SpotOptions {
  /** Points looked at before there is a threshold. */
  readonly calibration: number;
  /** The quantile of these that the tail begins at. */
  readonly level: number;
  /** Newest excesses kept: what the tail is fitted to. */
  readonly excesses: number;
}

const defaults: SpotOptions = {calibration: 500, level: 0.98, excesses: 200};
/** Refitted when the number of excesses changed by this part: fitting costs more than all else. */
const refitPart = 0.05;
const crowded = 0.1;

/**
 * Where a stream's usual surprise ends: SPOT (Siffer et al., KDD'17, algorithms 1 and 2). Excesses over a high quantile
 * follow a generalised Pareto law; from it comes the value that is exceeded with probability q, which may be far less
 * than one over the points seen. What was alerted on is not learned from. The newest excesses count only, so the
 * threshold follows drift.
 */
export class Spot {
  private readonly options: SpotOptions;
  private seen = 0;
  private level: number | undefined;
  private calibration: number[] = [];
  private excesses: number[] = [];
  private indexes: number[] = [];
  private tail: Tail = {shape: 0, scale: 0};
  private changes = 0;

  constructor(options: Partial<SpotOptions> = {}) {
    this.options = {...defaults, ...options};
  }

  get ready(): boolean {
    return this.level !== undefined;
  }

  /** The value exceeded with probability `risk`; infinite until calibrated. */
  threshold(risk: number): number {
    if (this.level === undefined) return Number.POSITIVE_INFINITY;
    const covered = this.covered();
    const ratio = (risk * covered) / Math.max(1, this.excesses.length);
    if (this.excesses.length === 0 || ratio >= 1) return this.level;
    const {shape, scale} = this.tail;
    const beyond = Math.abs(shape) < 1e-6 ? -scale * Math.log(ratio) : (scale / shape) * (ratio ** -shape - 1);
    return this.level + beyond;
  }

  /** Learns from a point that was not alerted on. */
  learn(value: number): void {
    this.seen += 1;
    if (this.level === undefined) {
      this.calibration.push(value);
      if (this.calibration.length >= this.options.calibration) this.begin();
      return;
    }
    if (value > this.level) this.exceed(value - this.level);
  }

  snapshot(): SpotSnapshot {
    return {
      seen: this.seen,
      level: this.level ?? null,
      calibration: this.calibration.map(rounded),
      excesses: this.excesses.map(rounded),
      indexes: this.indexes,
    };
  }

  restore(snapshot: SpotSnapshot): void {
    this.seen = snapshot.seen;
    this.level = snapshot.level ?? undefined;
    this.calibration = [...snapshot.calibration];
    this.excesses = [...snapshot.excesses];
    this.indexes = [...snapshot.indexes];
    this.refit();
  }

  private begin(): void {
    const sorted = [...this.calibration].sort((a, b) => a - b);
    const level = sorted[Math.floor(sorted.length * this.options.level)] ?? 0;
    this.level = level;
    const before = this.seen - this.calibration.length;
    this.calibration.forEach((value, at) => {
      if (value <= level) return;
      this.excesses.push(value - level);
      this.indexes.push(before + at);
    });
    this.calibration = [];
    this.refit();
  }

  private exceed(excess: number): void {
    this.excesses.push(excess);
    this.indexes.push(this.seen);
    if (this.excesses.length > this.options.excesses) {
      this.excesses.shift();
      this.indexes.shift();
      if (this.excesses.length / this.covered() > crowded) this.raise();
    }
    this.changes += 1;
    if (this.changes >= this.excesses.length * refitPart) this.refit();
  }

  /** Points that the kept excesses stand among. */
  private covered(): number {
    const full = this.excesses.length >= this.options.excesses;
    return Math.max(1, full ? this.seen - (this.indexes[0] ?? 0) : this.seen);
  }

  /** The stream has become more surprising for good: the tail begins at the median excess from now on. */
  private raise(): void {
    const sorted = [...this.excesses].sort((a, b) => a - b);
    const step = sorted[Math.floor(sorted.length / 2)] ?? 0;
    const kept = this.excesses.map((excess, at) => ({excess: excess - step, index: this.indexes[at] ?? 0}));
    this.level = (this.level ?? 0) + step;
    const beyond = kept.filter(({excess}) => excess > 0);
    this.excesses = beyond.map(({excess}) => excess);
    this.indexes = beyond.map(({index}) => index);
    this.seen -= this.indexes[0] ?? 0;
    const first = this.indexes[0] ?? 0;
    this.indexes = this.indexes.map(index => index - first);
    this.refit();
  }

  private refit(): void {
    this.changes = 0;
    this.tail = fitTail(this.excesses);
  }
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
