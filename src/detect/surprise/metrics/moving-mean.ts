/** The mean of the newest values. */
export class MovingMean {
  private readonly length: number;
  private readonly values: number[] = [];
  private next = 0;
  private sum = 0;

  constructor(length: number) {
    this.length = length;
  }

  push(value: number): number {
    this.sum += value - (this.values[this.next] ?? 0);
    this.values[this.next] = value;
    this.next = (this.next + 1) % this.length;
    // Sums of sums gather rounding errors: once a round it is summed anew.
    if (this.next === 0) this.sum = this.values.reduce((a, b) => a + b, 0);
    return this.sum / this.values.length;
  }

  snapshot(): readonly [next: number, sum: number, values: readonly number[]] {
    return [this.next, this.sum, [...this.values]];
  }

  restore([next, sum, values]: ReturnType<MovingMean['snapshot']>): void {
    this.next = next;
    this.sum = sum;
    this.values.splice(0, this.values.length, ...values);
  }
}
