import {day, hour} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';

const keptDays = 7;
const leastRisk = 1e-7;
const mostRisk = 1e-2;

/**
 * Turns "so many alerts a day" into the probability of an alert an event: by how many events a day came in the newest
 * days of event time.
 */
export class AlertRate {
  private readonly perDay: number;
  private readonly days = new Map<number, number>();
  private first: Micros = Number.POSITIVE_INFINITY;
  private last: Micros = 0;
  private cached = mostRisk;
  private sinceUpdate = 0;

  constructor(alertsPerDay: number) {
    this.perDay = alertsPerDay;
  }

  get risk(): number {
    return this.cached;
  }

  count(time: Micros): void {
    const number = Math.floor(time / day);
    this.days.set(number, (this.days.get(number) ?? 0) + 1);
    this.first = Math.min(this.first, time);
    this.last = Math.max(this.last, time);
    if (++this.sinceUpdate >= 256) this.update();
  }

  snapshot(): {readonly first: Micros; readonly last: Micros; readonly days: readonly (readonly [number, number])[]} {
    return {first: Number.isFinite(this.first) ? this.first : 0, last: this.last, days: [...this.days]};
  }

  restore(snapshot: ReturnType<AlertRate['snapshot']>): void {
    this.days.clear();
    for (const [number, count] of snapshot.days) this.days.set(number, count);
    this.first = snapshot.days.length === 0 ? Number.POSITIVE_INFINITY : snapshot.first;
    this.last = snapshot.last;
    this.update();
  }

  private update(): void {
    this.sinceUpdate = 0;
    const newest = Math.floor(this.last / day);
    for (const number of this.days.keys()) if (number <= newest - keptDays) this.days.delete(number);
    this.first = Math.max(this.first, (newest - keptDays + 1) * day);
    let events = 0;
    for (const count of this.days.values()) events += count;
    const eventsPerDay = (events * day) / Math.max(hour, this.last - this.first);
    this.cached = Math.min(mostRisk, Math.max(leastRisk, this.perDay / Math.max(1, eventsPerDay)));
  }
}
