import {hour} from '../../../event/clock.ts';
import type {Micros} from '../../../event/event.ts';

export interface AnomalousHour {
  readonly hour: Micros;
  readonly stream: string;
  readonly reason: string;
}

const kept: Micros = 48 * hour;
const mostKept = 500;

/** Which hours of the last two days were anomalous, and why: what a chart marks. One entry an hour and stream. */
export class AnomalousHours {
  private hours: AnomalousHour[] = [];

  add(time: Micros, stream: string, reason: string): void {
    const begin = Math.floor(time / hour) * hour;
    if (this.hours.some(known => known.hour === begin && known.stream === stream)) return;
    this.hours.push({hour: begin, stream, reason});
    const newest = Math.max(...this.hours.map(known => known.hour));
    this.hours = this.hours.filter(known => known.hour > newest - kept).slice(-mostKept);
  }

  /** In the order they were found. */
  list(): readonly AnomalousHour[] {
    return this.hours;
  }

  restore(hours: readonly AnomalousHour[]): void {
    this.hours = hours.slice(-mostKept);
  }
}
