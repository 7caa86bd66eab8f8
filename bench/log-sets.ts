import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';

/** A log whose lines' true groups are known. */
export interface LogSet {
  readonly name: string;
  /** The whole lines, as they are in the file. */
  readonly lines: readonly string[];
  readonly rows: readonly LogRow[];
}

export interface LogRow {
  readonly content: string;
  /** The program or part that wrote the line, '' where the set does not say. */
  readonly component: string;
  readonly eventId: string;
}

const tableEnding = '.log_structured.csv';
const maxDepth = 5;

/** Every `X.log` with `X.log_structured.csv` in the folder or those below it; throws where there is none. */
export function readLogSets(folder: string): LogSet[] {
  if (!existsSync(folder)) throw new Error(`Expected a folder of logs at ${folder}, found nothing there`);
  const tables = tablesIn(folder, 0).sort();
  if (tables.length === 0) {
    throw new Error(
      `Expected X.log with X${tableEnding} in ${folder}, found no such pair; pass a folder in Loghub’s form`,
    );
  }
  return tables.map(readSet);
}

function tablesIn(folder: string, depth: number): string[] {
  if (depth > maxDepth) return [];
  return readdirSync(folder, {withFileTypes: true}).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return tablesIn(path, depth + 1);
    return entry.name.endsWith(tableEnding) && existsSync(logOf(path)) ? [path] : [];
  });
}

function logOf(table: string): string {
  return table.slice(0, -'_structured.csv'.length);
}

function readSet(path: string): LogSet {
  const [header = [], ...rows] = parseCsv(readFileSync(path, 'utf8'));
  const content = header.indexOf('Content');
  const eventId = header.indexOf('EventId');
  const component = header.indexOf('Component');
  if (content < 0 || eventId < 0) {
    throw new Error(`Expected the columns Content and EventId in ${path}:1, found ${header.join(', ')}`);
  }
  return {
    name: basename(path, tableEnding).replace(/_2k$/, ''),
    lines: readFileSync(logOf(path), 'utf8')
      .split(/\r?\n/)
      .filter(line => line !== ''),
    rows: rows
      .filter(row => row.length > Math.max(content, eventId))
      .map(row => ({content: row[content] ?? '', component: row[component] ?? '', eventId: row[eventId] ?? ''})),
  };
}

/** Cells by rows, as RFC 4180 has them: quoted cells may hold commas, line ends and doubled quotes. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, cell = '', end = ''] of text.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/g)) {
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}
