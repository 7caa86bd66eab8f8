import {day, hour} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';

export type SavedMost = readonly [before: number, now: number, hour: number];

/** The most of something that there was in the hours before the present one, halved each week. Event time. */
export class UsualMost {
  readonly #least: number;
  #before = 0;
  #now = 0;
  #hour = 0;

  /** Up to `least` nothing is far beyond. */
  constructor(least: number) {
    this.#least = least;
  }

  /** The most of earlier hours. */
  get before(): number {
    return this.#before;
  }

  note(time: Micros, value: number): void {
    this.#moveTo(time);
    this.#now = Math.max(this.#now, value);
  }

  /** Whether it is more than twice of what there was at the most. */
  isFarExceeded(time: Micros, value: number): boolean {
    this.#moveTo(time);
    return value > Math.max(this.#least, 2 * this.#before);
  }

  toJson(): SavedMost {
    return [this.#before, this.#now, this.#hour];
  }

  restore([before, now, at]: SavedMost): void {
    [this.#before, this.#now, this.#hour] = [before, now, at];
  }

  #moveTo(time: Micros): void {
    const now = Math.floor(time / hour);
    if (now <= this.#hour) return;
    const faded = this.#before * 0.5 ** (((now - this.#hour) * hour) / (7 * day));
    this.#before = Math.max(faded, this.#now);
    this.#now = 0;
    this.#hour = now;
  }
}
