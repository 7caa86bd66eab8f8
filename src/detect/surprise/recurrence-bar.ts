import {day} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';

const kept: Micros = 7 * day;
const maxKept = 4_000;

export type RecurrenceBarSnapshot = readonly [first: Micros, candidates: readonly (readonly [Micros, number])[]];

/**
 * From which score on an alert is worth telling, so that about as many a day are told as are wanted: by the scores of
 * the last week of event time. Infinite on the first day.
 */
export class RecurrenceBar {
  private readonly wanted: number;
  private first: Micros | undefined;
  private candidates: [time: Micros, score: number][] = [];
  private cached = Number.POSITIVE_INFINITY;

  constructor(alertsPerDay: number) {
    this.wanted = alertsPerDay;
  }

  /** The score to be exceeded at this time. */
  at(time: Micros): number {
    this.first ??= time;
    return time - this.first < day ? Number.POSITIVE_INFINITY : this.cached;
  }

  /** Takes one candidate into account: its score, told or not. */
  note(time: Micros, score: number): void {
    this.candidates.push([time, score]);
    if (this.candidates.length > maxKept) this.candidates.splice(0, maxKept / 4);
    while ((this.candidates[0]?.[0] ?? time) < time - kept) this.candidates.shift();
    this.update(time);
  }

  snapshot(): RecurrenceBarSnapshot {
    return [this.first ?? 0, this.candidates.map(([time, score]) => [time, Math.round(score * 100) / 100])];
  }

  restore([first, candidates]: RecurrenceBarSnapshot): void {
    this.first = first;
    this.candidates = candidates.map(([time, score]) => [time, score]);
    const last = this.candidates.at(-1);
    if (last) this.update(last[0]);
  }

  private update(time: Micros): void {
    const days = Math.max(1, Math.min(kept, time - (this.first ?? time)) / day);
    const rank = Math.floor(this.wanted * days);
    const sorted = this.candidates.map(([, score]) => score).sort((a, b) => b - a);
    this.cached = sorted[rank] ?? 0;
  }
}
