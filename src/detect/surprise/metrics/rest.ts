/**
 * After an alarm, rest: what follows it is the same disturbance, and the way back to normal is as strange as the way
 * out. Only what is clearly more unexpected than the alarm is told of meanwhile.
 */
export class Rest {
  private readonly points: number;
  private readonly clearlyHigher: number;
  private left = 0;
  private highest = 0;

  /** @param clearlyHigher a score that is higher by this factor breaks the rest */
  constructor(points: number, clearlyHigher = 1.05) {
    this.points = points;
    this.clearlyHigher = clearlyHigher;
  }

  /** The score, or 0 while it rests. Each score that passes begins the rest anew if it is a higher one. */
  pass(score: number): number {
    if (this.left > 0) this.left -= 1;
    else this.highest = 0;
    if (this.highest > 0 && score <= this.highest * this.clearlyHigher) return 0;
    this.highest = score;
    this.left = this.points;
    return score;
  }

  snapshot(): readonly [left: number, highest: number] {
    return [this.left, this.highest];
  }

  restore([left, highest]: ReturnType<Rest['snapshot']>): void {
    this.left = left;
    this.highest = highest;
  }
}
