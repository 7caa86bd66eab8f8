import {packInts, unpackInts} from '../packed.ts';
import {Spot, type SpotSnapshot} from '../threshold.ts';
import {symmetricEigen} from './symmetric-eigen.ts';

export interface AutoencoderSnapshot {
  readonly dimensions: number;
  readonly rows: number;
  readonly fittedAt: number;
  readonly components: number;
  /** Means, variances, covariance of the scaled rows, eigenvalues, then eigenvectors; float64 in base64. */
  readonly numbers: string;
  readonly errors: SpotSnapshot;
}

export interface AutoencoderOptions {
  /** Rows that the means and the covariance remember, by exponential forgetting. */
  readonly memory: number;
  /** Share of the variance that the components keep. */
  readonly explained: number;
  /** Quantile of training errors above which a row is unusual. */
  readonly unusual: number;
}

// Taken out once: where each test file runs in a context of its own, each mention of a global is a search.
const {sqrt, min, max, abs} = Math;

const defaults: AutoencoderOptions = {memory: 20_000, explained: 0.9, unusual: 0.95};
/**
 * A column that hardly varies is not scaled up, or a rare flag would outweigh all else; and no single value is further
 * away than so many standard deviations.
 */
const leastDeviation = 0.5;
const furthest = 8;
/** A code beyond so many of its standard deviations cannot be reconstructed: training had none such. */
const furthestCode = 3;
const firstFit = 64;
const refitEvery = 1_024;
/** Rows before errors are learned from: the first components mean little. */
const errorsFrom = 256;

/**
 * A linear autoencoder (its optimum is principal components, Baldi & Hornik 1989) that learns row by row: scaling and
 * covariance with forgetting, components anew every thousand rows. What it cannot reconstruct is unusual. The cut on
 * the error is a quantile, and the tail beyond it SPOT's.
 */
export class LinearAutoencoder {
  readonly dimensions: number;
  private readonly options: AutoencoderOptions;
  private readonly mean: Float64Array;
  private readonly variance: Float64Array;
  private readonly covariance: Float64Array;
  private readonly scaled: Float64Array;
  private values = new Float64Array(0);
  private vectors = new Float64Array(0);
  private components = 0;
  private rows = 0;
  private fittedAt = 0;
  private readonly errors: Spot;

  constructor(dimensions: number, options: Partial<AutoencoderOptions> = {}) {
    this.dimensions = dimensions;
    this.options = {...defaults, ...options};
    this.mean = new Float64Array(dimensions);
    this.variance = new Float64Array(dimensions);
    this.covariance = new Float64Array(dimensions * dimensions);
    this.scaled = new Float64Array(dimensions);
    this.errors = new Spot({level: this.options.unusual, drift: 0});
  }

  get ready(): boolean {
    return this.errors.ready;
  }

  /** Mean squared error of the reconstruction, in scaled units. 0 before the first components. */
  error(row: ArrayLike<number>): number {
    if (this.components === 0) return 0;
    const {dimensions, vectors, values} = this;
    const scaled = this.scale(row);
    let left = 0;
    for (let i = 0; i < dimensions; i++) left += (scaled[i] ?? 0) ** 2;
    for (let k = 0; k < this.components; k++) {
      let code = 0;
      for (let i = 0; i < dimensions; i++) code += (vectors[k * dimensions + i] ?? 0) * (scaled[i] ?? 0);
      const kept = clamp(code, furthestCode * sqrt(values[k] ?? 0));
      left -= 2 * code * kept - kept * kept;
    }
    return max(0, left) / dimensions;
  }

  /** Whether an error is above the cut: the quantile of training errors, or the tail's value at a smaller risk. */
  isUnusual(error: number, risk = 1 - this.options.unusual): boolean {
    return logError(error) > this.errors.threshold(risk);
  }

  /** The columns the reconstruction misses most, most first. */
  missed(row: ArrayLike<number>, top: number): readonly number[] {
    const {dimensions, vectors, values} = this;
    const rest = Float64Array.from(this.scale(row));
    const scaled = Float64Array.from(rest);
    for (let k = 0; k < this.components; k++) {
      let code = 0;
      for (let i = 0; i < dimensions; i++) code += (vectors[k * dimensions + i] ?? 0) * (scaled[i] ?? 0);
      const kept = clamp(code, furthestCode * sqrt(values[k] ?? 0));
      for (let i = 0; i < dimensions; i++) rest[i] = (rest[i] ?? 0) - kept * (vectors[k * dimensions + i] ?? 0);
    }
    return Array.from(rest.keys())
      .sort((a, b) => abs(rest[b] ?? 0) - abs(rest[a] ?? 0))
      .slice(0, top);
  }

  /** Learns from a row that was not alerted on. */
  learn(row: ArrayLike<number>, error = this.error(row)): void {
    if (this.rows >= errorsFrom) this.errors.learn(logError(error));
    this.rows += 1;
    const part = max(1 / this.rows, 1 / this.options.memory);
    this.adjustScaling(row, part);
    this.adjustCovariance(this.scale(row), part);
    const due = this.rows < refitEvery ? this.rows >= max(firstFit, this.fittedAt * 2) : this.overdue();
    if (due) this.fit();
  }

  snapshot(): AutoencoderSnapshot {
    const {dimensions, rows, fittedAt, components} = this;
    const parts = [this.mean, this.variance, this.covariance, this.values, this.vectors];
    const numbers = Float64Array.from(parts.flatMap(part => [...part]));
    return {dimensions, rows, fittedAt, components, numbers: packDoubles(numbers), errors: this.errors.snapshot()};
  }

  /** Of another number of columns, nothing is taken over. */
  restore(snapshot: AutoencoderSnapshot): void {
    const {dimensions, components} = snapshot;
    const numbers = unpackDoubles(snapshot.numbers);
    const fixed = dimensions * (dimensions + 2);
    const sound = components >= 0 && components <= dimensions && numbers.every(value => Number.isFinite(value));
    if (dimensions !== this.dimensions || !sound || numbers.length !== fixed + components * (dimensions + 1)) return;
    this.rows = snapshot.rows;
    this.fittedAt = snapshot.fittedAt;
    this.components = components;
    this.mean.set(numbers.subarray(0, dimensions));
    this.variance.set(numbers.subarray(dimensions, 2 * dimensions));
    this.covariance.set(numbers.subarray(2 * dimensions, fixed));
    this.values = numbers.slice(fixed, fixed + components);
    this.vectors = numbers.slice(fixed + components);
    this.errors.restore(snapshot.errors);
  }

  /** Makes what was learned elsewhere weigh as much as this many rows. */
  soften(rows: number): void {
    this.rows = min(this.rows, rows);
    this.fittedAt = this.rows;
  }

  private overdue(): boolean {
    return this.rows - this.fittedAt >= refitEvery;
  }

  private scale(row: ArrayLike<number>): Float64Array {
    for (let i = 0; i < this.dimensions; i++) {
      const value = row[i] ?? 0;
      const deviation = max(leastDeviation, sqrt(this.variance[i] ?? 0));
      this.scaled[i] = Number.isFinite(value) ? clamp((value - (this.mean[i] ?? 0)) / deviation, furthest) : 0;
    }
    return this.scaled;
  }

  /** Outliers pull by at most `furthest` deviations, once there are deviations to speak of. */
  private adjustScaling(row: ArrayLike<number>, part: number): void {
    for (let i = 0; i < this.dimensions; i++) {
      const value = row[i] ?? 0;
      if (!Number.isFinite(value)) continue;
      const variance = this.variance[i] ?? 0;
      const reach = furthest * max(leastDeviation, sqrt(variance));
      const off = value - (this.mean[i] ?? 0);
      const by = this.rows > firstFit ? clamp(off, reach) : off;
      this.mean[i] = (this.mean[i] ?? 0) + part * by;
      this.variance[i] = (1 - part) * (variance + part * by * by);
    }
  }

  private adjustCovariance(scaled: Float64Array, part: number): void {
    const {dimensions, covariance} = this;
    for (let i = 0; i < dimensions; i++) {
      const own = scaled[i] ?? 0;
      for (let j = 0; j < dimensions; j++) {
        const at = i * dimensions + j;
        covariance[at] = (covariance[at] ?? 0) + part * (own * (scaled[j] ?? 0) - (covariance[at] ?? 0));
      }
    }
  }

  private fit(): void {
    this.fittedAt = this.rows;
    const {values, vectors} = symmetricEigen(this.covariance, this.dimensions);
    const wanted = values.reduce((sum, value) => sum + max(0, value), 0) * this.options.explained;
    let count = 0;
    for (let sum = 0; count < values.length && sum < wanted; count++) sum += max(0, values[count] ?? 0);
    this.components = count;
    this.values = values.slice(0, count);
    this.vectors = vectors.slice(0, count * this.dimensions);
  }
}

/** Errors differ by orders of magnitude; their logarithm has the tail that SPOT can follow. */
function logError(error: number): number {
  return Math.log(error + 1e-6);
}

function clamp(value: number, most: number): number {
  return min(most, max(-most, value));
}

function packDoubles(values: Float64Array): string {
  return packInts(new Int32Array(values.buffer, values.byteOffset, values.length * 2));
}

function unpackDoubles(text: string): Float64Array {
  const ints = unpackInts(text);
  return new Float64Array(ints.buffer, 0, Math.floor(ints.length / 2));
}
