import {type FieldReader, readerOf, type View, type ViewedEvent} from '../logsource/view.ts';
import {fold} from '../match/fold.ts';
import {compileValueTest, refers, type SingleTest, type ValueTest} from '../match/value-test.ts';
import type {Test} from '../rule.ts';
import {type SigmaValue, valuesOf} from '../value.ts';
import {FieldLiterals} from './field-literals.ts';
import {keywordSlot, type LateLeaf, type Leaves} from './leaves.ts';
import type {FoundLeaves} from './literal.ts';

/** Which leaves are true of the event at hand. */
export class EventLeaves {
  /** Leaves of texts that were found, in no order; `foundCount` of them. */
  readonly found: Uint32Array;
  foundCount = 0;
  /** In how many events each leaf was found. */
  readonly times: Uint32Array;
  /** Events so far. A leaf of texts is true if its stamp is this. */
  serial = 0;
  readonly #stamps: Uint32Array;
  readonly #readers: readonly FieldReader[];
  readonly #literals: readonly (FieldLiterals | undefined)[];
  readonly #keywords: FieldLiterals | undefined;
  /** Values by slot. */
  readonly #values: (SigmaValue | undefined)[];
  readonly #slots: ReadonlyMap<string, number>;
  /** 2 × serial, + 1 if true, of leaves that are run late. */
  readonly #late: Float64Array;
  #event: ViewedEvent | undefined;

  constructor(leaves: Leaves, view: View) {
    const {slots, count} = leaves;
    this.#slots = new Map(slots.map((name, slot) => [name, slot]));
    this.#readers = slots.map(name => readerOf(view, name));
    this.#literals = slots.map((_, slot) => {
      const literals = slot === keywordSlot ? [] : leaves.literalsOf(slot);
      return literals.length === 0 ? undefined : new FieldLiterals(literals);
    });
    const keywords = leaves.literalsOf(keywordSlot);
    this.#keywords = keywords.length === 0 ? undefined : new FieldLiterals(keywords);
    this.#values = slots.map(() => undefined);
    this.found = new Uint32Array(count);
    this.times = new Uint32Array(count);
    this.#stamps = new Uint32Array(count);
    this.#late = new Float64Array(count);
  }

  /** Reads an event: finds in one pass over each value which texts stand in it. */
  read(event: ViewedEvent): void {
    this.serial++;
    this.foundCount = 0;
    this.#event = event;
    const [readers, values] = [this.#readers, this.#values];
    for (let slot = 1; slot < readers.length; slot++) {
      const value = event.read(readers[slot] as FieldReader);
      values[slot] = value;
      if (value === undefined) continue;
      const literals = this.#literals[slot];
      if (literals === undefined) continue;
      if (typeof value !== 'object') this.#mark(literals.leavesOf(String(value)));
      else for (const one of value) this.#mark(literals.leavesOf(String(one)));
    }
    if (this.#keywords) this.#mark(this.#keywords.scanFolded(event.foldedTexts()));
  }

  /** Whether a leaf is true, as a function to be asked while the event is at hand. */
  isTrue(leaf: number, late: LateLeaf | undefined): () => boolean {
    if (late) return this.#lateRun(leaf, late);
    const stamps = this.#stamps;
    return () => stamps[leaf] === this.serial;
  }

  #mark(found: FoundLeaves): void {
    const [serial, stamps] = [this.serial, this.#stamps];
    for (const leaves of found) {
      for (const leaf of leaves) {
        if (stamps[leaf] === serial) continue;
        stamps[leaf] = serial;
        this.times[leaf] = (this.times[leaf] ?? 0) + 1;
        this.found[this.foundCount++] = leaf;
      }
    }
  }

  /** Runs a test at most once an event, and not at all where a text it needs was not found. */
  #lateRun(leaf: number, {slot, test, gates, shortest}: LateLeaf): () => boolean {
    const run = this.#testRun(slot, test, shortest);
    return () => {
      for (const gate of gates) if (this.#stamps[gate] !== this.serial) return false;
      const known = (this.#late[leaf] ?? 0) - 2 * this.serial;
      if (known >= 0) return known === 1;
      const result = run();
      this.#late[leaf] = 2 * this.serial + (result ? 1 : 0);
      return result;
    };
  }

  #testRun(slot: number, test: Test, shortest: number): () => boolean {
    switch (test.kind) {
      case 'null':
        return () => this.#values[slot] === undefined;
      case 'exists':
        return () => (this.#values[slot] !== undefined) === test.wanted;
      case 'fieldref': {
        const other = this.#slots.get(fold(test.field)) ?? 0;
        return () => someRefers(this.#values[slot], this.#values[other], test);
      }
      default:
        return this.#valueRun(slot, longEnough(test, shortest));
    }
  }

  #valueRun(slot: number, holds: ValueTest): () => boolean {
    if (slot === keywordSlot) return () => this.#event?.texts().some(holds) ?? false;
    return () => {
      const value = this.#values[slot];
      if (value === undefined) return false;
      return typeof value === 'object' ? value.some(holds) : holds(value);
    };
  }
}

/** A value's length is known, so it is asked for first. */
function longEnough(test: SingleTest, shortest: number): ValueTest {
  // Compiled when it is first asked: most expressions never are.
  let holds: ValueTest | undefined;
  return value => {
    if (typeof value === 'string' && value.length < shortest) return false;
    holds ??= compileValueTest(test);
    return holds(value);
  };
}

function someRefers(
  value: SigmaValue | undefined,
  other: SigmaValue | undefined,
  test: Extract<Test, {kind: 'fieldref'}>,
): boolean {
  if (value === undefined || other === undefined) return false;
  if (typeof value !== 'object' && typeof other !== 'object') return refers(value, other, test);
  return valuesOf(value).some(one => valuesOf(other).some(two => refers(one, two, test)));
}
