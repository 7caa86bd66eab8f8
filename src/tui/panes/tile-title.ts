import type {Theme} from '../pane.ts';
import {cellWidth, fitCells} from '../text.ts';

/** A tile's name, then figures for as long as they fit. */
export function tileTitle(title: string, figures: readonly string[], width: number, theme: Theme): string {
  let text = '';
  for (const part of figures) {
    if (cellWidth(title) + cellWidth(text) + cellWidth(part) + 2 > width) break;
    text += `  ${part}`;
  }
  const head = fitCells(title, Math.min(width, cellWidth(title)), theme.unicode);
  const rest = Math.max(0, width - cellWidth(head));
  return theme.paint('title', head) + theme.paint('dim', fitCells(text, rest, theme.unicode));
}
