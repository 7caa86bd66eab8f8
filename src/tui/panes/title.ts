import {thousands} from '../figures.ts';
import type {ListView, Pane, Style, Theme} from '../pane.ts';
import {cellWidth, fitCells, printable} from '../text.ts';
import {frame} from './frame.ts';

export interface TitleData {
  readonly name: string;
  /** Rows there are, or -1 where that means nothing. */
  readonly count: number;
  readonly view: ListView;
  /** More to say, for example `page 1/3` or `newest first`. */
  readonly note?: string;
}

export interface TitleText {
  /** Painted. */
  readonly text: string;
  /** Cells of it, never more than asked for. */
  readonly cells: number;
}

/** A pane's title as long as it needs to be, for the border that the shell draws. */
export function titleText({name, count, view, note}: TitleData, width: number, theme: Theme): TitleText {
  const parts: [Style, string][] = [[view.focused ? 'accent' : 'title', name]];
  if (count >= 0) parts.push(['dim', thousands(count)]);
  if (view.missed !== undefined) parts.push(['medium', `PAUSED +${thousands(view.missed)}`]);
  if (view.filter !== '') parts.push(['accent', `filter: ${printable(view.filter, theme.unicode)}`]);
  if (view.search !== '') parts.push(['accent', `search: ${printable(view.search, theme.unicode)}`]);
  if (note !== undefined) parts.push(['dim', note]);
  if (view.follow && view.missed === undefined) parts.push(['dim', 'follow']);
  return join(parts, width, theme);
}

/** The title alone, padded to a line of its own. */
export const titlePane: Pane<TitleData> = (data, size, theme) => {
  const {text, cells} = titleText(data, size.width, theme);
  return frame([text + ' '.repeat(Math.max(0, size.width - cells))], size);
};

/** What no longer fits is cut; what would leave only a scrap of it is left out. */
function join(parts: readonly [Style, string][], width: number, theme: Theme): TitleText {
  const separator = theme.unicode ? ' · ' : ' - ';
  let text = '';
  let cells = 0;
  for (const [style, part] of parts) {
    const before = cells === 0 ? '' : separator;
    const room = Math.min(cellWidth(part), width - cells - before.length);
    if (room < Math.min(cellWidth(part), 6)) break;
    text += theme.paint('dim', before) + theme.paint(style, fitCells(part, room, theme.unicode));
    cells += before.length + room;
  }
  return {text, cells};
}
