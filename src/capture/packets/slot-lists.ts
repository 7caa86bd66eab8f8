/**
 * Doubly linked lists over numbered slots, in two typed arrays: a slot is on at most one list. Append, remove and look
 * at the head in constant time, without allocating.
 */
export class SlotLists {
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #on: Int8Array;
  readonly #head: Int32Array;
  readonly #tail: Int32Array;
  readonly #length: Int32Array;

  constructor(slots: number, lists: number) {
    this.#next = new Int32Array(slots);
    this.#previous = new Int32Array(slots);
    // 0 means "on none", so that the array needs no first touch: list n is kept as n + 1.
    this.#on = new Int8Array(slots);
    this.#head = new Int32Array(lists).fill(-1);
    this.#tail = new Int32Array(lists).fill(-1);
    this.#length = new Int32Array(lists);
  }

  /** The slot that was appended first, or -1. */
  head(list: number): number {
    return this.#head[list] ?? -1;
  }

  length(list: number): number {
    return this.#length[list] ?? 0;
  }

  /** The list a slot is on, or -1. */
  listOf(slot: number): number {
    return (this.#on[slot] ?? 0) - 1;
  }

  /** Puts the slot last on the list, taking it off any other. */
  append(list: number, slot: number): void {
    if (this.#tail[list] === slot) return;
    this.remove(slot);
    const tail = this.#tail[list] ?? -1;
    this.#previous[slot] = tail;
    this.#next[slot] = -1;
    if (tail < 0) this.#head[list] = slot;
    else this.#next[tail] = slot;
    this.#tail[list] = slot;
    this.#on[slot] = list + 1;
    this.#length[list] = (this.#length[list] ?? 0) + 1;
  }

  remove(slot: number): void {
    const list = this.listOf(slot);
    if (list < 0) return;
    const before = this.#previous[slot] ?? -1;
    const after = this.#next[slot] ?? -1;
    if (before < 0) this.#head[list] = after;
    else this.#next[before] = after;
    if (after < 0) this.#tail[list] = before;
    else this.#previous[after] = before;
    this.#on[slot] = 0;
    this.#length[list] = (this.#length[list] ?? 0) - 1;
  }
}
