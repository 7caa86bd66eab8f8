import type {Measurement, MetricUnit} from './sample.ts';

export interface Mean {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly value: number;
  readonly max: number;
}

/** Gathers measurements over an interval into a mean and a maximum each. */
export class Interval {
  readonly #series = new Map<string, {unit: MetricUnit; sum: number; count: number; max: number}>();

  add(measurements: readonly Measurement[]): void {
    for (const {name, value, unit} of measurements) {
      const series = this.#series.get(name);
      if (series === undefined) {
        this.#series.set(name, {unit, sum: value, count: 1, max: value});
      } else {
        series.sum += value;
        series.count++;
        series.max = Math.max(series.max, value);
      }
    }
  }

  /** What was gathered; the next interval begins empty. */
  take(): readonly Mean[] {
    const means = [...this.#series].map(([name, {unit, sum, count, max}]) => ({name, unit, value: sum / count, max}));
    this.#series.clear();
    return means;
  }
}
