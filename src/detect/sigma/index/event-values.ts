import {type FieldReader, readerOf, type View, type ViewedEvent} from '../logsource/view.ts';
import {fold} from '../match/fold.ts';
import type {SigmaValue} from '../value.ts';
import {keywordSlot} from './leaves.ts';

/** The values of the event at hand by field slot; each is read, and folded, when it is first asked for. */
export class EventValues {
  readonly #slots: ReadonlyMap<string, number>;
  readonly #readers: readonly FieldReader[];
  readonly #values: (SigmaValue | undefined)[];
  readonly #folded: (string | readonly string[] | undefined)[];
  /** The event whose value a slot holds, by its number. */
  readonly #readAt: Int32Array;
  readonly #foldedAt: Int32Array;
  #event: ViewedEvent | undefined;
  #serial = 0;

  constructor(view: View, slots: readonly string[]) {
    this.#slots = new Map(slots.map((name, slot) => [name, slot]));
    this.#readers = slots.map(name => readerOf(view, name));
    this.#values = slots.map(() => undefined);
    this.#folded = slots.map(() => undefined);
    this.#readAt = new Int32Array(slots.length);
    this.#foldedAt = new Int32Array(slots.length);
  }

  /** Goes on to another event. Numbers rise; 0 forgets all. */
  take(event: ViewedEvent | undefined, serial: number): void {
    this.#event = event;
    this.#serial = serial;
    if (serial > 0) return;
    this.#readAt.fill(0);
    this.#foldedAt.fill(0);
  }

  /** By a field's name in lower case. */
  slotOf(field: string): number {
    return this.#slots.get(field) ?? keywordSlot;
  }

  valueOf(slot: number): SigmaValue | undefined {
    if (this.#readAt[slot] === this.#serial) return this.#values[slot];
    this.#readAt[slot] = this.#serial;
    const value = this.#event?.read(this.#readers[slot] as FieldReader);
    this.#values[slot] = value;
    return value;
  }

  /** In lower case; of the keyword slot all texts in one. */
  foldedOf(slot: number): string | readonly string[] | undefined {
    if (this.#foldedAt[slot] === this.#serial) return this.#folded[slot];
    this.#foldedAt[slot] = this.#serial;
    const folded = slot === keywordSlot ? this.#event?.foldedTexts() : foldedValue(this.valueOf(slot));
    this.#folded[slot] = folded;
    return folded;
  }

  texts(): readonly string[] {
    return this.#event?.texts() ?? [];
  }
}

function foldedValue(value: SigmaValue | undefined): string | readonly string[] | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'object' ? value.map(one => fold(String(one))) : fold(String(value));
}
