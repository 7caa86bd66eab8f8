import type {Size, Style, Theme} from '../pane.ts';
import {cellWidth, fitCells, highlight, printable, wrap} from '../text.ts';

/** Makes whole lines into exactly `height` of them: what is too much goes, what is missing is blank. */
export function frame(lines: readonly string[], size: Size): string[] {
  const blank = ' '.repeat(Math.max(0, size.width));
  const framed = lines.slice(0, Math.max(0, size.height));
  while (framed.length < size.height) framed.push(blank);
  return framed;
}

/** A note where there is nothing to show: why, and what would change it; wrapped, quiet, in the upper middle. */
export function emptyLines(note: string, size: Size, theme: Theme): string[] {
  const lines = wrap(note, Math.min(size.width - 4, 72), theme.unicode);
  const widest = Math.max(0, Math.min(size.width - 4, 72));
  const indent = Math.max(0, Math.floor((size.width - widest) / 2));
  const above = Math.max(0, Math.floor((size.height - lines.length) / 3));
  const blank = ' '.repeat(Math.max(0, size.width));
  return frame(
    [
      ...Array.from({length: above}, () => blank),
      ...lines.map(line => theme.paint('dim', fitCells(' '.repeat(indent) + line, size.width, theme.unicode))),
    ],
    size,
  );
}

/** Text in pieces, each with its style. */
export type Parts = readonly (readonly [Style, string])[];

/** One line of parts, cut at the width and padded to it, with what is searched for marked. */
export function partsLine(parts: Parts, width: number, theme: Theme, search = ''): string {
  let line = '';
  let left = Math.max(0, width);
  for (const [style, text] of parts) {
    const safe = printable(text, theme.unicode);
    const cells = Math.min(left, cellWidth(safe));
    line += highlight(fitCells(safe, cells, theme.unicode), search, theme, style);
    left -= cells;
  }
  return line + ' '.repeat(left);
}
