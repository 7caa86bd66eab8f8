import {isWireRow} from '../event/wire-row.ts';
import type {WriteResult} from '../store/sink.ts';
import type {QueuedBatch} from './batch-queue.ts';
import {logRow} from './board.ts';
import {type LogRow, newestRows, type Snapshot} from './snapshot.ts';

/** Enters into each source's account what became of its events. */
export function settle(taken: readonly QueuedBatch[], {sequences}: WriteResult): void {
  let index = 0;
  for (const {runner, batch} of taken) {
    let stored = 0;
    for (const _event of batch.events) if ((sequences[index++] ?? 0) > 0) stored++;
    runner.stored(batch, stored, batch.events.length - stored);
  }
}

/**
 * The newest log entries of what was stored, as the screen shows them, rows of the wire apart; duplicates were shown before.
 */
export function logRows(
  taken: readonly QueuedBatch[],
  sequences: ArrayLike<number>,
): Pick<Snapshot, 'logs' | 'applications'> {
  const logs: LogRow[] = [];
  const applications: LogRow[] = [];
  let index = sequences.length;
  for (const {batch} of [...taken].reverse()) {
    for (let place = batch.events.length - 1; place >= 0; place--) {
      const sequence = sequences[--index] ?? 0;
      const event = batch.events[place];
      if (sequence === 0 || event?.kind !== 'log') continue;
      const rows = isWireRow(event) ? applications : logs;
      if (rows.length < newestRows) rows.push(logRow(event, sequence, batch.historical ?? false));
    }
  }
  return {logs: logs.reverse(), applications: applications.reverse()};
}
