import type {CountRequest, QueryRequest} from '../query/request.ts';
import {tables} from './query-columns.ts';
import type {Page} from './query-sql.ts';
import type {SqlReader} from './store-reader.ts';

/**
 * Cuts a question into pages of about `rows` stored rows, newest first: asked one after the other they hold every row
 * of the answer once. A page costs a step through the index of times, whatever the expression.
 */
export function* pages(
  reader: SqlReader,
  {kind, since, until}: QueryRequest | CountRequest,
  rows: number,
): Generator<Page> {
  const {newest} = reader.ends(kind);
  if (newest === undefined) return;
  // What lasts may have begun before `until` and end after it.
  const lasts = tables[kind].begin !== tables[kind].time;
  const end = until === undefined || lasts ? newest + 1 : Math.min(until, newest + 1);
  // The first page has no end of its own: rows may have come since.
  let from = reader.pageStart(kind, end, rows);
  yield from === undefined ? {} : {from};
  while (from !== undefined && (since === undefined || from > since)) {
    const to = from;
    from = reader.pageStart(kind, to, rows);
    yield from === undefined ? {to} : {from, to};
  }
}
