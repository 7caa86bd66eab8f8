/** Rates of rising counters, by name. Null at the first reading, and where a counter wrapped or began anew. */
export class CounterRates {
  #last = new Map<string, number>();

  /** `elapsed` seconds lie between the last reading and this one. Names that are not given again are forgotten. */
  read(counters: ReadonlyMap<string, number>, elapsed: number): Map<string, number | null> {
    const rates = new Map<string, number | null>();
    for (const [name, count] of counters) {
      const before = this.#last.get(name);
      const usable = before !== undefined && count >= before && elapsed > 0;
      rates.set(name, usable ? (count - before) / elapsed : null);
    }
    this.#last = new Map(counters);
    return rates;
  }
}

/** The sum of the rates that are known; null where none is. */
export function sumOf(rates: Iterable<number | null | undefined>): number | null {
  let sum: number | null = null;
  for (const rate of rates) if (rate !== null && rate !== undefined) sum = (sum ?? 0) + rate;
  return sum;
}
