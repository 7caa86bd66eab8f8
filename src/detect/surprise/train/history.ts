import type {QueryRow} from '../../../query/request.ts';
import type {HistoryEvent} from './corpus.ts';

/** Stored log entries, as the store's reader gives them, as what training needs of them. */
export function* historyOf(rows: Iterable<QueryRow>): Generator<HistoryEvent> {
  for (const row of rows) {
    const pid = row['process.pid'];
    yield {
      time: Date.parse(String(row['@timestamp'])) * 1000,
      host: String(row['host.name'] ?? ''),
      provider: String(row['event.provider'] ?? ''),
      code: Number(row['event.code'] ?? 0),
      message: String(row.message ?? ''),
      ...(typeof pid === 'number' ? {pid} : {}),
    };
  }
}
