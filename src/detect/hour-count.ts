import {hour} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';
import {FadedCount} from './surprise/values/faded-count.ts';

export type SavedHourCount = readonly [count: readonly [number, Micros], hour: number];

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

  toJson(): SavedHourCount {
    return [this.#count.snapshot(), this.#hour];
  }

  restore([count, at]: SavedHourCount): void {
    this.#count.restore(count);
    this.#hour = at;
  }
}
