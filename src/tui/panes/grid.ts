import type {Size, Theme} from '../pane.ts';
import {frame} from './frame.ts';

/** Draws itself at the size it is given, exactly. */
export type Tile = (size: Size, theme: Theme) => readonly string[];

const gapCells = 3;

/** Lays rows of tiles out evenly, a blank line and three blank cells between them. */
export function tileGrid(rows: readonly (readonly Tile[])[], size: Size, theme: Theme): string[] {
  const lines: string[] = [];
  const heights = split(size.height - (rows.length - 1), rows.length);
  for (const [index, tiles] of rows.entries()) {
    if (index > 0) lines.push(' '.repeat(size.width));
    lines.push(...beside(tiles, {width: size.width, height: heights[index] ?? 0}, theme));
  }
  return frame(lines, size);
}

function beside(tiles: readonly Tile[], size: Size, theme: Theme): string[] {
  const gap = ' '.repeat(gapCells);
  const widths = split(size.width - gapCells * (tiles.length - 1), tiles.length);
  const drawn = tiles.map((tile, index) => tile({width: widths[index] ?? 0, height: size.height}, theme));
  return Array.from({length: size.height}, (_, row) => drawn.map(lines => lines[row] ?? '').join(gap));
}

/** Whole parts as equal as can be; the first ones are larger. */
function split(whole: number, parts: number): number[] {
  const each = Math.floor(Math.max(0, whole) / parts);
  const more = Math.max(0, whole) - each * parts;
  return Array.from({length: parts}, (_, index) => each + (index < more ? 1 : 0));
}
