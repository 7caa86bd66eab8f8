import type {Micros} from '../../event/event.ts';
import {DailyRate, type DailyRateSnapshot} from './daily-rate.ts';

const leastRisk = 1e-7;
const mostRisk = 1e-2;
const updateEvery = 256;

/**
 * Turns "so many alerts a day" into the probability of an alert an event: by how many events a day came in the newest
 * days of event time.
 */
export class AlertRate {
  private readonly wanted: number;
  private readonly events = new DailyRate();
  private cached = mostRisk;
  private sinceUpdate = 0;

  constructor(alertsPerDay: number) {
    this.wanted = alertsPerDay;
  }

  get risk(): number {
    return this.cached;
  }

  count(time: Micros): void {
    this.events.count(time);
    if (++this.sinceUpdate >= updateEvery) this.update();
  }

  snapshot(): DailyRateSnapshot {
    return this.events.snapshot();
  }

  restore(snapshot: DailyRateSnapshot): void {
    this.events.restore(snapshot);
    this.update();
  }

  private update(): void {
    this.sinceUpdate = 0;
    this.cached = Math.min(mostRisk, Math.max(leastRisk, this.wanted / Math.max(1, this.events.perDay())));
  }
}
