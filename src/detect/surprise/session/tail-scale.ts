import {fitTail} from '../pareto-tail.ts';

const tailPart = 0.05;
const leastTail = 10;

/**
 * From a number of any kind to nats of surprise, −ln of the share of normal sessions that reach it: by their order
 * among held-out normal sessions as far as there are enough of those, and beyond by a generalised Pareto law of the
 * excesses (Siffer et al., KDD'17), so that what is far outside is still told from what is farther. A tail that the fit
 * finds bounded is taken as exponential: a bound learned from a few hundred values would make certainty of little.
 */
export class TailScale {
  private readonly sorted: Float64Array;
  private readonly border: number;
  private readonly borderShare: number;
  private readonly shape: number;
  private readonly scale: number;

  constructor(values: ArrayLike<number>) {
    this.sorted = Float64Array.from(values).sort();
    const count = this.sorted.length;
    const inTail = Math.min(count, Math.max(leastTail, Math.ceil(count * tailPart)));
    this.border = this.sorted[count - inTail] ?? 0;
    const excesses = [...this.sorted.subarray(count - inTail)].map(value => value - this.border).filter(x => x > 0);
    const {shape, scale} = fitTail(excesses);
    this.shape = Math.max(0, shape);
    this.scale = shape < 0 || !(scale > 0) ? mean(excesses) : scale;
    this.borderShare = Math.max(excesses.length, 0.5) / (count + 1);
  }

  /** Nats, 0 or more. */
  nats(value: number): number {
    if (value > this.border) return this.beyond(value - this.border);
    const count = this.sorted.length;
    const above = count - upperBound(this.sorted, value);
    const equal = count - lowerBound(this.sorted, value) - above;
    return -Math.log(Math.max((above + equal / 2 + 0.5) / (count + 1), this.borderShare));
  }

  private beyond(excess: number): number {
    const share = -Math.log(this.borderShare);
    // All held-out values were equal: anything above is new, and how much above has no unit to be measured in.
    if (!(this.scale > 0)) return share + Math.log(2);
    if (this.shape < 1e-6) return share + excess / this.scale;
    return share + Math.log1p((this.shape * excess) / this.scale) / this.shape;
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
