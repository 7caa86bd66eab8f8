import type {Micros} from '../../event/event.ts';

/**
 * The newest `limit` times of something, to tell whether that many lie within a span. Times may come out of order.
 */
export class SlidingWindow {
  readonly #limit: number;
  readonly #span: Micros;
  #times: Micros[];

  constructor(limit: number, span: Micros, times: readonly Micros[] = []) {
    this.#limit = limit;
    this.#span = span;
    this.#times = [...times].slice(-limit);
  }

  get times(): readonly Micros[] {
    return this.#times;
  }

  /** True when, with this time, `limit` times lie within the span that ends at the newest of them. */
  add(time: Micros): boolean {
    let at = this.#times.length;
    while (at > 0 && (this.#times[at - 1] ?? 0) > time) at--;
    this.#times.splice(at, 0, time);
    if (this.#times.length > this.#limit) this.#times.shift();
    return this.isFull();
  }

  isFull(): boolean {
    const [oldest] = this.#times;
    const newest = this.#times.at(-1);
    if (oldest === undefined || newest === undefined) return false;
    return this.#times.length >= this.#limit && newest - oldest < this.#span;
  }
}
