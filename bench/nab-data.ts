// Reads a folder in the form of the Numenta Anomaly Benchmark: `data/**/*.csv` and `combined_windows.json`.
import {readdirSync, readFileSync} from 'node:fs';
import {join, relative, sep} from 'node:path';
import type {LabelledSeries} from './nab-score.ts';

/** All series under FOLDER/data in the order of their names. Throws an Error that says what was expected where. */
export function readSeries(folder: string): LabelledSeries[] {
  const labels = readLabels(join(folder, 'combined_windows.json'));
  const data = join(folder, 'data');
  return csvFiles(data)
    .map(path => readOne(path, relative(data, path).split(sep).join('/'), labels))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readLabels(path: string): Map<string, [string, string][]> {
  const labels: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof labels !== 'object' || labels === null) throw new Error(`${path}: expected an object of windows by file`);
  return new Map(
    Object.entries(labels).map(([name, windows]) => [
      name,
      windows.map(([from, to]: readonly [unknown, unknown]) => [plain(String(from)), plain(String(to))]),
    ]),
  );
}

function readOne(path: string, name: string, labels: ReadonlyMap<string, [string, string][]>): LabelledSeries {
  const rows = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  const stamps = rows.map(row => plain(row.split(',')[0] ?? ''));
  const values = Float64Array.from(rows, row => Number(row.split(',')[1]));
  const wrong = values.findIndex(value => !Number.isFinite(value));
  if (wrong >= 0)
    throw new Error(`${path}:${wrong + 2}: expected "timestamp,value", got "${rows[wrong]?.slice(0, 80)}"`);
  const windows = (labels.get(name) ?? []).map(([from, to]) => {
    const first = stamps.indexOf(from);
    const last = stamps.indexOf(to);
    if (first < 0 || last < first)
      throw new Error(`${path}: expected rows for the window ${from} to ${to}, found none`);
    return [first, last] as const;
  });
  const times = Float64Array.from(stamps, stamp => Date.parse(`${stamp.replace(' ', 'T')}Z`) * 1_000);
  return {name, values, times, windows: windows.sort((a, b) => a[0] - b[0])};
}

/** Without the fraction of a second, which the labels have and the series have not. */
function plain(stamp: string): string {
  return stamp.trim().slice(0, 19);
}

function csvFiles(folder: string): string[] {
  return readdirSync(folder, {withFileTypes: true}).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return csvFiles(path);
    return entry.name.endsWith('.csv') ? [path] : [];
  });
}
