/** The characters that occur in a set of texts, numbered from 1; 0 is any other. */
export class Alphabet {
  /** Classes of the first 128 characters, which nearly all text is made of. */
  readonly ascii = new Uint16Array(128);
  readonly #others = new Map<number, number>();
  #size = 1;

  constructor(texts: Iterable<string>) {
    for (const text of texts) for (let at = 0; at < text.length; at++) this.#add(text.charCodeAt(at));
  }

  /** How many classes there are, 0 included. */
  get size(): number {
    return this.#size;
  }

  classOf(unit: number): number {
    return unit < 128 ? (this.ascii[unit] ?? 0) : (this.#others.get(unit) ?? 0);
  }

  #add(unit: number): void {
    if (this.classOf(unit) !== 0) return;
    if (unit < 128) this.ascii[unit] = this.#size++;
    else this.#others.set(unit, this.#size++);
  }
}
