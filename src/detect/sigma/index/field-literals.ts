import {fold} from '../match/fold.ts';
import {EdgeMatcher} from './edge-matcher.ts';
import {InsideMatcher} from './inside-matcher.ts';
import type {Found, Literal} from './literal.ts';

const longestRemembered = 1_024;
const mostRemembered = 4_096;

/** All plain texts that rules look for in one field. Tells in one pass over a value which leaves are true of it. */
export class FieldLiterals {
  readonly #equals = new Map<string, readonly number[]>();
  readonly #starts: EdgeMatcher | undefined;
  readonly #ends: EdgeMatcher | undefined;
  readonly #inside: InsideMatcher | undefined;
  /** What was found in values seen before: a machine says the same things over and over. */
  readonly #remembered = new Map<string, readonly number[]>();

  constructor(literals: readonly Literal[]) {
    const at = (place: Literal['place']) => literals.filter(literal => literal.place === place);
    for (const {text, leaves} of at('equals')) this.#equals.set(text, leaves);
    const [starts, ends, inside] = [at('starts'), at('ends'), at('contains')];
    this.#starts = starts.length === 0 ? undefined : new EdgeMatcher(starts, false);
    this.#ends = ends.length === 0 ? undefined : new EdgeMatcher(ends, true);
    this.#inside = inside.length === 0 ? undefined : new InsideMatcher(inside);
  }

  /** The leaves that are true of a value, each at least once. */
  leavesOf(value: string): readonly number[] {
    if (value.length > longestRemembered) return this.#scan(value);
    const known = this.#remembered.get(value);
    if (known) return known;
    const leaves = [...new Set(this.#scan(value))];
    if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
    this.#remembered.set(value, leaves);
    return leaves;
  }

  #scan(value: string): readonly number[] {
    const text = fold(value);
    const leaves: number[] = [];
    const found: Found = more => {
      for (const leaf of more) leaves.push(leaf);
    };
    const equal = this.#equals.get(text);
    if (equal) found(equal);
    this.#starts?.scan(text, found);
    this.#ends?.scan(text, found);
    this.#inside?.scan(text, found);
    return leaves;
  }
}
