import {setTimeout as sleep} from 'node:timers/promises';
import type {SourceBatch} from '../source.ts';

/** Milliseconds that a replay waits at most for the next event. */
export const usualLongestPause = 1_000;
/** Events that fall due within this many milliseconds go together. */
const grain = 50;

/**
 * Hands batches on as fast as their events happened, times `speed`; pauses are cut to `longestPause` milliseconds, so
 * that a long gap in a file never looks like a program that hangs. With `speed` 0 nothing waits.
 */
export async function* paced(
  batches: AsyncIterable<SourceBatch>,
  speed: number,
  signal: AbortSignal,
  longestPause = usualLongestPause,
  pause: (milliseconds: number) => Promise<unknown> = milliseconds =>
    sleep(milliseconds, undefined, {signal}).catch(() => {}),
): AsyncGenerator<SourceBatch> {
  let last: number | undefined;
  for await (const batch of batches) {
    if (speed === 0 || batch.events.length === 0) {
      yield batch;
      continue;
    }
    const {events, ...rest} = batch;
    let begun = 0;
    for (const [index, event] of events.entries()) {
      const wait = last === undefined ? 0 : Math.max(0, event.time - last) / 1000 / speed;
      if (wait >= grain) {
        if (index > begun) yield {...rest, events: events.slice(begun, index)};
        begun = index;
        await pause(Math.min(wait, longestPause));
        if (signal.aborted) return;
      }
      if (last === undefined || wait >= grain || event.time < last) last = event.time;
    }
    yield {...rest, events: events.slice(begun)};
  }
}
