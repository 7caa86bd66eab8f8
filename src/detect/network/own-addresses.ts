import {macAt, parseAddress} from '../../capture/packets/decode/address.ts';
import type {Decoded} from '../../capture/packets/decode/decoded.ts';
import {parseMac} from './mac.ts';

/** This machine's addresses, asked for each packet: sets of numbers, no text. */
export class OwnAddresses {
  readonly #v4 = new Set<number>();
  /** By their last word. */
  readonly #v6 = new Map<number, (readonly number[])[]>();
  readonly #macs = new Set<number>();

  constructor(addresses: {readonly ip: readonly string[]; readonly mac: readonly string[]}) {
    for (const text of addresses.ip) this.#add(text);
    for (const text of addresses.mac) this.#macs.add(parseMac(text));
    // The loopback's: no machine has it.
    this.#macs.delete(0);
  }

  hasSource(d: Decoded): boolean {
    if (d.family === 4) return this.#v4.size > 0 && this.#v4.has(d.s3);
    if (this.#v6.size === 0) return false;
    const sameEnd = this.#v6.get(d.s3);
    return sameEnd?.some(([w0, w1, w2]) => w0 === d.s0 && w1 === d.s1 && w2 === d.s2) ?? false;
  }

  hasDestination(d: Decoded): boolean {
    if (d.family === 4) return this.#v4.has(d.d3);
    const sameEnd = this.#v6.get(d.d3);
    return sameEnd?.some(([w0, w1, w2]) => w0 === d.d0 && w1 === d.d1 && w2 === d.d2) ?? false;
  }

  hasSourceMac(d: Decoded): boolean {
    return this.#macs.has(macAt(d.bytes, d.sourceMac));
  }

  hasMac(mac: number): boolean {
    return this.#macs.has(mac);
  }

  #add(text: string): void {
    const address = parseAddress(text);
    if (!address) return;
    const last = address.words[3];
    if (address.family === 4) this.#v4.add(last);
    else this.#v6.set(last, [...(this.#v6.get(last) ?? []), address.words]);
  }
}
