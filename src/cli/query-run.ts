import type {QueryRequest, QueryRow} from '../query/request.ts';
import type {OpenReader} from './open-reader.ts';
import {defaultColumns, namedColumns} from './output/columns.ts';
import type {Output} from './output/output.ts';
import type {RowWriter} from './output/writer.ts';
import {writeCounts} from './query-count.ts';
import {whyEmpty} from './query-empty.ts';
import {follow} from './query-follow.ts';
import type {QueryOptions} from './query-options.ts';
import {say, writerFor} from './query-output.ts';

/** Answers one question on `output`; notes for a person go to stderr. Gives the exit status. */
export async function runQuery(options: QueryOptions, store: OpenReader, output: Output): Promise<number> {
  if (options.sql !== undefined) return await writeSql(options.sql, options, store, output);
  if (options.counted) return await writeCounts(options.counted, options, store, output);
  const columns = options.fields ? namedColumns(options.kind, options.fields) : defaultColumns(options.kind);
  const picked = options.fields ? columns.map(column => column.name) : undefined;
  const writer = writerFor(options, columns, picked, store.utc);
  const begun = options.follow ? store.reader.newestSequence(options.kind) : 0;
  const rows = await writeRows(options, store, writer, output);
  if (options.follow) return await follow(options, begun, rows, store, writer, output);
  await output.write(writer.end());
  await output.flush();
  if (rows.length > 0) return 0;
  say(whyEmpty(options, store));
  return 1;
}

/** Up to here an answer is held in memory; a longer one goes from the store to the output row by row. */
const heldRows = 10_000;
const sampleRows = 1000;

/** Gives the rows written, or a first part of them. */
async function writeRows(
  options: QueryOptions,
  {reader}: OpenReader,
  writer: RowWriter,
  output: Output,
): Promise<readonly QueryRow[]> {
  const {limit, reverse} = options;
  const request = requestOf(options);
  if (limit > heldRows) return await writeLong(reader.iterate(request), limit, writer, output);
  // One more than wanted tells whether there are more.
  const found = reader.rows({...request, limit: limit + 1});
  const more = found.length > limit;
  const rows = !more ? found : reverse ? found.slice(0, limit) : found.slice(1);
  if (rows.length > 0 || options.follow || options.output === 'json')
    await output.write(writer.begin(rows, options.follow));
  for (const row of rows) await output.write(writer.row(row));
  await output.flush();
  if (more && !options.follow) say(`Cut at -n ${limit}: there are older rows.`);
  return rows;
}

function requestOf({kind, since, until, where, limit, reverse}: QueryOptions): QueryRequest {
  return {
    kind,
    limit,
    reverse,
    ...(since === undefined ? {} : {since}),
    ...(until === undefined ? {} : {until}),
    ...(where === undefined ? {} : {where}),
  };
}

async function writeLong(
  rows: Iterable<QueryRow>,
  limit: number,
  writer: RowWriter,
  output: Output,
): Promise<readonly QueryRow[]> {
  const sample: QueryRow[] = [];
  let written = 0;
  for (const row of rows) {
    if (sample.length < sampleRows) sample.push(row);
    else await output.write(writer.row(row));
    if (++written === sampleRows) await writeSample(sample, writer, output);
    if (!output.open) break;
  }
  if (written < sampleRows && (written > 0 || writer.begin([]) === '[')) await writeSample(sample, writer, output);
  await output.flush();
  if (written === limit) say(`Cut at -n ${limit}: there may be older rows.`);
  return sample;
}

async function writeSample(sample: readonly QueryRow[], writer: RowWriter, output: Output): Promise<void> {
  await output.write(writer.begin(sample));
  for (const row of sample) await output.write(writer.row(row));
}

async function writeSql(statement: string, options: QueryOptions, store: OpenReader, output: Output): Promise<number> {
  const {columns, rows} = store.reader.sql(statement, options.limit + 1);
  const shown = rows.slice(0, options.limit);
  const writer = writerFor(
    options,
    columns.map(name => ({name, title: name})),
    undefined,
    store.utc,
  );
  await writeSample(shown, writer, output);
  await output.write(writer.end());
  await output.flush();
  if (rows.length > shown.length) say(`Cut at -n ${options.limit}: there are more rows.`);
  return rows.length > 0 ? 0 : 1;
}
