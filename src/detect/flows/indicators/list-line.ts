import {type AlertLevel, alertLevels} from '../../../event/level.ts';
import {type Indicator, type NotIndicator, parseIndicator} from './indicator.ts';

/** What a line of a list says. */
export interface ListEntry {
  readonly indicator: Indicator;
  readonly description: string;
  readonly level: AlertLevel | undefined;
}

/** Which cells of a line hold what, from a head line. */
export interface Columns {
  readonly value: number;
  readonly description: number;
  readonly level: number;
}

/** A comment, an empty line, or a head: nothing to look for. */
export type Line =
  | ListEntry
  | NotIndicator
  | {readonly kind: 'comment'}
  | {readonly kind: 'head'; readonly columns: Columns};

/**
 * Reads one line of a list: an indicator alone, with a comment after `#`, in cells between commas, semicolons, tabs or
 * bars, or as a hosts file has it. Without a head the first cell that is an indicator is taken.
 */
export function parseLine(text: string, columns: Columns | undefined): Line {
  const line = text.trim();
  if (line === '' || /^(?:#|\/\/|!|;)/.test(line)) return {kind: 'comment'};
  if (/[,;\t|]/.test(line) && !line.startsWith('||')) return parseCells(cellsOf(line), columns);
  const [, value = '', note = ''] = /^(.*?)(?:\s+#\s*(.*))?$/.exec(line) ?? [];
  const words = value.split(/\s+/);
  const [first = ''] = words;
  // A hosts file sends names nowhere.
  if (words.length > 1 && nowhere.has(first)) return entry(words[1] ?? '', note, undefined);
  return words.length > 1 ? parseCells(words, columns) : entry(value, note, undefined);
}

export function isEntry(line: Line): line is ListEntry {
  return 'indicator' in line;
}

const nowhere: ReadonlySet<string> = new Set(['0.0.0.0', '127.0.0.1', '::1', '::']);
const longestDescription = 200;

function parseCells(cells: readonly string[], columns: Columns | undefined): Line {
  if (columns) return entry(cells[columns.value] ?? '', cells[columns.description] ?? '', cells[columns.level]);
  const at = cells.findIndex(cell => parseIndicator(cell).kind !== 'none');
  if (at < 0) return headOf(cells) ?? {kind: 'none', reason: 'has no address, domain, URL or hash in any cell'};
  const others = cells.filter((_, index) => index !== at);
  const level = others.find(cell => levelOf(cell) !== undefined);
  return entry(cells[at] ?? '', others.find(cell => cell !== level && isText(cell)) ?? '', level);
}

function entry(value: string, description: string, level: string | undefined): Line {
  const indicator = parseIndicator(value);
  if (indicator.kind === 'none') return indicator;
  return {indicator, description: description.trim().slice(0, longestDescription), level: levelOf(level ?? '')};
}

/** Names that people give their columns. */
function headOf(cells: readonly string[]): Line | undefined {
  const find = (names: RegExp) => cells.findIndex(cell => names.test(cell));
  const value = find(
    /^(?:indicator|ioc|value|ip|ip_?address|dst_?ip|domain|host|hostname|url|hash|md5|sha1|sha256|ja3|ja4|observable|ioc_value|ja3_md5)$/i,
  );
  if (value < 0) return undefined;
  const description = find(
    /^(?:description|comment|info|reason|name|malware|threat|tags?|note|listingreason|malware_printable)$/i,
  );
  return {kind: 'head', columns: {value, description, level: find(/^(?:level|severity|threat_?level|priority)$/i)}};
}

function cellsOf(line: string): string[] {
  const separator = [',', '\t', ';', '|'].find(one => line.includes(one)) ?? ',';
  if (!line.includes('"')) return line.split(separator).map(cell => cell.trim());
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (const letter of line) {
    if (letter === '"') quoted = !quoted;
    else if (letter === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += letter;
  }
  return [...cells, cell.trim()];
}

function levelOf(text: string): AlertLevel | undefined {
  return alertLevels.find(level => level === text.trim().toLowerCase());
}

/** A word or more, no number and no date. */
function isText(cell: string): boolean {
  return /[a-z]{3}/i.test(cell) && !/^\d{4}-\d\d-\d\d/.test(cell);
}
