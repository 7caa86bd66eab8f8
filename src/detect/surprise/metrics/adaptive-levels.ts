import {gridAround, gridWith, type LevelGrid, levelOf, levels, spanOf, spreads} from './level-grid.ts';
import {type LevelContext, LevelModel, type LevelModelSnapshot} from './level-model.ts';

export interface AdaptiveLevelsSnapshot {
  readonly grid: LevelGrid | null;
  readonly past: readonly number[];
  readonly waiting: readonly (readonly [signal: number, hour: number])[];
  readonly block: readonly [points: number, least: number, most: number];
  readonly blocks: readonly (readonly [number, number])[];
  readonly model: LevelModelSnapshot;
}

export interface ExpectedSpan {
  readonly from: number;
  readonly to: number;
  readonly probability: number;
}

export interface AdaptiveOptions {
  /** Points between a level and the one it is foretold from. */
  readonly step: number;
  /** Points that the first grid is laid around. */
  readonly begin: number;
  /** A grid that is there from the first point. */
  readonly grid?: LevelGrid | undefined;
  /** Where it is known how little is nothing: the grid is never finer than this. */
  readonly leastWidth?: number;
}

/** The range is looked at in blocks of so many points; it shrinks to what so many of the newest blocks used. */
const blockPoints = 500;
const blocksKept = 16;
/** A quarter of the grid's width is used where it has just been laid around its values: half of that is too little. */
const leastUsed = 1 / 4;

/**
 * One signal as levels, and how surprising each next one is. The grid is laid around the first points, grows with what
 * lies outside, shrinks when only a small part of it was used for long, and takes what was learned with it.
 */
export class AdaptiveLevels {
  private readonly step: number;
  private readonly begin: number;
  private readonly leastWidth: number;
  private readonly model: LevelModel;
  private grid: LevelGrid | undefined;
  /** The newest 2 × step signals, oldest first. */
  private past: number[] = [];
  private waiting: (readonly [number, number])[] = [];
  private points = 0;
  private least = Number.POSITIVE_INFINITY;
  private most = Number.NEGATIVE_INFINITY;
  private blocks: (readonly [number, number])[] = [];

  constructor({step, begin, grid, leastWidth = 0}: AdaptiveOptions) {
    this.step = step;
    this.begin = begin;
    this.leastWidth = leastWidth;
    this.model = new LevelModel(step);
    this.grid = grid;
  }

  get width(): number {
    return this.grid ? this.grid.high - this.grid.low : 0;
  }

  /** Surprise in nats; 0 before there is a grid. Nothing is learned by asking. */
  surprise(signal: number, hour: number): number {
    if (!this.grid) return 0;
    return -Math.log(this.model.probability(levelOf(this.grid, signal), this.context(this.grid, hour)));
  }

  /** The same from the part of the day alone: a state that lasts stays as surprising as it was when it began. */
  surpriseByDay(signal: number, hour: number): number {
    return this.grid ? -Math.log(this.model.probabilityByDay(levelOf(this.grid, signal), hour)) : 0;
  }

  /** The likeliest spans for the next signal, likeliest first. */
  expected(hour: number, top: number): ExpectedSpan[] {
    const {grid} = this;
    if (!grid) return [];
    const context = this.context(grid, hour);
    return likeliest(grid, top, level => this.model.probability(level, context));
  }

  /** The same by the part of the day alone. */
  expectedByDay(hour: number, top: number): ExpectedSpan[] {
    return this.grid ? likeliest(this.grid, top, level => this.model.probabilityByDay(level, hour)) : [];
  }

  learn(signal: number, hour: number): void {
    if (!this.grid) {
      this.waiting.push([signal, hour]);
      if (this.waiting.length >= this.begin) this.start();
      return;
    }
    this.model.learn(levelOf(this.grid, signal), this.context(this.grid, hour));
    this.past.push(signal);
    if (this.past.length > this.step * 2) this.past.shift();
    if (signal < this.grid.low || signal > this.grid.high) this.lay(gridWith(this.grid, signal));
    this.watchRange(signal);
  }

  /** Leaves this part of what was learned, and of the newest points nothing. */
  fade(part: number): void {
    this.model.fade(part);
    this.past = [];
    this.blocks = [];
  }

  snapshot(): AdaptiveLevelsSnapshot {
    const {grid, past, waiting, points, least, most, blocks} = this;
    const block = [points, points > 0 ? least : 0, points > 0 ? most : 0] as const;
    return {grid: grid ?? null, past: [...past], waiting: [...waiting], block, blocks, model: this.model.snapshot()};
  }

  restore({grid, past, waiting, block, blocks, model}: AdaptiveLevelsSnapshot): void {
    this.grid = grid ?? undefined;
    this.past = [...past];
    this.waiting = [...waiting];
    this.blocks = [...blocks];
    const [points, least, most] = block;
    this.points = points;
    this.least = points > 0 ? least : Number.POSITIVE_INFINITY;
    this.most = points > 0 ? most : Number.NEGATIVE_INFINITY;
    this.model.restore(model);
  }

  private start(): void {
    const signals = this.waiting.map(([signal]) => signal);
    this.grid = gridAround(Math.min(...signals), Math.max(...signals), this.leastWidth);
    const waiting = this.waiting;
    this.waiting = [];
    for (const [signal, hour] of waiting) this.learn(signal, hour);
  }

  private context(grid: LevelGrid, hour: number): LevelContext {
    const {past, step} = this;
    const before = past[past.length - step];
    const earlier = past[past.length - 2 * step];
    return {
      before: before === undefined ? -1 : levelOf(grid, before),
      earlier: earlier === undefined ? -1 : levelOf(grid, earlier),
      hour,
    };
  }

  private watchRange(signal: number): void {
    this.points += 1;
    this.least = Math.min(this.least, signal);
    this.most = Math.max(this.most, signal);
    if (this.points < blockPoints) return;
    this.blocks.push([this.least, this.most]);
    if (this.blocks.length > blocksKept) this.blocks.shift();
    this.points = 0;
    this.least = Number.POSITIVE_INFINITY;
    this.most = Number.NEGATIVE_INFINITY;
    if (this.blocks.length === blocksKept) this.shrink();
  }

  private shrink(): void {
    const least = Math.min(...this.blocks.map(([from]) => from));
    const most = Math.max(...this.blocks.map(([, to]) => to));
    if (!(most > least && most - least < this.width * leastUsed)) return;
    const grid = gridAround(least, most, this.leastWidth);
    if (grid.high - grid.low < this.width) this.lay(grid);
  }

  private lay(grid: LevelGrid): void {
    if (this.grid) this.model.spread(spreads(this.grid, grid));
    this.grid = grid;
  }
}

function likeliest(grid: LevelGrid, top: number, probability: (level: number) => number): ExpectedSpan[] {
  return Array.from({length: levels}, (_, level) => {
    const [from, to] = spanOf(grid, level);
    return {from, to, probability: probability(level)};
  })
    .sort((a, b) => b.probability - a.probability)
    .slice(0, top);
}
