import {hour} from '../../../event/clock.ts';
import type {Micros} from '../../../event/event.ts';

const hours = 24;
/** Counts are halved here, so that new habits outweigh old ones. */
const maxTotal = 2_000;
const least = 20;

/** When in the day something happens, in UTC. */
export class HourProfile {
  private counts = new Uint16Array(hours);
  private total = 0;

  /**
   * How much rarer this hour is than an hour is on average, in nats; 0 or more, and 0 before there is enough to say so.
   * Neighbouring hours count half: habits have no sharp edges.
   */
  nats(time: Micros): number {
    if (this.total < least) return 0;
    const at = hourOf(time);
    const around = (this.count(at - 1) + 2 * this.count(at) + this.count(at + 1)) / 4;
    const probability = (around + 0.5) / (this.total + hours / 2);
    return Math.max(0, -Math.log(probability * hours));
  }

  learn(time: Micros): void {
    const at = hourOf(time);
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.total += 1;
    if (this.total < maxTotal) return;
    this.counts = this.counts.map(count => count >> 1);
    this.total = this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** How often it came in this hour of the day and the two beside it, and at all. */
  seen(time: Micros): {readonly here: number; readonly ever: number} {
    const at = hourOf(time);
    return {here: this.count(at - 1) + this.count(at) + this.count(at + 1), ever: this.total};
  }

  snapshot(): readonly number[] {
    return [...this.counts];
  }

  restore(counts: readonly number[]): void {
    this.counts = Uint16Array.from({length: hours}, (_, at) => counts[at] ?? 0);
    this.total = this.counts.reduce((sum, count) => sum + count, 0);
  }

  private count(at: number): number {
    return this.counts[(at + hours) % hours] ?? 0;
  }
}

function hourOf(time: Micros): number {
  return ((Math.floor(time / hour) % hours) + hours) % hours;
}
