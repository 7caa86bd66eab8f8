import {fold} from '../match/fold.ts';
import {textForm} from '../match/text-form.ts';
import type {Pattern, Test} from '../rule.ts';
import type {Form} from './literal.ts';
import {requiredOf} from './regex-literals.ts';

/** A test that is run only when a rule asks for it. */
export interface LateLeaf {
  readonly slot: number;
  readonly test: Test;
  /** Leaves that are all true wherever this is. */
  readonly gates: readonly number[];
  /** No shorter value passes. */
  readonly shortest: number;
}

/** A leaf that is true where any of its texts stands in the field. */
export interface TextLeaf {
  readonly slot: number;
  readonly forms: readonly Form[];
}

/** The field slot of keywords: every text of the event. */
export const keywordSlot = 0;

/**
 * The distinct tests of all rules on one kind of event, each once, numbered. Plain texts on one field can be found all
 * together in one pass; the rest is run late.
 */
export class Leaves {
  /** Names of fields in lower case, by slot. */
  readonly slots: string[] = [''];
  readonly late = new Map<number, LateLeaf>();
  /** By leaf; undefined for those that are run late. */
  readonly plain: (TextLeaf | undefined)[] = [];
  /** How probable a leaf is before anything was measured. */
  readonly guess: number[] = [];
  readonly #slotByName = new Map<string, number>();
  readonly #byKey = new Map<string, number>();

  get count(): number {
    return this.guess.length;
  }

  slotOf(field: string): number {
    const name = fold(field);
    let slot = this.#slotByName.get(name);
    if (slot === undefined) {
      slot = this.slots.length;
      this.slots.push(name);
      this.#slotByName.set(name, slot);
    }
    return slot;
  }

  /** A leaf that is true where any of the texts is found. */
  texts(slot: number, forms: readonly Form[]): number {
    const key = `${slot}${textsKey(forms)}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const chance = forms.reduce((sum, form) => sum + guessOf(form), 0);
    const leaf = this.#add(key, Math.min(1, chance));
    this.plain[leaf] = {slot, forms};
    return leaf;
  }

  /** A leaf for any other test. */
  test(slot: number, test: Test): number {
    const key = `${slot}\0${JSON.stringify(test)}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    if (test.kind === 'fieldref') this.slotOf(test.field);
    const {sets, shortest} = requirementsOf(test);
    const gates = sets.map(forms => this.texts(slot, forms));
    const leaf = this.#add(key, Math.min(1, ...gates.map(gate => this.guess[gate] ?? 1)));
    this.late.set(leaf, {slot, test, gates, shortest});
    return leaf;
  }

  #add(key: string, guess: number): number {
    const leaf = this.guess.length;
    this.guess.push(guess);
    this.plain.push(undefined);
    this.#byKey.set(key, leaf);
    return leaf;
  }
}

/** The same for the same texts in any order. Lengths stand before texts, so that no two lists have the same key. */
function textsKey(forms: readonly Form[]): string {
  const [only] = forms;
  if (forms.length === 1 && only) return textKey(only);
  return [...new Set(forms.map(textKey))].sort().join('');
}

function textKey({place, text}: Form): string {
  return `${place}${text.length}:${text}`;
}

/** The plain texts a test is equal to finding one of, or undefined. A text that is everywhere is no such text. */
export function plainForms(test: Test): Form[] | undefined {
  if (test.kind === 'number') {
    const texts = new Set([String(test.value), fold(test.source)]);
    return [...texts].map(text => ({place: 'equals', text}));
  }
  if (test.kind !== 'text' || test.cased) return undefined;
  const form = textForm(test.pattern);
  if (!form || (form.text === '' && form.place !== 'equals')) return undefined;
  return [{place: form.place, text: fold(form.text)}];
}

interface Requirements {
  /** Of each set one is found wherever the test holds. */
  readonly sets: readonly (readonly Form[])[];
  readonly shortest: number;
}

function requirementsOf(test: Test): Requirements {
  if (test.kind === 'regex') {
    const {sets, shortest} = requiredOf(test.expression);
    return {sets: sets.map(set => set.map(text => ({place: 'contains', text: fold(text)}))), shortest};
  }
  if (test.kind !== 'text') return {sets: [], shortest: 0};
  const form = textForm(test.pattern);
  const pieces = test.pattern.flatMap(piece => (typeof piece === 'string' ? [] : [piece.text]));
  const shortest = pieces.reduce((sum, text) => sum + text.length, test.pattern.filter(piece => piece === '?').length);
  const forms = form ? [form] : placedPieces(test.pattern);
  const sets = forms.filter(({place, text}) => text !== '' || place === 'equals');
  return {sets: sets.map(({place, text}) => [{place, text: fold(text)}]), shortest};
}

/** A pattern's first text stands at the value's start where no `*` is before it, its last at the end. */
function placedPieces(pattern: Pattern): Form[] {
  return pattern.flatMap((piece, at): Form[] => {
    if (typeof piece === 'string') return [];
    const place = at === 0 ? 'starts' : at === pattern.length - 1 ? 'ends' : 'contains';
    return [{place, text: piece.text}];
  });
}

function guessOf({place, text}: Form): number {
  if (place === 'equals') return 0.01;
  if (text.length <= 2) return 0.3;
  if (text.length <= 4) return 0.1;
  return text.length <= 8 ? 0.03 : 0.01;
}
