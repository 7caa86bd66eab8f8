import type {Micros} from '../../../event/event.ts';
import {FadedCount, freshProbability} from './faded-count.ts';

/** A place with more different values than this says nothing by a new one. */
const fewValues = 128;

/** The values that one place of a log statement has had: a word of its message, or something about its event. */
export class ValueSlot {
  private readonly fresh = new FadedCount();
  /** Undefined once there were too many. */
  private values: Set<number> | undefined = new Set();

  /** How many values are held. */
  get size(): number {
    return this.values?.size ?? 0;
  }

  /**
   * Learns a value, of a statement that came `observed` times lately. Returns how surprising it is that it is new, in
   * nats; 0 where it is not.
   */
  learn(hash: number, observed: number, time: Micros): number {
    const {values, fresh} = this;
    if (!values || values.has(hash)) return 0;
    const nats = -Math.log(freshProbability(fresh.at(time), observed));
    fresh.add(time);
    if (values.size >= fewValues) this.values = undefined;
    else values.add(hash);
    return Math.max(0, nats);
  }

  /** Numbers that `restore` takes. */
  write(to: number[]): void {
    const [value, time] = this.fresh.snapshot();
    to.push(Math.round(value * 1_000), Math.round(time / 1e6), this.values ? this.values.size : -1);
    if (this.values) to.push(...this.values);
  }

  /** Reads what `write` wrote, from this place on; returns the place after it. */
  restore(from: Int32Array, start: number): number {
    this.fresh.restore([(from[start] ?? 0) / 1_000, (from[start + 1] ?? 0) * 1e6]);
    const size = from[start + 2] ?? -1;
    this.values = size < 0 ? undefined : new Set(from.subarray(start + 3, start + 3 + size));
    return start + 3 + Math.max(0, size);
  }
}
