import {setTimeout as sleep} from 'node:timers/promises';
import type {QueryRow} from '../query/request.ts';
import type {OpenReader} from './open-reader.ts';
import type {Output} from './output/output.ts';
import type {RowWriter} from './output/writer.ts';
import type {QueryOptions} from './query-options.ts';

const pauseMillis = 250;
const mostAtOnce = 5000;

/**
 * Writes what is stored from sequence number `begun` on, four times a second, until a signal or a closed pipe. Goes by
 * the order of storing, so that rows whose time is long past are shown too. `shown` are the rows written already.
 */
export async function follow(
  {kind, where}: QueryOptions,
  begun: number,
  shown: readonly QueryRow[],
  {reader}: OpenReader,
  writer: RowWriter,
  output: Output,
): Promise<number> {
  const stop = stopSignal();
  // Rows that came between looking up the newest and reading the first rows.
  const known = new Set(shown.map(row => Number(row['event.sequence'])).filter(seq => seq > begun));
  let cursor = begun;
  while (output.open && stop.status === undefined) {
    const newest = reader.newestSequence(kind);
    const rows = reader.rows({kind, limit: mostAtOnce, afterSeq: cursor, ...(where ? {where} : {})});
    for (const row of rows) if (!known.has(Number(row['event.sequence']))) await output.write(writer.row(row));
    await output.flush();
    const last = Number(rows.at(-1)?.['event.sequence'] ?? cursor);
    // All up to `newest` has been looked at, also what did not match; unless the limit cut the answer short.
    cursor = rows.length < mostAtOnce ? Math.max(newest, last) : last;
    if (rows.length < mostAtOnce) await sleep(pauseMillis, undefined, {signal: stop.signal}).catch(() => undefined);
  }
  if (output.open) await output.write(writer.end());
  await output.flush();
  return stop.status ?? 0;
}

interface Stop {
  /** 128 and the signal's number, once one came. */
  status: number | undefined;
  readonly signal: AbortSignal;
}

function stopSignal(): Stop {
  const controller = new AbortController();
  const stop: Stop = {status: undefined, signal: controller.signal};
  for (const [name, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const)
    process.once(name, () => {
      stop.status ??= 128 + number;
      controller.abort();
    });
  return stop;
}
