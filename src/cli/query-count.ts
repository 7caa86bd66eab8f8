import {day} from '../event/clock.ts';
import {isoTime} from '../event/ecs.ts';
import type {QueryRow} from '../query/request.ts';
import {parseTime} from '../query/time.ts';
import type {CountRow} from '../store/reader.ts';
import type {OpenReader} from './open-reader.ts';
import {countColumn, namedColumns} from './output/columns.ts';
import type {Output} from './output/output.ts';
import type {Column} from './output/writer.ts';
import {whyEmpty} from './query-empty.ts';
import type {QueryOptions} from './query-options.ts';
import {say, writerFor} from './query-output.ts';

type Counted = NonNullable<QueryOptions['counted']>;

/** Most groups taken from the store, so that shares are of the whole though only the largest are shown. */
const mostGroups = 500_000;

/** Writes counts by field and time. In a table each has its share: of its bucket, else of all. */
export async function writeCounts(
  counted: Counted,
  options: QueryOptions,
  store: OpenReader,
  output: Output,
): Promise<number> {
  const {kind, where, since, until, limit} = options;
  const columns = namedColumns(kind, counted.by);
  const counts = store.reader.count({
    kind,
    by: counted.by,
    limit: mostGroups,
    ...(counted.every === undefined ? {} : {every: counted.every, origin: originOf(counted.every, store.utc)}),
    ...(where ? {where} : {}),
    ...(since === undefined ? {} : {since}),
    ...(until === undefined ? {} : {until}),
  });
  const total = counts.reduce((sum, row) => sum + row.count, 0);
  if (total === 0) say(whyEmpty(options, store));
  if (counted.by.length === 0 && counted.every === undefined && options.output === 'table')
    await output.write(`${total}\n`);
  else await writeGroups(rowsOf(counts, columns, options, limit), counted, columns, options, store, output);
  await output.flush();
  if (counts.length > limit && options.output !== 'table')
    say(`Cut at -n ${limit}: there are ${counts.length} groups.`);
  return total > 0 ? 0 : 1;
}

/** Days and longer begin at the user's midnight. */
function originOf(every: number, utc: boolean): number {
  return every % day === 0 ? parseTime('2026-01-05', {now: 0, utc}) : 0;
}

function rowsOf(
  counts: readonly CountRow[],
  columns: readonly Column[],
  {kind, output, counted}: QueryOptions,
  limit: number,
): readonly QueryRow[] {
  const totals = new Map<number | undefined, number>();
  const amount = countColumn(kind).name;
  const whole = (row: CountRow) => (counted?.by.length ? row.bucket : undefined);
  for (const row of counts) totals.set(whole(row), (totals.get(whole(row)) ?? 0) + row.count);
  const shown = counts
    .slice(0, limit)
    .map(row => groupRow(row, columns, amount, output === 'table' ? totals.get(whole(row)) : undefined));
  if (output !== 'table' || counts.length <= limit) return shown;
  const rest = counts.slice(limit).reduce((sum, row) => sum + row.count, 0);
  const title = columns[0]?.name ?? '@timestamp';
  const all = counts.reduce((sum, row) => sum + row.count, 0);
  return [...shown, {[title]: `other (${counts.length - limit})`, [amount]: rest, share: shareOf(rest, all)}];
}

function groupRow(
  {bucket, keys, count}: CountRow,
  columns: readonly Column[],
  counted: string,
  total: number | undefined,
): QueryRow {
  const row: QueryRow = bucket === undefined ? {} : {'@timestamp': isoTime(bucket)};
  columns.forEach((column, index) => {
    row[column.name] = keys[index] ?? null;
  });
  row[counted] = count;
  if (total !== undefined) row.share = shareOf(count, total);
  return row;
}

function shareOf(count: number, total: number): string {
  return `${((100 * count) / Math.max(1, total)).toFixed(1)} %`;
}

async function writeGroups(
  rows: readonly QueryRow[],
  counted: Counted,
  by: readonly Column[],
  options: QueryOptions,
  store: OpenReader,
  output: Output,
): Promise<void> {
  const time: Column[] = counted.every === undefined ? [] : [{name: '@timestamp', title: 'time'}];
  const share: Column[] = options.output === 'table' ? [{name: 'share', title: 'share', align: 'right'}] : [];
  const columns: Column[] = [...time, ...by, countColumn(options.kind), ...share];
  const writer = writerFor(options, columns, undefined, store.utc);
  if (rows.length > 0 || options.output === 'json') await output.write(writer.begin(rows));
  for (const row of rows) await output.write(writer.row(row));
  await output.write(writer.end());
}
