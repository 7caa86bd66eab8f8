import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';

const everyMinute = 60_000;

/**
 * Collects this thread's garbage once a minute (some milliseconds). Left to itself V8 waits until the heap has doubled
 * and more, and on a quiet machine the program seems to leak for many minutes. Returns what ends it.
 */
export function keepMemorySteady(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') return () => {};
  const timer = setInterval(() => collect(), everyMinute);
  timer.unref();
  return () => clearInterval(timer);
}
