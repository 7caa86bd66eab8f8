import type {Event} from '../../../event/event.ts';
import type {Constants} from '../index/plan-rule.ts';
import {fold} from '../match/fold.ts';
import type {Logsource} from '../rule.ts';
import {type SigmaEvent, type SigmaValue, valuesOf} from '../value.ts';
import {attribute, type RawFields, withoutPrefix} from './raw-fields.ts';

/** How a field that a kind of log has under another name or in another form is read. */
export type FieldReader = (raw: RawFields, event: Event) => SigmaValue | undefined;

/** One kind of log that an event can be seen as. The same object for all events of the kind. */
export interface View {
  /** Words for people: `windows security 4688 as process_creation`. */
  readonly name: string;
  readonly categories: readonly string[];
  /** `*` where the product is not known and any may be meant. */
  readonly products: readonly string[];
  readonly services: readonly string[];
  readonly constants: Constants;
  readonly fields: ReadonlyMap<string, FieldReader>;
  /** The event stands in for another here, so only rules that ask for the category are about it. */
  readonly standsIn?: boolean;
}

/** Whether a rule of this logsource is about events of this kind. */
export function isAbout(view: View, {category, product, service}: Logsource): boolean {
  return (
    (category === undefined ? view.standsIn !== true : view.categories.includes(category)) &&
    (product === undefined || view.products.includes(product) || view.products.includes('*')) &&
    (service === undefined || view.services.includes(service))
  );
}

/** How a field, by its name in lower case, is read in all events of a kind. */
export function readerOf(view: View, field: string): FieldReader {
  return view.fields.get(field) ?? ownReader(field);
}

const ownReaders = new Map<string, FieldReader>();
const mostReaders = 10_000;

function ownReader(field: string): FieldReader {
  const known = ownReaders.get(field);
  if (known) return known;
  const made = makeReader(field);
  if (ownReaders.size >= mostReaders) ownReaders.clear();
  ownReaders.set(field, made);
  return made;
}

/** A field that has the name, else what the event has beside its fields. */
function makeReader(field: string): FieldReader {
  if (field === 'message' || field === '@timestamp') return (raw, event) => raw.get(field) ?? attribute(event, field);
  if (!field.includes('.')) return raw => raw.get(field);
  const bare = withoutPrefix(field);
  return (raw, event) => raw.get(field) ?? raw.get(bare) ?? attribute(event, field);
}

/** An event under the field names of one view. */
export class ViewedEvent implements SigmaEvent {
  readonly event: Event;
  readonly view: View;
  readonly time: number;
  readonly host: string;
  readonly #raw: RawFields;
  readonly #texts: EventTexts;

  constructor(event: Event, view: View, raw: RawFields, texts: EventTexts) {
    this.event = event;
    this.view = view;
    this.time = event.time;
    this.host = (event.kind === 'log' ? event.host : undefined) ?? event.origin.host;
    this.#raw = raw;
    this.#texts = texts;
  }

  get(field: string): SigmaValue | undefined {
    return this.read(readerOf(this.view, field));
  }

  /** The same by a reader that was found before: see `readerOf`. */
  read(reader: FieldReader): SigmaValue | undefined {
    return reader(this.#raw, this.event);
  }

  texts(): readonly string[] {
    return this.#texts.all;
  }

  /** All texts in one; the character between them stands in none that rules look for. */
  joinedTexts(): string {
    return this.#texts.joined;
  }

  /** The same in lower case. */
  foldedTexts(): string {
    return this.#texts.folded;
  }
}

/** What keywords are searched in, made at most once an event. */
export class EventTexts {
  readonly #message: string;
  readonly #raw: RawFields;
  #all: readonly string[] | undefined;
  #joined: string | undefined;
  #folded: string | undefined;

  constructor(message: string, raw: RawFields) {
    this.#message = message;
    this.#raw = raw;
  }

  get all(): readonly string[] {
    if (this.#all) return this.#all;
    const texts = [this.#message];
    for (const value of this.#raw.values()) {
      if (typeof value === 'string') texts.push(value);
      else for (const one of valuesOf(value)) texts.push(String(one));
    }
    this.#all = texts;
    return texts;
  }

  get joined(): string {
    if (this.#joined !== undefined) return this.#joined;
    let joined = this.#message;
    for (const value of this.#raw.values()) {
      if (typeof value !== 'object') joined += `\u0001${value}`;
      else for (const one of value) joined += `\u0001${one}`;
    }
    this.#joined = joined;
    return joined;
  }

  get folded(): string {
    this.#folded ??= fold(this.joined);
    return this.#folded;
  }
}

/** Readers made of `field: other name`. */
export function renamed(names: Readonly<Record<string, string>>): Map<string, FieldReader> {
  return new Map(
    Object.entries(names).map(([field, name]) => [
      field,
      (raw: RawFields, event: Event) => raw.get(name) ?? attribute(event, name),
    ]),
  );
}

/** The same, where a field that has the name already is taken as it is. */
export function aliased(names: Readonly<Record<string, string>>): Map<string, FieldReader> {
  return new Map(
    Object.entries(names).map(([field, name]) => [
      field,
      (raw: RawFields, event: Event) => raw.get(field) ?? raw.get(name) ?? attribute(event, name),
    ]),
  );
}
