import {minute} from '../event/clock.ts';
import {isWireDataset} from '../event/wire-row.ts';
import type {LogRow} from '../pipeline/snapshot.ts';
import type {QueryRow} from '../query/request.ts';
import {otherRows} from '../query/wire-rows.ts';
import type {HistoryClient} from './history-client.ts';

/** Lines before an entry, and after it. */
const mostLines = 100;

/**
 * A log entry with all its fields, and the entries within a minute of it, oldest first; those of the wire only of one that
 * is such itself. `entry` is undefined where it is not stored (any more).
 */
export async function logSurroundings(
  history: Pick<HistoryClient, 'logs'>,
  {time, seq}: LogRow,
  signal: AbortSignal,
): Promise<{readonly entry: QueryRow | undefined; readonly lines: readonly QueryRow[]}> {
  const ask = {kind: 'logs', limit: mostLines} as const;
  const [entry] = await history.logs({...ask, limit: 1, since: time, until: time + 1, afterSeq: seq - 1}, signal);
  const within = entry && isWireDataset(String(entry['event.dataset'])) ? {} : {where: otherRows};
  const [before, after] = await Promise.all([
    history.logs({...ask, ...within, since: time - minute, until: time + 1}, signal),
    // From the first store number on: the first lines after the moment, not the newest ones.
    history.logs({...ask, ...within, since: time + 1, until: time + minute, afterSeq: 0}, signal),
  ]);
  return {entry, lines: [...before, ...after]};
}
