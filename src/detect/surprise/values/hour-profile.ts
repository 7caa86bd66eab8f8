import {hour} from '../../../event/clock.ts';
import type {Micros} from '../../../event/event.ts';

const hours = 24;
/** Counts are halved here, so that new habits outweigh old ones. */
const maxTotal = 2_000;
/** Observations that what is known of a wider circle counts as. */
const priorWeight = 6;

/** When in the day something happens, in UTC. */
export class HourProfile {
  private counts = new Uint16Array(hours);
  private total = 0;

  /**
   * The probability of this hour of the day, given what a wider circle says of it: everybody's habits where a person's
   * are hardly known. Neighbouring hours count half: habits have no sharp edges.
   */
  probability(time: Micros, wider = 1 / hours): number {
    const at = hourOf(time);
    const around = (this.count(at - 1) + 2 * this.count(at) + this.count(at + 1)) / 4;
    return (around + priorWeight * wider) / (this.total + priorWeight);
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

/** How much rarer an hour of this probability is than an hour is on average, in nats; 0 where it is not. */
export function hourSurprise(probability: number): number {
  return Math.max(0, -Math.log(probability * hours));
}

function hourOf(time: Micros): number {
  return ((Math.floor(time / hour) % hours) + hours) % hours;
}
