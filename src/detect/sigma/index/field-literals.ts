import type {ViewedEvent} from '../logsource/view.ts';
import {fold} from '../match/fold.ts';
import {EdgeMatcher} from './edge-matcher.ts';
import {InsideMatcher} from './inside-matcher.ts';
import type {FoundLeaves, Literal} from './literal.ts';

const longestRemembered = 256;
const mostRemembered = 4_096;
/** Up to so many texts are searched one by one: quicker than a matcher. */
const usuallyFew = 6;
/** So many look-ups show whether values of a field come again at all. */
const trial = 2_000;

/** All plain texts that rules look for in one field. Tells in one pass over a value which leaves are true of it. */
export class FieldLiterals {
  readonly #equals = new Map<string, readonly number[]>();
  readonly #starts: EdgeMatcher | undefined;
  readonly #ends: EdgeMatcher | undefined;
  readonly #inside: InsideMatcher | undefined;
  readonly #few: readonly Literal[];
  /** What was found in values seen before: a machine says most things over and over. */
  readonly #remembered = new Map<string, FoundLeaves>();
  #asked = 0;
  #known = 0;
  #isRemembering = true;

  /** Up to `fewest` texts that may stand anywhere are searched one by one. */
  constructor(literals: readonly Literal[], fewest = usuallyFew) {
    const at = (place: Literal['place']) => literals.filter(literal => literal.place === place);
    for (const {text, leaves} of at('equals')) this.#equals.set(text, leaves);
    const [starts, ends, inside] = [at('starts'), at('ends'), at('contains')];
    this.#starts = starts.length === 0 ? undefined : new EdgeMatcher(starts, false);
    this.#ends = ends.length === 0 ? undefined : new EdgeMatcher(ends, true);
    this.#few = inside.length <= fewest ? inside : [];
    this.#inside = inside.length <= fewest ? undefined : new InsideMatcher(inside);
  }

  leavesOf(value: string): FoundLeaves {
    const known = this.recall(value);
    if (known) return known;
    const found = this.scanFolded(fold(value));
    this.remember(value, found);
    return found;
  }

  /** What was found in the same value before, if that is still known; else to be told by `remember`. */
  recall(value: string): FoundLeaves | undefined {
    if (value.length > longestRemembered || !this.#isWorthRemembering()) return undefined;
    const before = this.#remembered.get(value);
    if (before) this.#known++;
    return before;
  }

  remember(value: string, found: FoundLeaves): void {
    if (value.length > longestRemembered || !this.#isRemembering) return;
    if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
    this.#remembered.set(value, found);
  }

  /** The same for a value in lower case, not remembered. */
  scanFolded(text: string): FoundLeaves {
    const found: FoundLeaves = [];
    const equal = this.#equals.get(text);
    if (equal) found.push(equal);
    this.#starts?.scan(text, found);
    this.#ends?.scan(text, found);
    this.#inside?.scan(text, found, text);
    for (const {text: part, leaves} of this.#few) if (text.includes(part)) found.push(leaves);
    return found;
  }

  /** What stands in any of an event's texts, if all that is looked for may stand anywhere in them. */
  scanTexts(event: Pick<ViewedEvent, 'texts' | 'joinedTexts' | 'foldedTexts'>): FoundLeaves {
    const inside = this.#inside;
    if (inside === undefined) return this.scanFolded(event.foldedTexts());
    const found: FoundLeaves = [];
    if (!inside.isQuick) inside.scan(event.joinedTexts(), found);
    else for (const text of event.texts()) if (inside.mayFind(text)) inside.scan(text, found);
    return found;
  }

  /** Where values hardly come again, as command lines with numbers do, looking them up costs more than it saves. */
  #isWorthRemembering(): boolean {
    this.#asked++;
    this.#isRemembering = this.#asked < trial || this.#known * 4 >= this.#asked;
    if (this.#isRemembering) return true;
    if (this.#remembered.size > 0) this.#remembered.clear();
    // Tried again now and then: a machine's habits change.
    if (this.#asked >= 50 * trial) {
      this.#asked = 0;
      this.#known = 0;
    }
    return false;
  }
}
