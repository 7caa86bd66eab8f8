import type {FieldValue} from '../../../event/event.ts';

type Fields = Record<string, FieldValue>;

/** One list of names, and how a record of them is made. */
interface Shape {
  readonly key: string;
  readonly before: Shape | undefined;
  readonly next: Map<string, Shape>;
  latest: Shape | undefined;
  uses: number;
  make: ((values: readonly FieldValue[]) => Fields) | undefined;
}

/** A list of names that comes so often gets a function of its own. */
const often = 16;
const mostNames = 200;
/** Names come from the logs and so may be made up without end: all shapes are forgotten beyond so many steps. */
const mostShapes = 20_000;

/**
 * Gathers fields in order and makes a record of them. Events of one template have the same names in the same order. To
 * set forty fields one by one costs 4.6 µs, for the record becomes a hash table on the way; to have it made by a
 * function that names them all costs 0.2 µs.
 */
export class FieldList {
  readonly #values: FieldValue[] = [];
  #root = shape('', undefined);
  #at = this.#root;
  #count = 0;
  #shapes = 0;

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#at = this.#root;
    this.#count = 0;
    this.#values.length = 0;
  }

  /** Adds a field. A name that is there already gets a further line. */
  add(key: string, value: FieldValue): void {
    const {latest} = this.#at;
    if (latest?.key === key) this.#at = latest;
    else if (this.#has(key)) {
      this.#append(key, value);
      return;
    } else this.#at = this.#step(key);
    this.#values.push(value);
    this.#count++;
  }

  toRecord(): Fields {
    const made = this.#at;
    if (!made.make && ++made.uses >= often && this.#count <= mostNames) made.make = compile(keysOf(made, this.#count));
    if (made.make) return made.make(this.#values);
    const keys = keysOf(made, this.#count);
    const record: Fields = {};
    for (let i = 0; i < keys.length; i++) record[keys[i] as string] = this.#values[i] as FieldValue;
    return record;
  }

  #step(key: string): Shape {
    const known = this.#at.next.get(key);
    const next = known ?? shape(key, this.#at);
    if (!known && ++this.#shapes <= mostShapes) this.#at.next.set(key, next);
    else if (!known) this.#forget();
    this.#at.latest = next;
    return next;
  }

  /** The list that is being made keeps its own way back; only later ones begin anew. */
  #forget(): void {
    this.#root = shape('', undefined);
    this.#shapes = 0;
  }

  /** What follows a name in a known shape was no repetition then and is none now, so this is asked for new ones only. */
  #has(key: string): boolean {
    if (this.#at.next.has(key)) return false;
    for (let at: Shape | undefined = this.#at; at; at = at.before) if (at.key === key) return true;
    return false;
  }

  #append(key: string, value: FieldValue): void {
    const index = keysOf(this.#at, this.#count).indexOf(key);
    this.#values[index] = `${this.#values[index]}\n${value}`;
  }
}

function shape(key: string, before: Shape | undefined): Shape {
  return {key, before, next: new Map(), latest: undefined, uses: 0, make: undefined};
}

function keysOf(last: Shape, count: number): string[] {
  const keys = new Array<string>(count);
  let at = last;
  for (let i = count - 1; i >= 0; i--) {
    keys[i] = at.key;
    at = at.before ?? at;
  }
  return keys;
}

/** The names stand in the function's text as string literals only; all have a prefix, so none is `__proto__`. */
function compile(keys: readonly string[]): (values: readonly FieldValue[]) => Fields {
  const fields = keys.map((key, index) => `${JSON.stringify(key)}: values[${index}]`);
  return new Function('values', `return {${fields.join(', ')}};`) as (values: readonly FieldValue[]) => Fields;
}
