import type {View, ViewedEvent} from '../logsource/view.ts';
import {EventValues} from './event-values.ts';
import {FieldLiterals} from './field-literals.ts';
import {lateTest} from './late-test.ts';
import {keywordSlot, type LateLeaf, type Leaves, type TextLeaf} from './leaves.ts';
import {type Form, type FoundLeaves, literalsOf} from './literal.ts';
import {textFinder} from './text-finder.ts';

/** Whether a leaf or more holds of the event at hand. */
export type Run = () => boolean;

/** Then numbers of events begin anew. */
const lastSerial = 2 ** 30 - 1;
/** A leaf's guessed chance counts like so many events. */
const guessWeight = 50;

/**
 * Which leaves are true of the event at hand. Texts of leaves that are watched are found in one pass over each value;
 * every other leaf is looked for when a rule asks, once an event.
 */
export class EventLeaves {
  /** Watched leaves that were found, in no order; `foundCount` of them. */
  readonly found: Uint32Array;
  foundCount = 0;
  readonly #leaves: Leaves;
  readonly #values: EventValues;
  /** The event at hand, by number. A watched leaf is true if its stamp is this. */
  #serial = 0;
  readonly #stamps: Int32Array;
  /** 2 × serial, + 1 if true, of leaves that were asked for. */
  readonly #known: Int32Array;
  readonly #watched: Uint8Array;
  #scanners: readonly {readonly slot: number; readonly literals: FieldLiterals}[] = [];
  readonly #runs: (Run | undefined)[] = [];
  /** In how many events each leaf was found, of how many in which it was watched. */
  readonly #times: Uint32Array;
  readonly #observed: Float64Array;
  #sinceWatch = 0;

  constructor(leaves: Leaves, view: View) {
    const {slots, count} = leaves;
    this.#leaves = leaves;
    this.#values = new EventValues(view, slots);
    this.found = new Uint32Array(count);
    this.#stamps = new Int32Array(count);
    this.#known = new Int32Array(count);
    this.#watched = new Uint8Array(count);
    this.#times = new Uint32Array(count);
    this.#observed = new Float64Array(count);
  }

  /** Leaves of texts that are looked for in every event from now on. */
  watch(leaves: Iterable<number>): void {
    for (const [leaf, watched] of this.#watched.entries())
      if (watched) this.#observed[leaf] = (this.#observed[leaf] ?? 0) + this.#sinceWatch;
    this.#sinceWatch = 0;
    this.#watched.fill(0);
    const bySlot = new Map<number, [leaf: number, forms: readonly Form[]][]>();
    for (const leaf of leaves) {
      const plain = this.#leaves.plain[leaf];
      if (!plain || this.#watched[leaf]) continue;
      this.#watched[leaf] = 1;
      const list = bySlot.get(plain.slot) ?? [];
      bySlot.set(plain.slot, list);
      list.push([leaf, plain.forms]);
    }
    // What keywords are searched in is long and not in lower case, so that searching even one is dear.
    this.#scanners = [...bySlot].map(([slot, list]) => ({
      slot,
      literals: new FieldLiterals(literalsOf(list), slot === keywordSlot ? 0 : undefined),
    }));
  }

  /** In which part of events a leaf of texts is found, as far as is known. */
  chanceOf(leaf: number): number {
    const observed = (this.#observed[leaf] ?? 0) + (this.#watched[leaf] ? this.#sinceWatch : 0);
    const guessed = guessWeight * (this.#leaves.guess[leaf] ?? 1);
    return ((this.#times[leaf] ?? 0) + guessed) / (observed + guessWeight);
  }

  /** What asking for a leaf costs about, in looks at one that is watched. */
  costOf(leaf: number): number {
    if (this.#watched[leaf]) return 1;
    const forms = this.#leaves.plain[leaf]?.forms;
    return forms ? 3 + Math.min(forms.length, 24) : 100;
  }

  /** Reads an event: finds in one pass over each value which watched texts stand in it. */
  read(event: ViewedEvent): void {
    if (this.#serial === lastSerial) this.#restart();
    this.#serial++;
    this.#sinceWatch++;
    this.foundCount = 0;
    const values = this.#values;
    values.take(event, this.#serial);
    for (const {slot, literals} of this.#scanners) {
      if (slot === keywordSlot) {
        this.#mark(literals.scanTexts(event));
        continue;
      }
      const value = values.valueOf(slot);
      if (value === undefined) continue;
      if (typeof value !== 'object') this.#mark(this.#scan(literals, slot, String(value)));
      else for (const one of value) this.#mark(literals.leavesOf(String(one)));
    }
  }

  /** Whether a leaf is true, as a function to be asked while the event is at hand. */
  isTrue(leaf: number): Run {
    const known = this.#runs[leaf];
    if (known) return known;
    const plain = this.#leaves.plain[leaf];
    const late = this.#leaves.late.get(leaf);
    const made = plain ? this.#textRun(leaf, plain) : late ? this.#lateRun(leaf, late) : () => false;
    this.#runs[leaf] = made;
    return made;
  }

  #restart(): void {
    this.#serial = 0;
    this.#values.take(undefined, 0);
    this.#stamps.fill(0);
    this.#known.fill(0);
  }

  #scan(literals: FieldLiterals, slot: number, value: string): FoundLeaves {
    const known = literals.recall(value);
    if (known) return known;
    const found = literals.scanFolded(this.#values.foldedOf(slot) as string);
    literals.remember(value, found);
    return found;
  }

  #mark(found: FoundLeaves): void {
    const [serial, stamps, times] = [this.#serial, this.#stamps, this.#times];
    for (const leaves of found) {
      for (const leaf of leaves) {
        if (stamps[leaf] === serial) continue;
        stamps[leaf] = serial;
        times[leaf] = (times[leaf] ?? 0) + 1;
        this.found[this.foundCount++] = leaf;
      }
    }
  }

  #textRun(leaf: number, {slot, forms}: TextLeaf): Run {
    const [stamps, watched] = [this.#stamps, this.#watched];
    let finder: ((folded: string) => boolean) | undefined;
    const look = this.#once(leaf, () => {
      const folded = this.#values.foldedOf(slot);
      if (folded === undefined) return false;
      finder ??= textFinder(forms);
      return typeof folded === 'string' ? finder(folded) : folded.some(finder);
    });
    return () => (watched[leaf] ? stamps[leaf] === this.#serial : look());
  }

  /** Runs a test not at all where a text that it needs does not stand. */
  #lateRun(leaf: number, late: LateLeaf): Run {
    const needed = late.gates.map(gate => this.isTrue(gate));
    const run = lateTest(this.#values, late);
    return this.#once(leaf, () => {
      for (const gate of needed) if (!gate()) return false;
      return run();
    });
  }

  /** At most once an event. */
  #once(leaf: number, run: Run): Run {
    const known = this.#known;
    return () => {
      const before = (known[leaf] as number) - 2 * this.#serial;
      if (before >= 0) return before === 1;
      const result = run();
      known[leaf] = 2 * this.#serial + (result ? 1 : 0);
      return result;
    };
  }
}
