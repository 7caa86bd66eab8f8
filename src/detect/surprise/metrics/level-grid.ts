/** A range cut into `cells` levels of one width, 1 … cells; 0 lies below it and cells + 1 above. */
export interface LevelGrid {
  readonly low: number;
  readonly high: number;
}

/** Where the counts of one old level go on a new grid: levels and parts, which sum to 1. */
export type Spread = readonly (readonly [level: number, part: number])[];

export const cells = 12;
/** All levels, with the two outside. */
export const levels = cells + 2;
const pieces = 8;

export function levelOf({low, high}: LevelGrid, value: number): number {
  if (value < low) return 0;
  if (value > high) return cells + 1;
  return 1 + Math.min(cells - 1, Math.floor(((value - low) / (high - low)) * cells));
}

/** What a level spans; open at the ends. */
export function spanOf({low, high}: LevelGrid, level: number): readonly [from: number, to: number] {
  const width = (high - low) / cells;
  const from = level === 0 ? Number.NEGATIVE_INFINITY : low + (level - 1) * width;
  return [from, level === cells + 1 ? Number.POSITIVE_INFINITY : low + level * width];
}

/** A grid for values between these, with room for half as much again on either side: drift must not be news. */
export function gridAround(least: number, most: number, leastWidth = 0): LevelGrid {
  const width = most - least;
  const room = width > 0 ? width / 2 : Math.max(Math.abs(least) * 0.01, 1e-9);
  const missing = Math.max(0, leastWidth - width - 2 * room) / 2;
  return {low: least - room - missing, high: most + room + missing};
}

/** Wide enough for the value: half of the new width is left free beyond it. */
export function gridWith({low, high}: LevelGrid, value: number): LevelGrid {
  const room = (Math.max(high, value) - Math.min(low, value)) / 2;
  return value < low ? {low: value - room, high} : {low, high: value + room};
}

/** For each level of the old grid, the levels of the new one that it overlaps. */
export function spreads(old: LevelGrid, now: LevelGrid): Spread[] {
  const width = (old.high - old.low) / cells;
  return Array.from({length: levels}, (_, level) => {
    if (level === 0) return [[levelOf(now, old.low - width / 2), 1]];
    if (level === cells + 1) return [[levelOf(now, old.high + width / 2), 1]];
    const parts = new Map<number, number>();
    for (let piece = 0; piece < pieces; piece++) {
      const target = levelOf(now, old.low + (level - 1 + (piece + 0.5) / pieces) * width);
      parts.set(target, (parts.get(target) ?? 0) + 1 / pieces);
    }
    return [...parts];
  });
}
