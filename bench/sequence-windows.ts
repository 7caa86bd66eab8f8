/** A piece of a session: places from `begin` to before `end`, of which those before `firstTarget` are context only. */
export interface Window {
  readonly begin: number;
  readonly firstTarget: number;
  readonly end: number;
}

const windowLength = 64;
const overlap = 8;

/**
 * Cuts a session of this many places, begin and end included, into windows that overlap by some context; of more than
 * `most`, that many evenly spread, the first and the last among them.
 */
export function windowsOf(places: number, most: number): Window[] {
  const windows: Window[] = [];
  for (let begin = 0; ; begin += windowLength - overlap) {
    const end = Math.min(places, begin + windowLength);
    windows.push({begin, firstTarget: begin === 0 ? 1 : begin + overlap, end});
    if (end === places) break;
  }
  if (windows.length <= most) return windows;
  const chosen = Array.from({length: most}, (_, index) => Math.round((index * (windows.length - 1)) / (most - 1)));
  return chosen.flatMap(index => windows[index] ?? []);
}
