import asciichart from 'asciichart';
import type {Micros} from '../../event/event.ts';
import type {Size, Style, Theme} from '../pane.ts';
import {cellWidth, fitCells} from '../text.ts';
import {type Points, resample} from './resample.ts';
import {timeAxis} from './time-axis.ts';

export interface Series extends Points {
  readonly style: Style;
}

export interface LineChart {
  /** The first is drawn on top; the second and later are dotted, so that they differ without colour. */
  readonly series: readonly Series[];
  /** The time shown: `span` before `end`. */
  readonly end: Micros;
  readonly span: Micros;
  /** The scale runs from 0 to this. */
  readonly max: number;
  /** A value as a label of the y axis. */
  readonly label: (value: number) => string;
  /** Cells of a label. */
  readonly labelWidth: number;
}

/**
 * Lines over time through asciichart, which has no x axis, throws on an empty or interrupted series and chooses its own
 * height: here each unbroken run is plotted by itself on a fixed scale and laid over the others, so that gaps stay
 * blank and the chart is always `height` rows, the last of which is the time axis.
 */
export function lineChart(chart: LineChart, size: Size, theme: Theme): string[] {
  const rows = size.height - 1;
  const plotWidth = size.width - chart.labelWidth - 1;
  if (rows < 1 || plotWidth < 2) return Array.from({length: size.height}, () => ' '.repeat(size.width));
  const grid = new Grid(plotWidth, rows);
  for (let index = chart.series.length - 1; index >= 0; index--) {
    const series = chart.series[index];
    if (series) drawSeries(grid, series, chart, symbolsFor(index, theme));
  }
  const lines = grid.paint(theme).map((line, row) => axisLabel(chart, row, rows, theme) + line);
  lines.push(timeAxis(chart.end, chart.span, chart.labelWidth, plotWidth, theme));
  return lines;
}

/** The end of the scale for rates: 1, 2 or 5 times a power of ten, at or above the largest value. */
export function roundScale(largest: number, least: number): number {
  const wanted = Math.max(least, Number.isFinite(largest) ? largest : 0);
  const power = 10 ** Math.floor(Math.log10(wanted));
  for (const step of [1, 2, 5]) {
    if (step * power >= wanted) return step * power;
  }
  return 10 * power;
}

// In asciichart's order: two axis forms and two ends, unused here, then level, four corners, upright.
const lineSymbols = {
  unicode: ['─', ' ', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'],
  ascii: ['-', ' ', '-', '-', '-', '\\', '/', '\\', '/', '|'],
  unicodeDotted: ['┈', ' ', '╶', '╴', '┈', '╰', '╭', '╮', '╯', '┊'],
  asciiDotted: ['.', ' ', '.', '.', '.', '.', '.', '.', '.', ':'],
} as const;

function symbolsFor(index: number, theme: Theme): readonly string[] {
  if (index === 0) return theme.unicode ? lineSymbols.unicode : lineSymbols.ascii;
  return theme.unicode ? lineSymbols.unicodeDotted : lineSymbols.asciiDotted;
}

function drawSeries(grid: Grid, series: Series, chart: LineChart, symbols: readonly string[]): void {
  const values = resample(series, chart.end, chart.span, grid.width);
  const top = grid.height - 1;
  let run: number[] = [];
  for (let x = 0; x <= values.length; x++) {
    const value = values[x];
    if (value === undefined || value === null) {
      if (run.length > 0) grid.lay(plotRun(run, top, symbols), x - run.length, series.style);
      run = [];
    } else {
      const share = chart.max > 0 ? value / chart.max : 0;
      run.push(Math.max(0, Math.min(1, share)) * top);
    }
  }
}

/** One unbroken run as rows of text, one cell a value: the scale is its own height, so nothing is rounded twice. */
function plotRun(run: readonly number[], top: number, symbols: readonly string[]): string[] {
  if (top === 0) return [(symbols[4] ?? '-').repeat(run.length)];
  // Column 0 is asciichart's axis, which marks its origin in the wrong row: it is cut off, so the first value is given
  // twice. A label must not be empty, or its row is a cell short.
  const series = [run[0] ?? 0, ...run];
  const plot = asciichart.plot(series, {min: 0, max: top, height: top, offset: 1, symbols, format: () => ' '});
  return plot.split('\n').map(row => row.slice(1));
}

/** Cells with a style each, painted in runs. */
class Grid {
  readonly width: number;
  readonly height: number;
  readonly #cells: string[][];
  readonly #styles: Style[][];

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#cells = Array.from({length: height}, () => new Array<string>(width).fill(' '));
    this.#styles = Array.from({length: height}, () => new Array<Style>(width).fill('plain'));
  }

  /** Lays rows of text over what is there; blanks let it show through. */
  lay(rows: readonly string[], left: number, style: Style): void {
    for (const [y, row] of rows.entries()) {
      const cells = this.#cells[y];
      const styles = this.#styles[y];
      if (!cells || !styles) continue;
      for (let x = 0; x < row.length && left + x < this.width; x++) {
        const symbol = row[x] ?? ' ';
        if (symbol === ' ') continue;
        cells[left + x] = symbol;
        styles[left + x] = style;
      }
    }
  }

  paint(theme: Theme): string[] {
    return this.#cells.map((cells, y) => {
      const styles = this.#styles[y] ?? [];
      let line = '';
      for (let x = 0; x < cells.length; ) {
        const style = styles[x] ?? 'plain';
        const from = x;
        while (x < cells.length && styles[x] === style) x++;
        line += theme.paint(style, cells.slice(from, x).join(''));
      }
      return line;
    });
  }
}

/** Labels at the top, the bottom and, where there is room, halfway. */
function axisLabel(chart: LineChart, row: number, rows: number, theme: Theme): string {
  const middle = (rows - 1) / 2;
  const labelled = row === 0 || row === rows - 1 || (rows >= 5 && row === middle);
  const value = rows === 1 ? chart.max : chart.max * (1 - row / (rows - 1));
  const text = labelled ? fitLabel(chart.label(value), chart.labelWidth, theme) : ' '.repeat(chart.labelWidth);
  const axis = theme.unicode ? (labelled ? '┤' : '│') : labelled ? '+' : '|';
  return theme.paint('dim', text + axis);
}

function fitLabel(text: string, width: number, theme: Theme): string {
  return fitCells(cellWidth(text) > width ? text.replace(' ', '') : text, width, theme.unicode, 'right');
}
