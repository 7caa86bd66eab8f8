import {day} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';

export interface SavedGaps {
  readonly mean: Micros;
  readonly deviation: Micros;
  readonly longest: Micros;
  readonly learned: number;
  /** Absent in what was saved before it was counted: long. */
  readonly heard?: Micros;
}

/** The pauses of something that writes now and then: their mean, how far they stray from it, and the longest lately. */
export class Gaps {
  mean: Micros;
  longest: Micros;
  #deviation: Micros;
  #learned: number;
  #heard: Micros;

  constructor(saved: SavedGaps = {mean: 0, deviation: 0, longest: 0, learned: 0, heard: 0}) {
    this.mean = saved.mean;
    this.longest = saved.longest;
    this.#deviation = saved.deviation;
    this.#learned = saved.learned;
    this.#heard = saved.heard ?? day;
  }

  learn(gap: Micros): void {
    this.#learned++;
    this.#heard += gap;
    const weight = Math.max(1 / this.#learned, 0.02);
    this.#deviation += weight * (Math.abs(gap - this.mean) - this.#deviation);
    this.mean += weight * (gap - this.mean);
    this.remember(gap);
  }

  /** Takes a pause as one that may come again, without making it usual. Forgotten by half in a week. */
  remember(gap: Micros): void {
    this.longest = Math.max(gap, this.longest * 0.5 ** (gap / (7 * day)));
  }

  /**
   * Pauses at random with one rate (Poisson) stray by 0.74 of their mean; a program that writes in bursts strays by more
   * than the mean, and its silence means nothing. What goes by people and not by a clock must have been heard for a day:
   * before there was a night, the first one is no silence.
   */
  areRegular(): boolean {
    if (this.#learned < fewestGaps || this.#deviation > this.mean) return false;
    return this.#heard >= day || this.#deviation <= byClock * this.mean;
  }

  toJson(): SavedGaps {
    return {
      mean: this.mean,
      deviation: this.#deviation,
      longest: this.longest,
      learned: this.#learned,
      heard: this.#heard,
    };
  }
}

const fewestGaps = 50;
/** Pauses of a clock stray by less of their mean, those of people by more: evenly drawn from half to one and a half, by 0.25. */
const byClock = 0.3;
