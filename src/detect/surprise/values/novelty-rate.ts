/** Observations after which what was new then counts half as much. */
const halfLife = 300;
/** Observations that count at most: the integral of the forgetting. */
const memory = halfLife / Math.LN2;

/** How often something new came lately, among observations that are counted elsewhere. Plain data. */
export interface NoveltyRate {
  /** New ones, each weighed by how long ago it came, as of `at`. */
  fresh: number;
  /** The count of observations at the newest of them. */
  at: number;
}

/** Notes that the observation of this number brought something new. */
export function noteFresh(rate: NoveltyRate, count: number): void {
  rate.fresh = faded(rate, count) + 1;
  rate.at = count;
}

/**
 * The probability that the next observation brings something new, after `count` of them: a Beta(½, ½) prior, and the
 * newest few hundred observations. What is settled has few, whatever it had when it began.
 */
export function freshProbability(rate: NoveltyRate, count: number): number {
  return (0.5 + faded(rate, count)) / (1 + Math.min(count, memory));
}

function faded({fresh, at}: NoveltyRate, count: number): number {
  return fresh * 2 ** ((at - count) / halfLife);
}
