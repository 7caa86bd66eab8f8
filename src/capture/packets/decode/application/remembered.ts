/**
 * What a function gave for the texts met lately, some `limit` to twice as many: clients and servers of a network say the
 * same again and again. When half of it is full, what was not asked for since the last such moment is forgotten.
 */
export class Remembered<Value> {
  readonly #make: (text: string) => Value;
  readonly #limit: number;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  constructor(limit: number, make: (text: string) => Value) {
    this.#limit = limit;
    this.#make = make;
  }

  of(text: string): Value {
    const known = this.#young.get(text);
    if (known !== undefined) return known;
    const value = this.#old.get(text) ?? this.#make(text);
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, value);
    return value;
  }
}
