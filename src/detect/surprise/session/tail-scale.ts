import {fitTail} from '../pareto-tail.ts';

const tailPart = 0.05;
const leastTail = 10;

/**
 * From a number of any kind to nats of surprise, −ln of the share of normal sessions that reach it: by its order among
 * held-out normal sessions, and beyond the greatest of them by the generalised Pareto law of their tail (Siffer et al.,
 * KDD'17), so that what is far outside is still told from what is farther. A tail that the fit finds bounded is taken as
 * exponential: a bound learned from a few hundred values would make certainty of little.
 */
export class TailScale {
  private readonly sorted: Float64Array;
  private readonly most: number;
  /** Of the law of what exceeds `most`. */
  private readonly shape: number;
  private readonly scale: number;

  constructor(values: ArrayLike<number>) {
    this.sorted = Float64Array.from(values).sort();
    const count = this.sorted.length;
    const inTail = Math.min(count, Math.max(leastTail, Math.ceil(count * tailPart)));
    const border = this.sorted[count - inTail] ?? 0;
    this.most = this.sorted[count - 1] ?? 0;
    const excesses = [...this.sorted.subarray(count - inTail)].map(value => value - border).filter(x => x > 0);
    const {shape, scale} = fitTail(excesses);
    this.shape = Math.max(0, shape);
    // A Pareto law above a higher border has the same shape and a scale that grew with it.
    this.scale = shape < 0 ? mean(excesses) : scale + this.shape * (this.most - border);
  }

  /** Nats, 0 or more. */
  nats(value: number): number {
    const count = this.sorted.length;
    const above = count - upperBound(this.sorted, value);
    const equal = count - lowerBound(this.sorted, value) - above;
    const nats = -Math.log((above + equal / 2 + 0.5) / (count + 1));
    return value > this.most ? nats + this.beyond(value - this.most) : nats;
  }

  private beyond(excess: number): number {
    // All held-out values were equal: anything above is new, and how much above has no unit to be measured in.
    if (!(this.scale > 0)) return 0;
    if (this.shape < 1e-6) return excess / this.scale;
    return Math.log1p((this.shape * excess) / this.scale) / this.shape;
  }
}

function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function upperBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}
