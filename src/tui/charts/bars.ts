import {compact} from '../figures.ts';
import type {Size, Style, Theme} from '../pane.ts';
import {fitCells} from '../text.ts';
import {roundScale} from './line-chart.ts';

export interface Bar {
  /** At most two cells are sure to be shown, for example the hour. */
  readonly label: string;
  readonly count: number;
  /** Drawn in another colour, with a mark below. */
  readonly marked?: boolean;
}

/** What stands below a marked bar. */
export function barMark({unicode}: Theme): string {
  return unicode ? '▲' : '^';
}

/** Columns from left to right with their labels below and a scale of counts at the left; marks where any bar has one. */
export function barChart(bars: readonly Bar[], style: Style, size: Size, theme: Theme): string[] {
  const marks = bars.some(bar => bar.marked) && size.height > leastMarked ? 1 : 0;
  const rows = size.height - 1 - marks;
  const pitch = Math.min(8, Math.floor((size.width - scaleCells) / Math.max(1, bars.length)));
  if (rows < 1 || pitch < 1) return Array.from({length: size.height}, () => ' '.repeat(size.width));
  const max = roundScale(Math.max(0, ...bars.map(bar => finite(bar.count))), 1);
  const thick = pitch > 1 ? pitch - 1 : 1;
  const rest = size.width - scaleCells - pitch * bars.length;
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    const floor = rows - 1 - row;
    const cells = bars.map(bar => {
      const cell = barCell((finite(bar.count) / max) * rows - floor, floor === 0, theme.unicode);
      return {text: cell.repeat(thick).padEnd(pitch), style: bar.marked ? 'high' : style} as const;
    });
    lines.push(scale(max, row, rows, theme) + paintRuns(cells, theme) + ' '.repeat(rest));
  }
  if (marks > 0) lines.push(markLine(bars, pitch, size.width, theme));
  lines.push(labelLine(bars, pitch, size.width, theme));
  return lines;
}

const scaleCells = 7;
const leastMarked = 4;
const eighths = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** `filled`: how much of this cell the bar covers. Anything above nothing shows in the lowest row. */
function barCell(filled: number, lowest: boolean, unicode: boolean): string {
  if (!unicode) {
    if (filled >= 0.5) return '#';
    return lowest && filled > 0 ? '_' : ' ';
  }
  const level = Math.max(0, Math.min(8, Math.round(filled * 8)));
  return eighths[level === 0 && lowest && filled > 0 ? 1 : level] ?? ' ';
}

function scale(max: number, row: number, rows: number, theme: Theme): string {
  const labelled = row === 0 || row === rows - 1;
  const value = row === 0 ? max : 0;
  const axis = theme.unicode ? (labelled ? '┤' : '│') : labelled ? '+' : '|';
  const text = labelled ? compact(value) : '';
  return theme.paint('dim', fitCells(text, scaleCells - 1, theme.unicode, 'right') + axis);
}

/** Neighbours of one style in one go: an escape a bar would be most of what is written. */
function paintRuns(cells: readonly {readonly text: string; readonly style: Style}[], theme: Theme): string {
  let line = '';
  let run = '';
  cells.forEach(({text, style}, at) => {
    run += text;
    if (cells[at + 1]?.style === style) return;
    line += theme.paint(style, run);
    run = '';
  });
  return line;
}

function markLine(bars: readonly Bar[], pitch: number, width: number, theme: Theme): string {
  const marks = bars.map(bar => (bar.marked ? barMark(theme) : ' ').padEnd(pitch)).join('');
  return theme.paint('high', fitCells(' '.repeat(scaleCells) + marks, width, theme.unicode));
}

function labelLine(bars: readonly Bar[], pitch: number, width: number, theme: Theme): string {
  const every = Math.ceil(3 / pitch);
  let line = ' '.repeat(scaleCells);
  for (let index = 0; index < bars.length; index += every) {
    line += fitCells(bars[index]?.label ?? '', pitch * every, theme.unicode);
  }
  return theme.paint('dim', fitCells(line, width, theme.unicode));
}

function finite(count: number): number {
  return Number.isFinite(count) && count > 0 ? count : 0;
}
