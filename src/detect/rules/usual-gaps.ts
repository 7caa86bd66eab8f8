import {day} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';

export interface SavedGaps {
  readonly mean: Micros;
  readonly deviation: Micros;
  readonly longest: Micros;
  readonly learned: number;
}

/** The pauses of something that writes now and then: their mean, how far they stray from it, and the longest lately. */
export class Gaps {
  mean: Micros;
  longest: Micros;
  #deviation: Micros;
  #learned: number;

  constructor(saved: SavedGaps = {mean: 0, deviation: 0, longest: 0, learned: 0}) {
    this.mean = saved.mean;
    this.longest = saved.longest;
    this.#deviation = saved.deviation;
    this.#learned = saved.learned;
  }

  learn(gap: Micros): void {
    this.#learned++;
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
   * than the mean, and its silence means nothing.
   */
  areRegular(): boolean {
    return this.#learned >= fewestGaps && this.#deviation <= this.mean;
  }

  toJson(): SavedGaps {
    return {mean: this.mean, deviation: this.#deviation, longest: this.longest, learned: this.#learned};
  }
}

const fewestGaps = 50;
