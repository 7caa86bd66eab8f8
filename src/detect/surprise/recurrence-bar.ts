import {day} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';

const kept: Micros = 7 * day;
const maxKept = 4_000;

export interface RecurrenceBarOptions {
  /** Event time without any alert, while too little is known of what comes how often. Default: half a day. */
  readonly quietTime: Micros;
  /** What is never told, however few alerts there are. Default: what comes more often than twice a day. */
  readonly leastScore: number;
}

const defaults: RecurrenceBarOptions = {quietTime: day / 2, leastScore: -0.7};

export type RecurrenceBarSnapshot = readonly [first: Micros, candidates: readonly (readonly [Micros, number])[]];

/**
 * From which score on an alert is worth telling, so that about as many a day are told as are wanted: by the scores of
 * the last week of event time. Infinite while too little was seen.
 */
export class RecurrenceBar {
  private readonly wanted: number;
  private first: Micros | undefined;
  private candidates: [time: Micros, score: number][] = [];
  private readonly options: RecurrenceBarOptions;
  private bar: number;

  constructor(alertsPerDay: number, options: Partial<RecurrenceBarOptions> = {}) {
    this.wanted = alertsPerDay;
    this.options = {...defaults, ...options};
    this.bar = this.options.leastScore;
  }

  /** The score to be exceeded at this time. */
  at(time: Micros): number {
    return this.progress(time) < 1 ? Number.POSITIVE_INFINITY : this.bar;
  }

  /** What is never told. */
  get least(): number {
    return this.options.leastScore;
  }

  /** 0–1: how far it is from the first alert. */
  progress(time: Micros): number {
    this.first ??= time;
    return Math.max(0, Math.min(1, (time - this.first) / Math.max(1, this.options.quietTime)));
  }

  /** Takes one candidate into account: its score, told or not. */
  note(time: Micros, score: number): void {
    this.first ??= time;
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
    this.bar = Math.max(this.options.leastScore, sorted[rank] ?? Number.NEGATIVE_INFINITY);
  }
}
