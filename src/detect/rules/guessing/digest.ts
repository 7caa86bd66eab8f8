import type {Micros} from '../../../event/event.ts';
import {BoundedMap} from '../../bounded-map.ts';

export interface SavedDigest {
  readonly since: Micros;
  readonly failures: number;
  readonly addresses: readonly (readonly [address: string, failures: number])[];
}

const mostAddresses = 2_000;
const savedAddresses = 500;

/** Failures that are no news each, gathered to be told of together. */
export class Digest {
  since: Micros = 0;
  failures = 0;
  readonly #addresses = new BoundedMap<string, number>(mostAddresses);

  add(time: Micros, address: string, count: number): void {
    if (this.failures === 0) this.since = time;
    this.failures += count;
    this.#addresses.set(address, (this.#addresses.peek(address) ?? 0) + count);
  }

  clear(): void {
    this.failures = 0;
    for (const [address] of [...this.#addresses.entries()]) this.#addresses.delete(address);
  }

  /** Where they came from, for a sentence: `140 addresses, most from 192.0.2.9 (60), 192.0.2.8 (41) and 192.0.2.7 (12)`. */
  whence(): string {
    const {size} = this.#addresses;
    const loudest = [...this.#addresses.entries()].sort(([, a], [, b]) => b - a).slice(0, 3);
    const named = loudest.map(([address, count]) => `${address} (${count.toLocaleString('en')})`);
    if (size <= 1) return `one address, ${named.join()}`;
    const many = `${size >= mostAddresses ? 'at least ' : ''}${size.toLocaleString('en')} addresses`;
    return `${many}, most from ${named.slice(0, -1).join(', ')} and ${named.at(-1)}`;
  }

  toJson(): SavedDigest {
    const addresses = [...this.#addresses.entries()].slice(-savedAddresses);
    return {since: this.since, failures: this.failures, addresses};
  }

  restore({since, failures, addresses}: SavedDigest): void {
    this.since = since;
    this.failures = failures;
    for (const [address, count] of addresses) this.#addresses.set(address, count);
  }
}
