import {hour} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';
import {daysOf, FadedCount} from './surprise/values/faded-count.ts';

export type SavedHourCount = readonly [count: readonly [number, Micros], hour: number];

/** What is weather comes in so many different hours lately, and in so many a day. */
const usualHours = 3;
const usualADay = 2;

/**
 * In how many different hours something happened lately. An attack that lasts for an hour counts once, however loud it
 * is: it can't make itself look usual.
 */
export class HourCount {
  readonly #count = new FadedCount();
  #hour = -1;

  note(time: Micros): void {
    const now = Math.floor(time / hour);
    if (now <= this.#hour) return;
    this.#hour = now;
    this.#count.add(time);
  }

  at(time: Micros): number {
    return this.#count.at(time);
  }

  /** Whether it is what comes every day, where it is counted since `first`. */
  isUsual(time: Micros, first: Micros): boolean {
    const hours = this.at(time);
    return hours >= usualHours && hours / daysOf(time - first) >= usualADay;
  }

  toJson(): SavedHourCount {
    return [this.#count.snapshot(), this.#hour];
  }

  restore([count, at]: SavedHourCount): void {
    this.#count.restore(count);
    this.#hour = at;
  }
}
