import {packFloats, packInts, unpackFloats, unpackInts} from '../packed.ts';
import {levels, type Spread} from './level-grid.ts';

/** Places and counts of all that are not 0, packed. */
export type CountsSnapshot = readonly [places: string, counts: string];

/** Less than this is left of a count that was spread over too many levels: it did not come. */
const leastCount = 0.01;
/** A context's counts are halved here, so that what a series does now outweighs what it did long ago. */
const mostOfContext = 4_096;

/**
 * How often which level followed each context, where a context is up to two small numbers. `sizes` says how many values
 * each has; one that has as many as there are levels is a level, and is spread like one when the grid changes.
 */
export class LevelCounts {
  private readonly sizes: readonly number[];
  private counts: Float32Array;
  private readonly totals: Float32Array;
  private readonly distinct: Uint8Array;

  constructor(sizes: readonly number[]) {
    const contexts = sizes.reduce((product, size) => product * size, 1);
    this.sizes = sizes;
    this.counts = new Float32Array(contexts * levels);
    this.totals = new Float32Array(contexts);
    this.distinct = new Uint8Array(contexts);
  }

  /** Witten–Bell: the level's part here, with as much weight for the shorter context's word as there are levels seen. */
  probability(context: number, level: number, shorter: number): number {
    const distinct = this.distinct[context] ?? 0;
    const count = this.counts[context * levels + level] ?? 0;
    return distinct === 0 ? shorter : (count + distinct * shorter) / ((this.totals[context] ?? 0) + distinct);
  }

  learn(context: number, level: number, weight: number): void {
    const at = context * levels + level;
    const before = this.counts[at] ?? 0;
    if (before === 0) this.distinct[context] = (this.distinct[context] ?? 0) + 1;
    this.counts[at] = before + weight;
    this.totals[context] = (this.totals[context] ?? 0) + weight;
    if ((this.totals[context] ?? 0) > mostOfContext) this.halve(context);
  }

  /** Carries what was learned over to another grid. */
  spread(spreads: readonly Spread[]): void {
    const before = this.counts;
    this.counts = new Float32Array(before.length);
    const sizes = [...this.sizes, levels];
    before.forEach((count, place) => {
      if (count > 0) this.place(coordinates(place, sizes), sizes, spreads, count);
    });
    this.sum();
  }

  /** Leaves this part of every count. */
  scale(part: number): void {
    this.counts.forEach((count, at) => {
      this.counts[at] = count * part;
    });
    this.sum();
  }

  snapshot(): CountsSnapshot {
    const places = [...this.counts.keys()].filter(at => (this.counts[at] ?? 0) > 0);
    return [packInts(Int32Array.from(places)), packFloats(Float32Array.from(places, at => this.counts[at] ?? 0))];
  }

  restore([places, counts]: CountsSnapshot): void {
    const values = unpackFloats(counts);
    this.counts.fill(0);
    unpackInts(places).forEach((place, at) => {
      if (place >= 0 && place < this.counts.length) this.counts[place] = Math.max(0, values[at] ?? 0);
    });
    this.sum();
  }

  private place(from: readonly number[], sizes: readonly number[], spreads: readonly Spread[], count: number): void {
    const walk = (at: number, index: number, weight: number): void => {
      if (at === from.length) {
        this.counts[index] = (this.counts[index] ?? 0) + weight;
        return;
      }
      const value = from[at] ?? 0;
      const size = sizes[at] ?? 1;
      const targets: Spread = size === levels ? (spreads[value] ?? []) : [[value, 1]];
      for (const [target, part] of targets) walk(at + 1, index * size + target, weight * part);
    };
    walk(0, 0, count);
  }

  private halve(context: number): void {
    const from = context * levels;
    for (let at = from; at < from + levels; at++) this.counts[at] = (this.counts[at] ?? 0) / 2;
    this.sumContext(context);
  }

  private sum(): void {
    for (let context = 0; context < this.totals.length; context++) this.sumContext(context);
  }

  private sumContext(context: number): void {
    const from = context * levels;
    let total = 0;
    let distinct = 0;
    for (let at = from; at < from + levels; at++) {
      const count = this.counts[at] ?? 0;
      if (count < leastCount) this.counts[at] = 0;
      else {
        total += count;
        distinct += 1;
      }
    }
    this.totals[context] = total;
    this.distinct[context] = distinct;
  }
}

function coordinates(place: number, sizes: readonly number[]): number[] {
  const found: number[] = [];
  let rest = place;
  for (let at = sizes.length - 1; at >= 0; at--) {
    const size = sizes[at] ?? 1;
    found.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return found;
}
