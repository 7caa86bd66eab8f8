import {setTimeout as wait} from 'node:timers/promises';

/** Waits so many milliseconds, or until the signal; passed in wherever a test needs to hold time. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export const pause: Pause = async (milliseconds, signal) => {
  try {
    await wait(milliseconds, undefined, {signal});
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};
