import {withinBounds} from '../match/compare.ts';
import type {Bound, Measure} from '../rule.ts';

/** What of one event a correlation needs to remember. */
export interface Entry {
  readonly time: number;
  /** Which of the correlation's rules it belongs to, by place. */
  readonly source: number;
  /** The value whose distinct ones are counted, in lower case. */
  readonly value?: string;
  readonly number?: number;
}

/**
 * Whether a condition, once true, stays true whatever more happens within the window: then it is found at the event
 * that makes it true. Otherwise the window's end has to be awaited.
 */
export function isDecidedAtOnce(measure: Measure, bounds: readonly Bound[]): boolean {
  const growing = bounds.every(({operator}) => operator === 'gt' || operator === 'gte');
  const shrinking = bounds.every(({operator}) => operator === 'lt' || operator === 'lte');
  if (measure.kind === 'min') return shrinking;
  return growing && ['events', 'values', 'rules', 'sum', 'max'].includes(measure.kind);
}

/** Whether the entries of a window, oldest first, satisfy the condition. */
export function satisfies(
  entries: readonly Entry[],
  measure: Measure,
  bounds: readonly Bound[],
  rules: number,
): boolean {
  if (entries.length === 0) return false;
  switch (measure.kind) {
    case 'events':
      return withinBounds(entries.length, bounds);
    case 'values':
      return withinBounds(new Set(entries.map(entry => entry.value)).size, bounds);
    case 'rules':
      return withinBounds(
        measure.ordered ? longestOrder(entries, rules) : new Set(entries.map(entry => entry.source)).size,
        bounds,
      );
    case 'share':
      return shares(entries).some(share => withinBounds(share, bounds));
    default: {
      const numbers = entries.flatMap(({number}) => (number === undefined ? [] : [number]));
      return numbers.length > 0 && withinBounds(measured(numbers, measure), bounds);
    }
  }
}

function measured(
  numbers: readonly number[],
  measure: Exclude<Measure, {kind: 'events' | 'values' | 'rules' | 'share'}>,
): number {
  const sum = () => numbers.reduce((total, number) => total + number, 0);
  switch (measure.kind) {
    case 'sum':
      return sum();
    case 'avg':
      return sum() / numbers.length;
    case 'min':
      return numbers.reduce((least, number) => Math.min(least, number));
    case 'max':
      return numbers.reduce((most, number) => Math.max(most, number));
    case 'median':
      return percentile(numbers, 50);
    case 'percentile':
      return percentile(numbers, measure.percentile);
    default:
      return measure satisfies never;
  }
}

/** With linear interpolation between the two nearest ranks. */
function percentile(numbers: readonly number[], percent: number): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  const place = (percent / 100) * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

/** The percentage of all entries that each distinct value makes up. */
function shares(entries: readonly Entry[]): number[] {
  const counts = new Map<string | undefined, number>();
  for (const {value} of entries) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].map(count => (100 * count) / entries.length);
}

/**
 * How many of the rules, taken in their order, were seen one after another. Entries of one event follow each other with
 * the later rule first, so that no event is its own successor.
 */
function longestOrder(entries: readonly Entry[], rules: number): number {
  const reached = new Array<number>(rules).fill(0);
  for (const {source} of entries) {
    const before = source === 0 ? 0 : Math.max(0, ...reached.slice(0, source));
    reached[source] = Math.max(reached[source] ?? 0, before + 1);
  }
  return Math.max(0, ...reached);
}
