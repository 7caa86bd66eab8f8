import {setImmediate} from 'node:timers/promises';
import type {CountRequest, QueryRequest, QueryRow} from '../query/request.ts';
import {alertContext} from '../store/alert-context.ts';
import {sortedCounts} from '../store/query-counts.ts';
import {pages} from '../store/query-pages.ts';
import type {CountRow} from '../store/reader.ts';
import type {SqlReader} from '../store/store-reader.ts';
import type {HistoryRequest} from './history-messages.ts';

/** Rows looked at between two looks for a cancellation: some tens of milliseconds. */
const pageRows = 20_000;

/**
 * Answers one question, in pages of the store from the newest on, so that a long one can be given up: `cancelled` is
 * asked between pages, after other messages of the thread had their turn. Undefined once cancelled.
 */
export async function answer(
  reader: SqlReader,
  asked: HistoryRequest,
  cancelled: () => boolean,
  rowsAPage = pageRows,
): Promise<unknown> {
  switch (asked.type) {
    case 'rows':
      return await pagedRows(reader, asked.request, cancelled, rowsAPage);
    case 'count':
      return await pagedCounts(reader, asked.request, cancelled, rowsAPage);
    case 'alert-context':
      return alertContext(reader, asked.alert) ?? null;
    case 'around':
      return reader.around('logs', asked.moment, asked.rows);
    default:
      return asked satisfies never;
  }
}

async function pagedRows(
  reader: SqlReader,
  request: QueryRequest,
  cancelled: () => boolean,
  rowsAPage: number,
): Promise<readonly QueryRow[] | undefined> {
  if (!reader.mayTakeLong(request)) return reader.rows(request);
  const newestFirst: QueryRow[] = [];
  for (const page of pages(reader, request, rowsAPage)) {
    newestFirst.push(...reader.rows({...request, reverse: true, limit: request.limit - newestFirst.length}, page));
    if (newestFirst.length >= request.limit) break;
    await setImmediate();
    if (cancelled()) return undefined;
  }
  return request.reverse ? newestFirst : newestFirst.reverse();
}

async function pagedCounts(
  reader: SqlReader,
  request: CountRequest,
  cancelled: () => boolean,
  rowsAPage: number,
): Promise<readonly CountRow[] | undefined> {
  const counts = new Map<string, CountRow>();
  for (const page of pages(reader, request, rowsAPage)) {
    reader.addCounts(request, page, counts);
    await setImmediate();
    if (cancelled()) return undefined;
  }
  return sortedCounts(counts, request.limit);
}
