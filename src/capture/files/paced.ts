import {setTimeout as sleep} from 'node:timers/promises';
import type {Micros} from '../../event/event.ts';
import type {SourceBatch} from '../source.ts';

/** Milliseconds that a replay waits at most for the next event. */
export const usualLongestPause = 1_000;
/** Events that fall due within this many milliseconds go together. */
const grain = 50;

export interface Pace {
  /** 0 is as fast as possible, 1 as it happened. */
  readonly speed: number;
  readonly signal: AbortSignal;
  /** Milliseconds. A second where nothing is said. */
  readonly longestPause?: number | undefined;
  /** The moment that it is when the first batch is asked for; that of the first event where nothing is said. */
  readonly begins?: Micros | undefined;
  /** Waits for so many milliseconds. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  /** Milliseconds that pass evenly. */
  readonly now?: () => number;
}

/**
 * Hands batches on as fast as their events happened, times `speed`, without falling behind by what handing on takes; pauses
 * are cut to `longestPause`, so that a long gap in a file never looks like a program that hangs. With `speed` 0 nothing waits.
 */
export async function* paced(batches: AsyncIterable<SourceBatch>, pace: Pace): AsyncGenerator<SourceBatch> {
  const {speed, signal, longestPause = usualLongestPause, begins, now = () => performance.now()} = pace;
  const {pause = milliseconds => sleep(milliseconds, undefined, {signal}).catch(() => {})} = pace;
  let last: number | undefined = begins;
  let due = now();
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
        due += Math.min(wait, longestPause);
        await pause(Math.max(0, due - now()));
        if (signal.aborted) return;
      }
      if (last === undefined) due = now();
      if (last === undefined || wait >= grain || event.time < last) last = event.time;
    }
    yield {...rest, events: events.slice(begun)};
  }
}
