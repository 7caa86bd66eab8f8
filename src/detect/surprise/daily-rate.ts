import {day, hour} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';

const keptDays = 7;

/** First and last time, then day and count of each day. */
export type DailyRateSnapshot = readonly [Micros, Micros, readonly (readonly [number, number])[]];

/** How many a day there were in the newest week of event time. */
export class DailyRate {
  private readonly days = new Map<number, number>();
  private first: Micros = Number.POSITIVE_INFINITY;
  private last: Micros = 0;

  count(time: Micros): void {
    const number = Math.floor(time / day);
    const known = this.days.get(number);
    this.days.set(number, (known ?? 0) + 1);
    this.first = Math.min(this.first, time);
    this.last = Math.max(this.last, time);
    if (known === undefined) this.forget();
  }

  /** 0 before the first; of less than a day as if the day went on so, but of less than an hour as of an hour. */
  perDay(): number {
    let events = 0;
    for (const count of this.days.values()) events += count;
    return events === 0 ? 0 : (events * day) / Math.max(hour, this.last - this.first);
  }

  snapshot(): DailyRateSnapshot {
    return [Number.isFinite(this.first) ? this.first : 0, this.last, [...this.days]];
  }

  restore([first, last, days]: DailyRateSnapshot): void {
    this.days.clear();
    for (const [number, count] of days) this.days.set(number, count);
    this.first = days.length === 0 ? Number.POSITIVE_INFINITY : first;
    this.last = last;
  }

  private forget(): void {
    const newest = Math.floor(this.last / day);
    for (const number of this.days.keys()) if (number <= newest - keptDays) this.days.delete(number);
    this.first = Math.max(this.first, (newest - keptDays + 1) * day);
  }
}
