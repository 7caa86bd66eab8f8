import {freshProbability, type NoveltyRate, noteFresh} from './novelty-rate.ts';

/** A place with more different values than this says nothing by a new one. */
const fewValues = 128;

/** The values that one place of a log statement has had: a word of its message, or something about its event. */
export class ValueSlot {
  private readonly rate: NoveltyRate = {fresh: 0, at: 0};
  /** Undefined once there were too many. */
  private values: Set<number> | undefined = new Set();

  /** How many values are held. */
  get size(): number {
    return this.values?.size ?? 0;
  }

  /**
   * Learns the value that came with this observation of the statement, its `count`-th. Returns how surprising it is
   * that it is new, in nats; 0 where it is not.
   */
  learn(hash: number, count: number): number {
    const {values, rate} = this;
    if (!values || values.has(hash)) return 0;
    const nats = -Math.log(freshProbability(rate, count - 1));
    noteFresh(rate, count);
    if (values.size >= fewValues) this.values = undefined;
    else values.add(hash);
    return nats;
  }

  /** Numbers that `restore` takes: the rate, how many values (-1: too many), and these. */
  write(to: number[]): void {
    to.push(Math.round(this.rate.fresh * 1_000), this.rate.at, this.values ? this.values.size : -1);
    if (this.values) to.push(...this.values);
  }

  /** Reads what `write` wrote, from this place on; returns the place after it. */
  restore(from: Int32Array, start: number): number {
    this.rate.fresh = (from[start] ?? 0) / 1_000;
    this.rate.at = from[start + 1] ?? 0;
    const size = from[start + 2] ?? -1;
    this.values = size < 0 ? undefined : new Set(from.subarray(start + 3, start + 3 + size));
    return start + 3 + Math.max(0, size);
  }
}
