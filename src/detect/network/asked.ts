import type {Decoded} from '../../capture/packets/decode/decoded.ts';
import {quickDestination, quickSource, step} from './hash.ts';

const cells = 1 << 16;
const second = 1_000_000;

/**
 * Which conversations were begun lately: a cell for each by its hash, holding a fingerprint and the second. A later one
 * takes an earlier one's cell, so memory is fixed; what a flood overwrites counts as not asked.
 */
export class Asked {
  readonly #prints = new Int32Array(cells);
  readonly #seconds = new Float64Array(cells);

  /** The packet's source asks its destination. */
  ask(d: Decoded): void {
    const hash = step(step(quickSource(d), quickDestination(d)), (d.sourcePort << 16) | d.destinationPort);
    this.#prints[hash & (cells - 1)] = hash;
    this.#seconds[hash & (cells - 1)] = Math.floor(d.time / second);
  }

  /** The second in which the packet's destination asked its source, -1 where it did not. */
  answered(d: Decoded): number {
    const hash = step(step(quickDestination(d), quickSource(d)), (d.destinationPort << 16) | d.sourcePort);
    return this.#prints[hash & (cells - 1)] === hash ? (this.#seconds[hash & (cells - 1)] ?? -1) : -1;
  }

  /** The second in which this packet's own source asked, -1 where it did not; and forgets it. */
  take(d: Decoded): number {
    const hash = step(step(quickSource(d), quickDestination(d)), (d.sourcePort << 16) | d.destinationPort);
    const cell = hash & (cells - 1);
    if (this.#prints[cell] !== hash) return -1;
    this.#prints[cell] = 0;
    return this.#seconds[cell] ?? -1;
  }
}
