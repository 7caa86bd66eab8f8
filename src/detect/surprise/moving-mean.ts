/** The mean of the newest values, in constant time a value. */
export class MovingMean {
  private readonly ring: Float64Array;
  private count = 0;
  private sum = 0;

  /** Over `length` values; 0: the mean of nothing, which is 0. */
  constructor(length: number) {
    this.ring = new Float64Array(length);
  }

  get full(): boolean {
    return this.count >= this.ring.length;
  }

  /** 0 before the first value. */
  get mean(): number {
    return this.count === 0 ? 0 : this.sum / Math.min(this.count, this.ring.length);
  }

  add(value: number): void {
    const {ring} = this;
    if (ring.length === 0) return;
    const at = this.count % ring.length;
    if (this.full) this.sum -= ring[at] ?? 0;
    ring[at] = value;
    this.sum += value;
    this.count += 1;
    // A sum of differences loses digits: once a round it is made anew.
    if (at === ring.length - 1) this.sum = ring.reduce((sum, one) => sum + one, 0);
  }

  /** The values, oldest first. */
  values(): number[] {
    const {ring} = this;
    if (!this.full) return [...ring.subarray(0, this.count)];
    const at = ring.length === 0 ? 0 : this.count % ring.length;
    return [...ring.subarray(at), ...ring.subarray(0, at)];
  }

  restore(values: readonly number[]): void {
    this.count = 0;
    this.sum = 0;
    for (const value of values) this.add(value);
  }
}
