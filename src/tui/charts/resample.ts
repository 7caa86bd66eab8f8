import type {Micros} from '../../event/event.ts';

/** Values at rising times; null is "not measured". */
export interface Points {
  readonly times: readonly Micros[];
  readonly values: readonly (number | null)[];
}

/**
 * One value a column: the mean of what falls into it, null where nothing was measured. Columns start at multiples of
 * their own width, so that a chart moves by whole columns and never shimmers. A column narrower than the pause between
 * samples keeps the value before it.
 */
export function resample(points: Points, end: Micros, span: Micros, columns: number): (number | null)[] {
  const step = Math.max(1, span / columns);
  const lastColumn = Math.floor(end / step);
  const firstColumn = lastColumn - columns + 1;
  const sums = new Float64Array(columns);
  const counts = new Uint32Array(columns);
  const missing = new Uint8Array(columns);
  for (let index = points.times.length - 1; index >= 0; index--) {
    const column = Math.floor((points.times[index] ?? 0) / step) - firstColumn;
    if (column < 0) break;
    const value = points.values[index];
    if (column >= columns) continue;
    if (value === null || value === undefined || !Number.isFinite(value)) {
      missing[column] = 1;
      continue;
    }
    sums[column] = (sums[column] ?? 0) + value;
    counts[column] = (counts[column] ?? 0) + 1;
  }
  return bridge(sums, counts, missing, Math.floor(sampleGap(points) / step));
}

/** Fills columns that no sample fell into, for as long as the next sample was not yet due. */
function bridge(sums: Float64Array, counts: Uint32Array, missing: Uint8Array, reach: number): (number | null)[] {
  const values: (number | null)[] = [];
  let held: number | null = null;
  let holding = 0;
  for (let column = 0; column < sums.length; column++) {
    const count = counts[column] ?? 0;
    if (count > 0) {
      held = (sums[column] ?? 0) / count;
      holding = reach;
    } else if (missing[column] === 1 || holding-- <= 0) {
      held = null;
    }
    values.push(held);
  }
  return values;
}

/** The longest pause that is no gap: one and a half times the shortest of the last few. */
function sampleGap({times}: Points): Micros {
  let shortest = Number.POSITIVE_INFINITY;
  for (let index = Math.max(1, times.length - 8); index < times.length; index++) {
    const pause = (times[index] ?? 0) - (times[index - 1] ?? 0);
    if (pause > 0 && pause < shortest) shortest = pause;
  }
  return Number.isFinite(shortest) ? shortest * 1.5 : 0;
}
