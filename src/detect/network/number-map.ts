const smallest = 16;

/**
 * A map by numbers of up to 52 bits, in the order of insertion, as Map is; but a Map makes a heap number of each key and
 * takes four times as long. Values may be anything but undefined.
 */
export class NumberMap<Value> {
  size = 0;
  #keys = new Float64Array(smallest);
  #values: (Value | undefined)[] = [];
  /** Cells, twice as many as keys: a key's place plus one, 0 where there is none. */
  #table = new Int32Array(smallest * 2);

  get(key: number): Value | undefined {
    const place = this.#placeOf(key);
    return place < 0 ? undefined : this.#values[place];
  }

  set(key: number, value: Value): void {
    const place = this.#placeOf(key);
    if (place >= 0) {
      this.#values[place] = value;
      return;
    }
    if (this.#values.length === this.#keys.length) this.#remake();
    this.#keys[this.#values.length] = key;
    this.#values.push(value);
    this.#enter(key, this.#values.length);
    this.size++;
  }

  delete(key: number): void {
    const place = this.#placeOf(key);
    if (place < 0) return;
    // The cell goes on leading here, so that those behind it are found.
    this.#values[place] = undefined;
    this.size--;
  }

  *values(): IterableIterator<Value> {
    for (const value of this.#values) if (value !== undefined) yield value;
  }

  #placeOf(key: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let cell = hashOf(key) & mask; ; cell = (cell + 1) & mask) {
      const place = (table[cell] ?? 0) - 1;
      if (place < 0) return -1;
      if (this.#keys[place] === key && this.#values[place] !== undefined) return place;
    }
  }

  #enter(key: number, place: number): void {
    const mask = this.#table.length - 1;
    let cell = hashOf(key) & mask;
    while (this.#table[cell] !== 0) cell = (cell + 1) & mask;
    this.#table[cell] = place;
  }

  /** Without what was deleted; twice as large where that is not half. */
  #remake(): void {
    const [keys, values] = [this.#keys, this.#values];
    const room = this.size * 2 > keys.length ? keys.length * 2 : keys.length;
    this.#keys = new Float64Array(room);
    this.#table = new Int32Array(room * 2);
    this.#values = [];
    values.forEach((value, i) => {
      if (value === undefined) return;
      const key = keys[i] ?? 0;
      this.#keys[this.#values.length] = key;
      this.#values.push(value);
      this.#enter(key, this.#values.length);
    });
  }
}

/** Begins anew with each process, so that nobody can choose keys that meet in one cell. */
const secret = Math.floor(Math.random() * 2 ** 32) | 1;

function hashOf(key: number): number {
  const hash = Math.imul((key | 0) ^ secret, 0x9e3779b1) ^ Math.imul(Math.floor(key / 2 ** 32) ^ secret, 0x85ebca6b);
  return hash ^ (hash >>> 15);
}
