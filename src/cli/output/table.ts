import {cellWidth, cutToWidth} from '../../event/cell-width.ts';
import {sanitizeLine} from '../../event/sanitize.ts';
import type {QueryRow} from '../../query/request.ts';
import type {Column, RowWriter} from './writer.ts';

export interface TableOptions {
  /** Cells in a line of the terminal; undefined where there is none: then nothing is cut. */
  readonly width: number | undefined;
  readonly colour: boolean;
  /** Times in UTC, else in the machine's zone. */
  readonly utc: boolean;
}

/** Lines of padded columns, the last one as long as there is room: where there is little it stands below, indented. */
export function tableWriter(columns: readonly Column[], options: TableOptions): RowWriter {
  let widths: readonly number[] = [];
  let isBelow = false;
  const line = (cells: readonly string[]) => {
    const parts = columns.map((column, index) =>
      padded(cells[index] ?? '', widths[index] ?? 0, column, index === columns.length - 1, options),
    );
    const last = isBelow ? parts.pop() : undefined;
    const beside = parts.join('  ').trimEnd();
    return last ? `${beside}\n${indent}${last}` : beside;
  };
  return {
    begin: (sample, growing) => {
      ({widths, isBelow} = widthsOf(columns, sample, options, growing ?? false));
      const header = line(columns.map(column => column.title));
      return `${options.colour ? `\u001b[1m${header}\u001b[22m` : header}\n`;
    },
    row: row => {
      const text = line(columns.map(column => cellText(row[column.name], options.utc)));
      return `${options.colour ? painted(text, row) : text}\n`;
    },
    end: () => '',
  };
}

/** A value as a table shows it: on one line, a time in the wanted zone, numbers short. */
export function cellText(value: QueryRow[string] | undefined, utc: boolean): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'string') return sanitizeLine(value.join(', '));
  return isTime(value) ? timeText(Date.parse(value), utc) : sanitizeLine(value);
}

/** A moment as a person reads it, to the millisecond. */
export function timeText(millis: number, utc: boolean): string {
  // The formatted text is that of a UTC clock: moved by the zone's offset it shows the local one.
  const shown = utc ? millis : millis - new Date(millis).getTimezoneOffset() * 60_000;
  const [date, time = ''] = new Date(shown).toISOString().split('T');
  return `${date} ${time.slice(0, 12)}${utc ? 'Z' : ''}`;
}

function isTime(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}(\d{3})?Z$/.test(value);
}

const widest = 40;
/** Less than this shows too little of a text. */
const narrowest = 30;
const indent = '    ';

/** Room for values that have not come yet. */
const usualWidths: Readonly<Record<string, number>> = {
  '@timestamp': 24,
  'event.start': 24,
  'event.end': 24,
  'log.level': 11,
  'rule.level': 13,
  'event.status': 12,
  'event.provider': 20,
  'event.category': 25,
  'rule.id': 24,
  'event.id': 8,
  'source.ip': 15,
  'destination.ip': 15,
  'metric.name': 24,
};
const usualWidth = 8;

function widthsOf(
  columns: readonly Column[],
  sample: readonly QueryRow[],
  options: TableOptions,
  growing: boolean,
): {readonly widths: readonly number[]; readonly isBelow: boolean} {
  const widths = columns.map(({name, title, enough}) => {
    const most = options.width === undefined ? undefined : enough;
    const cells = sample.map(row => cellWidth(cellText(row[name], options.utc).slice(0, most)));
    const usual = growing ? (usualWidths[name] ?? usualWidth) : 0;
    return Math.min(widest, Math.max(cellWidth(title), usual, ...cells));
  });
  const last = widths.pop() ?? 0;
  const before = widths.reduce((sum, width) => sum + width + 2, 0);
  if (options.width === undefined) return {widths: [...widths, last], isBelow: false};
  const rest = options.width - before;
  if (columns.at(-1)?.align === 'right') return {widths: [...widths, last], isBelow: false};
  const isBelow = columns.length > 1 && rest < narrowest && rest < last;
  return {widths: [...widths, isBelow ? options.width - indent.length : Math.max(1, rest)], isBelow};
}

function padded(text: string, width: number, column: Column, last: boolean, options: TableOptions): string {
  const shown = options.width === undefined ? text : cutToWidth(text.slice(0, column.enough), width);
  if (last && column.align !== 'right') return shown;
  const space = ' '.repeat(Math.max(0, width - cellWidth(shown)));
  return column.align === 'right' ? space + shown : shown + space;
}

/** Loud rows in colour: by the log's level or the alert's. */
function painted(text: string, row: QueryRow): string {
  const code = colours[String(row['rule.level'] ?? row['log.level'])];
  return code === undefined ? text : `\u001b[${code}m${text}\u001b[39m`;
}

const colours: Readonly<Record<string, number>> = {
  emergency: 31,
  alert: 31,
  critical: 31,
  high: 31,
  error: 31,
  medium: 33,
  warning: 33,
  debug: 90,
  informational: 90,
};
