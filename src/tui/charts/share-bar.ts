import type {Share} from '../../pipeline/snapshot.ts';
import {percent, thousands} from '../figures.ts';
import type {Size, Style, Theme} from '../pane.ts';
import {cellWidth, fitCells, printable} from '../text.ts';

export interface ShareRow extends Share {
  /** 0–100, of all events. Each is rounded for itself when shown: the sum may read 99.9 or 100.1. */
  readonly percent: number;
  /** What was left out, or came as `other`. Last. */
  readonly rest: boolean;
}

/** The largest `top` shares and, where anything is left, `other`; percentages are of the whole. */
export function shareRows(shares: readonly Share[], top: number): ShareRow[] {
  const known = shares.filter(share => share.count > 0 && Number.isFinite(share.count));
  const total = known.reduce((all, share) => all + share.count, 0);
  const named = known.filter(share => share.value !== 'other').sort((a, b) => b.count - a.count);
  const shown = named.slice(0, Math.max(0, top));
  const rest = total - shown.reduce((all, share) => all + share.count, 0);
  const rows = shown.map(share => ({...share, percent: percentOf(share.count, total), rest: false}));
  if (rest > 0) rows.push({value: 'other', count: rest, percent: percentOf(rest, total), rest: true});
  return rows;
}

/** A share for people: `32.1 %`, and `<0.1 %` for what is there but would read as nothing. */
export function shareText(row: ShareRow): string {
  return row.percent < 0.05 ? '<0.1 %' : percent(row.percent);
}

/** One bar of the whole width, cut into shares, and below it a line a share: mark, name, count, percent. */
export function shareBar(shares: readonly Share[], size: Size, theme: Theme): string[] {
  const rows = shareRows(shares, Math.max(1, Math.min(seriesStyles.length - 1, size.height - 2)));
  if (rows.length === 0 || size.height < 1) return [];
  const looks = rows.map((row, index) => lookOf(row, index, theme));
  const cells = divide(rows, size.width);
  const countCells = Math.max(...rows.map(row => thousands(row.count).length));
  const bar = looks.map((look, index) => theme.paint(look.style, look.mark.repeat(cells[index] ?? 0))).join('');
  return [bar, ...rows.map((row, index) => legendLine(row, looks[index], countCells, size.width, theme))];
}

interface Look {
  readonly mark: string;
  readonly style: Style;
}

const seriesStyles = ['series0', 'series1', 'series2', 'series3', 'series4', 'series5'] as const;
const marks = {unicode: ['█', '▓', '▒', '░', '▚', '▞'], ascii: ['#', '=', '+', '-', ':', 'o']} as const;

function lookOf(row: ShareRow, index: number, theme: Theme): Look {
  if (row.rest) return {mark: theme.unicode ? '·' : '.', style: 'dim'};
  const style = seriesStyles[index] ?? 'plain';
  // Where colours tell the shares apart, solid blocks are calmer than patterns.
  const solid = theme.unicode && theme.paint(style, ' ') !== ' ';
  return {mark: solid ? '█' : ((theme.unicode ? marks.unicode : marks.ascii)[index] ?? ' '), style};
}

/** Whole cells for each share, by largest remainder, so that they fill the width exactly. */
function divide(rows: readonly ShareRow[], width: number): number[] {
  const exact = rows.map(row => (row.percent / 100) * width);
  const cells = exact.map(Math.floor);
  let left = width - cells.reduce((all, count) => all + count, 0);
  const byRemainder = exact.map((value, index) => ({index, rest: value % 1})).sort((a, b) => b.rest - a.rest);
  for (const {index} of byRemainder) {
    if (left-- <= 0) break;
    cells[index] = (cells[index] ?? 0) + 1;
  }
  return cells;
}

function legendLine(row: ShareRow, look: Look | undefined, countCells: number, width: number, theme: Theme): string {
  const figures = ` ${thousands(row.count).padStart(countCells)} ${shareText(row).padStart(8)}`;
  const name = Math.max(0, width - 2 - cellWidth(figures));
  const text = fitCells(printable(row.value, theme.unicode), name, theme.unicode);
  const mark = look ? theme.paint(look.style, fitCells(look.mark, Math.min(2, width), theme.unicode)) : '  ';
  const tail = fitCells(figures, Math.max(0, width - 2 - name), theme.unicode);
  return mark + (row.rest ? theme.paint('dim', text + tail) : text + tail);
}

function percentOf(count: number, total: number): number {
  return total > 0 ? (count * 100) / total : 0;
}
