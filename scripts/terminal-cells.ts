import * as headless from '@xterm/headless';
import type {Cell} from './screen-svg.ts';

// A CommonJS package that Node sees as a default export only, and a test's loader as names.
const {Terminal} =
  'Terminal' in headless ? headless : (headless as {default: typeof import('@xterm/headless')}).default;

export const background = '#11151c';
const foreground = '#d5dae3';

/** What a terminal of this size shows after these bytes. */
export async function cellsOf(bytes: string, columns: number, rows: number): Promise<Cell[][]> {
  const terminal = new Terminal({cols: columns, rows, allowProposedApi: true});
  await new Promise<void>(resolve => terminal.write(bytes, resolve));
  const {active} = terminal.buffer;
  const lines = Array.from({length: rows}, (_, y) => {
    const line = active.getLine(active.viewportY + y);
    return Array.from({length: columns}, (_, x) => toCell(line?.getCell(x)));
  });
  terminal.dispose();
  return lines;
}

type TerminalCell = NonNullable<
  ReturnType<NonNullable<ReturnType<headless.Terminal['buffer']['active']['getLine']>>['getCell']>
>;

function toCell(cell: TerminalCell | undefined): Cell {
  if (!cell) return {text: ' ', width: 1, colour: foreground, background: undefined, bold: false, dim: false};
  const colour = cell.isFgDefault() ? undefined : colourOf(cell.getFgColor(), cell.isFgRGB());
  const behind = cell.isBgDefault() ? undefined : colourOf(cell.getBgColor(), cell.isBgRGB());
  const inverse = cell.isInverse() !== 0;
  return {
    text: cell.getChars() || (cell.getWidth() === 0 ? '' : ' '),
    width: cell.getWidth(),
    colour: inverse ? (behind ?? background) : (colour ?? foreground),
    background: inverse ? (colour ?? foreground) : behind,
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
  };
}

const basic = [
  '#1d2129',
  '#e06c5a',
  '#98c379',
  '#d9a93f',
  '#5a9ee0',
  '#c678b8',
  '#56b6c2',
  '#c8ccd4',
  '#6b7280',
  '#f08573',
  '#b0d894',
  '#ecc468',
  '#7db8f0',
  '#dd98d0',
  '#7fd0da',
  '#ffffff',
] as const;

/** A palette index or 24 bits as `#rrggbb`. */
function colourOf(value: number, direct: boolean): string {
  if (direct) return `#${value.toString(16).padStart(6, '0')}`;
  const named = basic[value];
  if (named !== undefined) return named;
  if (value >= 232) return `#${(8 + (value - 232) * 10).toString(16).padStart(2, '0').repeat(3)}`;
  const level = (part: number) => (part === 0 ? 0 : 55 + part * 40).toString(16).padStart(2, '0');
  const cube = value - 16;
  return `#${level(Math.floor(cube / 36))}${level(Math.floor(cube / 6) % 6)}${level(cube % 6)}`;
}
