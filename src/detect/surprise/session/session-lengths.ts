import {countLevel} from './count-levels.ts';

export type SessionLengthsSnapshot = readonly (readonly [number, number])[];

/**
 * How long sessions are. Lengths are rarely one bell: a protocol has a few exact ones, so a histogram of levels (see
 * `countLevel`) is kept, not a range; a length between two usual ones is as odd as one beyond them. Bounded by the
 * levels there are.
 */
export class SessionLengths {
  private readonly levels = new Map<number, number>();
  private learned = 0;

  /** −ln of the share of such lengths and their neighbours; what never came has the share Witten & Bell give it. */
  surprise(length: number): number {
    const level = countLevel(length);
    const seen = this.at(level) + (this.at(level - 1) + this.at(level + 1)) / 2;
    return -Math.log((seen + 0.5) / (this.learned + this.levels.size + 1));
  }

  learn(length: number, times = 1): void {
    const level = countLevel(length);
    this.levels.set(level, this.at(level) + times);
    this.learned += times;
  }

  snapshot(): SessionLengthsSnapshot {
    return [...this.levels];
  }

  restore(snapshot: SessionLengthsSnapshot): void {
    this.levels.clear();
    this.learned = 0;
    for (const [level, times] of snapshot) {
      this.levels.set(level, times);
      this.learned += times;
    }
  }

  private at(level: number): number {
    return this.levels.get(level) ?? 0;
  }
}
