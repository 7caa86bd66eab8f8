const mostKnown = 5_000;

/**
 * What a sensor's fields are called here: by their ECS names where they have one, else the sensor's name and theirs. A
 * name is put together once and then remembered, for the same few hundred come in every record.
 */
export class FieldKeys {
  readonly #prefix: string;
  readonly #names: ReadonlyMap<string, string>;
  readonly #known = new Map<string, string>();

  constructor(prefix: string, names: ReadonlyMap<string, string>) {
    this.#prefix = prefix;
    this.#names = names;
  }

  of(name: string): string {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const key = this.#names.get(name) ?? `${this.#prefix}${name}`;
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(name, key);
    return key;
  }
}
