import type {FieldValue, LogEvent} from '../../../event/event.ts';
import {isoMicros} from '../../../event/iso-micros.ts';
import type {QueryRow} from '../../../query/request.ts';
import type {HistoryEvent} from './corpus.ts';

/** Stored log entries, as the store's reader gives them, as what training needs of them. */
export function* historyOf(rows: Iterable<QueryRow>): Generator<HistoryEvent> {
  for (const row of rows) {
    const pid = row['process.pid'];
    const user = row['user.name'];
    yield {
      time: isoMicros(String(row['@timestamp'])),
      host: String(row['host.name'] ?? ''),
      provider: String(row['event.provider'] ?? ''),
      code: Number(row['event.code'] ?? 0),
      message: String(row.message ?? ''),
      // A row is flat: what is not the entry's own column is one of its fields.
      fields: row as Record<string, FieldValue>,
      ...(typeof pid === 'number' ? {pid} : {}),
      ...(typeof user === 'string' ? {user} : {}),
    };
  }
}

/** An entry that was read from a file, as what training needs of it. */
export function historyEvent({origin, ...event}: LogEvent): HistoryEvent {
  const {time, provider, code, message, pid, user, fields} = event;
  return {
    time,
    host: event.host ?? origin.host,
    provider,
    code,
    message,
    ...(pid === undefined ? {} : {pid}),
    ...(user === undefined ? {} : {user}),
    ...(fields ? {fields} : {}),
  };
}
