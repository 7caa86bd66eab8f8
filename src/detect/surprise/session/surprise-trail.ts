/** How surprising a run of symbols was, as far as it has come: nats a symbol. */
export interface TrailSummary {
  readonly mean: number;
  /** The most surprising symbol. */
  readonly most: number;
  /** The mean of the most surprising stretch of `stretchLength` symbols. */
  readonly stretch: number;
}

/** Short beside a session, long beside an n-gram: one odd symbol is diluted, an odd passage is not. */
export const stretchLength = 20;

/**
 * Sums up the surprise of a session's symbols in constant memory. The mean finds sessions that are odd throughout (the
 * usual score on system calls), the maximum one impossible step, and the worst stretch what lies between: the locality
 * frame of Warrender, Forrest & Pearlmutter (1999).
 */
export class SurpriseTrail {
  private count = 0;
  private sum = 0;
  private most = 0;
  private readonly recent = new Float64Array(stretchLength);
  private recentSum = 0;
  private worst = 0;

  /** Takes the next symbol's surprise in nats. */
  add(nats: number): void {
    const place = this.count % stretchLength;
    this.recentSum += nats - (this.recent[place] ?? 0);
    this.recent[place] = nats;
    this.count += 1;
    this.sum += nats;
    this.most = Math.max(this.most, nats);
    if (this.count >= stretchLength) this.worst = Math.max(this.worst, this.recentSum / stretchLength);
  }

  get summary(): TrailSummary {
    const mean = this.count === 0 ? 0 : this.sum / this.count;
    return {mean, most: this.most, stretch: this.count < stretchLength ? mean : this.worst};
  }
}
