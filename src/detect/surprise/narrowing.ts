import {endEntry, firstEntry, unknownEntry} from './learned-model.ts';
import type {SymbolName} from './symbols.ts';

/**
 * For each place of a vocabulary the number of its provider, from 1; 0 for the places that every provider has. A
 * sequence belongs to the provider of its first place, and to none where that has 0.
 */
export type ProviderNumbers = Uint16Array;

/** Numbers the providers of a vocabulary in the order they first come. */
export function providerNumbers(vocabulary: readonly SymbolName[]): ProviderNumbers {
  const known = new Map<string, number>();
  const numbers = new Uint16Array(firstEntry + vocabulary.length);
  vocabulary.forEach(({provider}, at) => {
    const number = known.get(provider) ?? known.size + 1;
    known.set(provider, number);
    numbers[firstEntry + at] = number;
  });
  return numbers;
}

/**
 * Narrows what the network expects to what a session can hold: the symbols of its own program, something unknown, and
 * its end. A session of one program never holds another's symbols, so their share would only blur the surprise.
 */
export class Narrowing {
  private readonly numbers: ProviderNumbers;
  private readonly everything: Int32Array;
  private readonly own = new Map<number, Int32Array>();

  /** `begins`: places that begin a session and can never come within one. */
  constructor(size: number, numbers?: ProviderNumbers, begins: ReadonlySet<number> = new Set()) {
    this.numbers = numbers ?? new Uint16Array(size);
    this.everything = Int32Array.from({length: size}, (_, entry) => entry);
    const lists = new Map<number, number[]>();
    for (let entry = 0; entry < size; entry++) {
      const number = this.numbers[entry] ?? 0;
      if (number === 0 || begins.has(entry)) continue;
      const list = lists.get(number) ?? [unknownEntry, endEntry];
      list.push(entry);
      lists.set(number, list);
    }
    for (const [number, list] of lists) this.own.set(number, Int32Array.from(list));
  }

  /** The places that can follow in a sequence that begins with this one. */
  after(first: number): Int32Array {
    return this.own.get(this.numbers[first] ?? 0) ?? this.everything;
  }
}

/** The rank that makes a place unexpected: among few, to be in the less likely half is enough. */
export function rankNeeded(rank: number, among: Int32Array): number {
  return Math.min(rank, Math.floor(among.length / 2));
}
