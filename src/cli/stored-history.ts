import type {HistoryEvent} from '../detect/surprise/train/corpus.ts';
import type {Micros} from '../event/event.ts';
import type {QueryRow} from '../query/request.ts';
import type {StoreReader} from '../store/reader.ts';

/** Entries that training reads at most, the newest. */
const maxHistory = 500_000;

/** Stored log entries as training wants them, oldest first, without holding them all. */
export function* storedHistory(
  reader: Pick<StoreReader, 'iterate'>,
  since: Micros | undefined,
): Generator<HistoryEvent> {
  const request = {kind: 'logs', limit: maxHistory} as const;
  for (const row of reader.iterate(since === undefined ? request : {...request, since})) yield historyEvent(row);
}

function historyEvent(row: QueryRow): HistoryEvent {
  const pid = row['process.pid'];
  const event = {
    time: Date.parse(String(row['@timestamp'])) * 1_000,
    host: String(row['host.name'] ?? ''),
    provider: String(row['event.provider'] ?? ''),
    code: Number(row['event.code'] ?? 0),
    message: String(row.message ?? ''),
  };
  return typeof pid === 'number' ? {...event, pid} : event;
}
