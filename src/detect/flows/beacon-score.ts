import {hour} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';

/** How regular contacts are, each part from 0 to 1. */
export interface BeaconScore {
  readonly total: number;
  /** Of the pauses between contacts. */
  readonly time: number;
  /** Of the bytes sent. */
  readonly size: number;
  /** How evenly contacts are spread over the time they go on. */
  readonly histogram: number;
  /** For how long it goes on: an hour is all. */
  readonly duration: number;
  /** Median pause. */
  readonly interval: Micros;
  /** Median distance of pauses from it. */
  readonly jitter: Micros;
}

const mostBins = 8;
/** Contacts to a part of the time: fewer say more of where its borders fall than of the contacts. */
const leastInBin = 5;
const fullDuration = hour;

/**
 * The score of RITA (Active Countermeasures), four equal parts: Bowley's skewness and the median absolute deviation of
 * pauses, the same of sizes, the spread over time, and the duration. Fewer than four contacts have none: undefined.
 * `since`: of the first contact, which may be long before the first of `times`.
 */
export function beaconScore(
  times: readonly Micros[],
  sizes: readonly number[],
  since: Micros = times[0] ?? 0,
): BeaconScore | undefined {
  if (times.length < 4) return undefined;
  const sorted = ascending(times);
  const pauses = ascending(sorted.slice(1).map((time, index) => time - (sorted[index] ?? time)));
  const interval = quantile(pauses, 0.5);
  if (interval <= 0) return undefined;
  const jitter = deviation(pauses, interval);
  const time = regularity(pauses, interval, jitter);
  const sent = ascending(sizes);
  const usual = quantile(sent, 0.5);
  const size = usual > 0 ? regularity(sent, usual, deviation(sent, usual)) : 0;
  const last = sorted.at(-1) ?? 0;
  const histogram = evenness(sorted);
  const duration = Math.min(1, (last - Math.min(since, sorted[0] ?? last)) / fullDuration);
  return {total: (time + size + histogram + duration) / 4, time, size, histogram, duration, interval, jitter};
}

/** Half from symmetry about the median, half from closeness to it. */
function regularity(sorted: readonly number[], median: number, spread: number): number {
  const low = quantile(sorted, 0.25);
  const high = quantile(sorted, 0.75);
  const width = high - low;
  // A narrow distribution is regular whichever way it leans: of twenty pauses the lean is noise.
  const skewness = width < median * 0.2 ? 0 : Math.abs((low + high - 2 * median) / width);
  return (1 - skewness + Math.max(0, 1 - spread / median)) / 2;
}

function deviation(values: readonly number[], median: number): number {
  return quantile(ascending(values.map(value => Math.abs(value - median))), 0.5);
}

/** 1 less the coefficient of variation of contacts in equal parts of the time. */
function evenness(sorted: readonly Micros[]): number {
  const first = sorted[0] ?? 0;
  const span = (sorted.at(-1) ?? 0) - first;
  if (span <= 0) return 0;
  const bins = Math.min(mostBins, Math.max(2, Math.floor(sorted.length / leastInBin)));
  const counts = new Array<number>(bins).fill(0);
  for (const time of sorted) {
    const bin = Math.min(bins - 1, Math.floor(((time - first) / span) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const mean = sorted.length / bins;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / bins;
  return Math.max(0, 1 - Math.sqrt(variance) / mean);
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((one, other) => one - other);
}

/** Between the neighbours where it falls between two. */
function quantile(sorted: readonly number[], part: number): number {
  const at = (sorted.length - 1) * part;
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}
