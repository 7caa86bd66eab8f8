import {type CountsSnapshot, LevelCounts} from './level-counts.ts';
import {levels, type Spread} from './level-grid.ts';

export interface LevelModelSnapshot {
  readonly counts: readonly CountsSnapshot[];
  /** How well either opinion did of late, in nats; 0 is perfect. */
  readonly sequence: number;
  readonly clock: number;
}

/** What came before: the levels one and two steps ago (−1: none), and the part of the day. */
export interface LevelContext {
  readonly before: number;
  readonly earlier: number;
  readonly hour: number;
}

/** Parts of a day that are told apart. Must differ from `levels`. */
export const dayParts = 12;
/** Neighbouring points share most of their moving mean: each is a part of a whole observation. */
const weight = 1 / 4;
/** Points after which an opinion's mistakes are two thirds forgotten. */
const memory = 500;
const keep = Math.exp(-1 / memory);

/**
 * What level comes next: a back-off n-gram of order 2 and, where the day has a course, what this time of the day had
 * before. The two are mixed by how well each foretold lately (a Bayesian mixture with forgetting), so a series without
 * a daily course is left to the n-gram.
 */
export class LevelModel {
  private readonly any = new LevelCounts([]);
  private readonly one = new LevelCounts([levels]);
  private readonly two = new LevelCounts([levels, levels]);
  private readonly hours = new LevelCounts([dayParts]);
  private readonly hoursAfter = new LevelCounts([dayParts, levels]);
  private readonly step: number;
  private sequence = 0;
  private clock = 0;

  /** @param step how many points make a whole observation */
  constructor(step: number) {
    this.step = step;
  }

  probability(level: number, context: LevelContext): number {
    const unseen = this.any.probability(0, level, 1 / levels);
    const share = 1 / (1 + Math.exp(this.clock - this.sequence));
    return share * this.bySequence(level, context, unseen) + (1 - share) * this.byClock(level, context, unseen);
  }

  /** What this part of the day alone says, whatever came just before. */
  probabilityByDay(level: number, hour: number): number {
    return this.hours.probability(hour, level, this.any.probability(0, level, 1 / levels));
  }

  learn(level: number, context: LevelContext): void {
    const unseen = this.any.probability(0, level, 1 / levels);
    this.sequence = this.sequence * keep + Math.log(this.bySequence(level, context, unseen)) / this.step;
    this.clock = this.clock * keep + Math.log(this.byClock(level, context, unseen)) / this.step;
    const {before, earlier, hour} = context;
    this.any.learn(0, level, weight);
    this.hours.learn(hour, level, weight);
    if (before < 0) return;
    this.one.learn(before, level, weight);
    this.hoursAfter.learn(hour * levels + before, level, weight);
    if (earlier >= 0) this.two.learn(before * levels + earlier, level, weight);
  }

  /** Carries what was learned over to another grid. */
  spread(spreads: readonly Spread[]): void {
    for (const counts of this.all()) counts.spread(spreads);
  }

  fade(part: number): void {
    for (const counts of this.all()) counts.scale(part);
  }

  snapshot(): LevelModelSnapshot {
    return {counts: this.all().map(counts => counts.snapshot()), sequence: this.sequence, clock: this.clock};
  }

  restore({counts, sequence, clock}: LevelModelSnapshot): void {
    this.all().forEach((one, at) => {
      const saved = counts[at];
      if (saved) one.restore(saved);
    });
    this.sequence = sequence;
    this.clock = clock;
  }

  private bySequence(level: number, {before, earlier}: LevelContext, unseen: number): number {
    if (before < 0) return unseen;
    const first = this.one.probability(before, level, unseen);
    return earlier < 0 ? first : this.two.probability(before * levels + earlier, level, first);
  }

  private byClock(level: number, {before, hour}: LevelContext, unseen: number): number {
    const now = this.hours.probability(hour, level, unseen);
    return before < 0 ? now : this.hoursAfter.probability(hour * levels + before, level, now);
  }

  private all(): readonly LevelCounts[] {
    return [this.any, this.one, this.two, this.hours, this.hoursAfter];
  }
}
