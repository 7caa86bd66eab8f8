/** A set of numbers for where there are very many of them and most hold one: that one takes no table of its own. */
export class SmallSet {
  readonly #first: number;
  #more: Set<number> | undefined;

  constructor(first: number) {
    this.#first = first;
  }

  get size(): number {
    return 1 + (this.#more?.size ?? 0);
  }

  has(value: number): boolean {
    return value === this.#first || (this.#more?.has(value) ?? false);
  }

  add(value: number): void {
    if (value === this.#first) return;
    this.#more ??= new Set();
    this.#more.add(value);
  }
}
