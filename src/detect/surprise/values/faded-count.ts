import {day} from '../../../event/clock.ts';
import type {Micros} from '../../../event/event.ts';

const halfLife: Micros = 3 * day;
/** Days that a steady rate adds up to, once it has gone on for long: the integral of the forgetting. */
const memoryDays = halfLife / Math.LN2 / day;

/** A count of which what came three days ago is half forgotten. Event time; late events count as of the newest. */
export class FadedCount {
  private value = 0;
  private time: Micros = 0;

  add(time: Micros): void {
    this.value = this.at(time) + 1;
    this.time = Math.max(this.time, time);
  }

  at(time: Micros): number {
    return time <= this.time ? this.value : this.value * 2 ** ((this.time - time) / halfLife);
  }

  snapshot(): readonly [value: number, time: Micros] {
    return [Math.round(this.value * 1_000) / 1_000, this.time];
  }

  restore([value, time]: readonly [value: number, time: Micros]): void {
    this.value = value;
    this.time = time;
  }
}

/** What a faded count of 1 means a day, where counting began so long ago. */
export function daysOf(age: Micros): number {
  return memoryDays * (1 - 2 ** (-Math.max(age, day / 24) / halfLife));
}

/**
 * The probability that the next of some observations brings something new, by how many there were lately and how many
 * of them did: a Beta(½, ½) prior. What is settled has few new ones, whatever it had when it began.
 */
export function freshProbability(fresh: number, observed: number): number {
  return (0.5 + fresh) / (1 + observed);
}
