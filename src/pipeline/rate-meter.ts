import type {Clock} from '../event/clock.ts';

const seconds = 10;

/** Counts a second, over the last ten seconds. */
export class RateMeter {
  private readonly buckets = new Array<number>(seconds).fill(0);
  private readonly clock: Clock;
  private current: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.current = this.secondNow();
  }

  add(count: number): void {
    this.advance();
    const index = this.current % seconds;
    this.buckets[index] = (this.buckets[index] ?? 0) + count;
  }

  perSecond(): number {
    this.advance();
    return this.buckets.reduce((sum, count) => sum + count, 0) / seconds;
  }

  private advance(): void {
    const now = this.secondNow();
    // A clock that was set back or far forward leaves nothing to average over.
    if (now < this.current || now - this.current >= seconds) this.buckets.fill(0);
    else for (let second = this.current + 1; second <= now; second++) this.buckets[second % seconds] = 0;
    this.current = now;
  }

  private secondNow(): number {
    return Math.floor(this.clock() / 1_000_000);
  }
}
