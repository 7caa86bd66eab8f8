import {fold} from './fold.ts';

/**
 * A test of a whole text without case. `*` stands for any characters and `?` for one, unless `literal`. Time is at most
 * pattern × text, whatever the pattern.
 *
 * @example
 * wildcard('web*', false)('WEB-01') // true
 */
export function wildcard(pattern: string, literal: boolean): (text: string) => boolean {
  const folded = fold(pattern);
  if (literal || !/[*?]/.test(folded)) return text => fold(text) === folded;
  const wanted = [...folded.replace(/\*+/g, '*')];
  return text => matchesFrom(wanted, [...fold(text)]);
}

/** Greedy with one place to come back to: the last star. */
function matchesFrom(pattern: readonly string[], text: readonly string[]): boolean {
  let p = 0;
  let star = -1;
  let retry = 0;
  for (let t = 0; t < text.length; ) {
    if (pattern[p] === '*') {
      star = p++;
      retry = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++retry;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
