import type {ListView, Size} from '../pane.ts';
import {frame} from './frame.ts';

/** The window of finished lines that a scrolled pane shows; `top` beyond the end shows the end. */
export function scrolled(lines: readonly string[], view: Pick<ListView, 'top'>, size: Size): string[] {
  const top = Math.max(0, Math.min(Math.trunc(view.top) || 0, lines.length - size.height));
  return frame(lines.slice(top, top + Math.max(0, size.height)), size);
}
