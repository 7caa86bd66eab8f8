/**
 * What a function gave for the texts met lately, some `limit` to twice as many: clients and servers of a network say the
 * same again and again. When half of it is full, what was not asked for since the last such moment is forgotten. Longer
 * texts than any honest one are not remembered: strangers choose them, and they would fill the memory.
 */
export class Remembered<Value> {
  readonly #limit: number;
  readonly #longest: number;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  /** `longest`: characters of a text that is remembered. */
  constructor(limit: number, longest = 4_096) {
    this.#limit = limit;
    this.#longest = longest;
  }

  /** `make` must give the same for the same text. */
  of(text: string, make: (text: string) => Value): Value {
    if (text.length > this.#longest) return make(text);
    const known = this.#young.get(text);
    if (known !== undefined) return known;
    const value = this.#old.get(text) ?? make(text);
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, value);
    return value;
  }
}
