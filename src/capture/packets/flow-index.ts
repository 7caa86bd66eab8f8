/**
 * Hash → slot, by open addressing with linear probing and backward-shift deletion: no tombstones, so it never slows
 * down, and no key is ever made into a string.
 */
export class FlowIndex {
  readonly #cells: Int32Array;
  readonly #hashes: Int32Array;
  readonly #mask: number;

  /** Room for `slots` entries at half load. */
  constructor(slots: number) {
    const size = 2 ** Math.ceil(Math.log2(slots * 2));
    this.#cells = new Int32Array(size);
    this.#hashes = new Int32Array(slots);
    this.#mask = size - 1;
  }

  /** First cell to look in; go on with `next` until `slotAt` gives -1. */
  first(hash: number): number {
    return hash & this.#mask;
  }

  next(cell: number): number {
    return (cell + 1) & this.#mask;
  }

  slotAt(cell: number): number {
    return (this.#cells[cell] ?? 0) - 1;
  }

  hashOf(slot: number): number {
    return this.#hashes[slot] ?? 0;
  }

  insert(hash: number, slot: number): void {
    this.#hashes[slot] = hash;
    let cell = this.first(hash);
    while (this.slotAt(cell) >= 0) cell = this.next(cell);
    this.#cells[cell] = slot + 1;
  }

  remove(slot: number): void {
    let cell = this.first(this.hashOf(slot));
    while (this.slotAt(cell) !== slot) {
      if (this.slotAt(cell) < 0) return;
      cell = this.next(cell);
    }
    this.#closeHole(cell);
  }

  /** Moves back every later entry of the run that may stand in the hole. */
  #closeHole(from: number): void {
    let hole = from;
    let cell = this.next(hole);
    for (let slot = this.slotAt(cell); slot >= 0; slot = this.slotAt(cell)) {
      const home = this.first(this.hashOf(slot));
      const distanceToHole = (cell - hole) & this.#mask;
      const distanceFromHome = (cell - home) & this.#mask;
      if (distanceFromHome >= distanceToHole) {
        this.#cells[hole] = slot + 1;
        hole = cell;
      }
      cell = this.next(cell);
    }
    this.#cells[hole] = 0;
  }
}
