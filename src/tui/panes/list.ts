import type {Micros} from '../../event/event.ts';
import type {ListView, Size, Style, Theme} from '../pane.ts';
import {type Align, fitCells, highlight} from '../text.ts';
import {emptyLines, frame} from './frame.ts';

/** Rows in the order they are shown, where the list stands, and what to say when there are none. */
export interface ListData<Row> {
  readonly rows: readonly Row[];
  readonly view: ListView;
  /** The present, by the snapshot: rows of another day show their date. */
  readonly now: Micros;
  /** Why there is nothing and what would change it. */
  readonly empty: string;
}

/** What a cell's text may depend on besides its row. */
export interface RowContext {
  readonly theme: Theme;
  readonly now: Micros;
  /** Cells this column got. */
  readonly cells: number;
  /** Of the whole pane. */
  readonly width: number;
}

export interface Column<Row> {
  readonly title: string;
  readonly width: number;
  /** Its part of what the fixed columns leave over, up to `most` cells in all. */
  readonly grow?: number;
  readonly most?: number;
  readonly align?: Align;
  /** The narrowest and the widest pane that show it. */
  readonly from?: number;
  readonly until?: number;
  text(row: Row, context: RowContext): string;
  style?(row: Row): Style;
}

/** A table: a header, then the visible window of rows. Only that window is formatted. */
export function listLines<Row>(
  columns: readonly Column<Row>[],
  data: ListData<Row>,
  size: Size,
  theme: Theme,
  dimmed: (row: Row) => boolean = () => false,
): string[] {
  if (size.height <= 0 || size.width <= 0) return frame([], size);
  if (data.rows.length === 0) return emptyLines(emptyNote(data), size, theme);
  const placed = placeColumns(columns, data, size, theme);
  const lines = [headerLine(placed, size, theme)];
  const room = size.height - 1;
  const top = Math.max(0, Math.min(data.view.top, data.rows.length - room));
  for (let index = top; index < top + room; index++) {
    const row = data.rows[index];
    if (row === undefined) break;
    lines.push(rowLine(placed, row, index === data.view.selected, dimmed(row), data.view, size, theme));
  }
  return frame(lines, size);
}

/** How many rows of a list a pane of this height shows: what a page key moves by. */
export function listPage(size: Size): number {
  return Math.max(0, size.height - 1);
}

interface Placed<Row> {
  readonly column: Column<Row>;
  readonly context: RowContext;
}

const marker = 2;

function emptyNote<Row>(data: ListData<Row>): string {
  return data.view.filter === '' ? data.empty : `Nothing matches the filter: ${data.view.filter}`;
}

function placeColumns<Row>(
  columns: readonly Column<Row>[],
  data: ListData<Row>,
  size: Size,
  theme: Theme,
): readonly Placed<Row>[] {
  const {width} = size;
  const gap = gapOf(width);
  const shown = columns.filter(({from = 0, until = Number.POSITIVE_INFINITY}) => width >= from && width <= until);
  while (shown.length > 1 && needed(shown, gap) > width) shown.pop();
  let left = Math.max(0, width - needed(shown, gap));
  let weight = shown.reduce((total, column) => total + (column.grow ?? 0), 0);
  return shown.map(column => {
    const grow = column.grow ?? 0;
    const share = weight === 0 ? 0 : Math.floor((left * grow) / weight);
    const more = Math.min(share, (column.most ?? Number.POSITIVE_INFINITY) - column.width);
    left -= more;
    weight -= grow;
    const cells = Math.max(0, Math.min(column.width + more, width - marker));
    return {column, context: {theme, now: data.now, cells, width}};
  });
}

function gapOf(width: number): number {
  return width >= 120 ? 2 : 1;
}

function needed<Row>(columns: readonly Column<Row>[], gap: number): number {
  return columns.reduce((total, column) => total + column.width, marker + gap * (columns.length - 1));
}

function headerLine<Row>(placed: readonly Placed<Row>[], size: Size, theme: Theme): string {
  const gap = ' '.repeat(gapOf(size.width));
  const titles = placed.map(({column, context}) => fitCells(column.title, context.cells, theme.unicode, column.align));
  return theme.paint('header', fitCells(`  ${titles.join(gap)}`, size.width, theme.unicode));
}

function rowLine<Row>(
  placed: readonly Placed<Row>[],
  row: Row,
  selected: boolean,
  dim: boolean,
  view: ListView,
  size: Size,
  theme: Theme,
): string {
  const gap = ' '.repeat(gapOf(size.width));
  const {unicode} = theme;
  const mark = selected ? (unicode ? '▸ ' : '> ') : '  ';
  const bar = selected && view.focused;
  let line = size.width < marker ? '' : bar ? theme.paint('selected', mark) : theme.paint('accent', mark);
  let used = Math.min(marker, size.width);
  for (const [index, {column, context}] of placed.entries()) {
    const text = fitCells(column.text(row, context), context.cells, unicode, column.align);
    const style = bar ? 'selected' : dim ? 'dim' : (column.style?.(row) ?? 'plain');
    if (index > 0) line += bar ? theme.paint('selected', gap) : gap;
    line += highlight(text, view.search, theme, style);
    used += context.cells + (index > 0 ? gap.length : 0);
  }
  const rest = ' '.repeat(Math.max(0, size.width - used));
  return line + (size.width < marker ? ' '.repeat(size.width) : bar ? theme.paint('selected', rest) : rest);
}
