import {parseAddress} from '../../capture/packets/decode/address.ts';
import {type Decoded, i32, u16} from '../../capture/packets/decode/decoded.ts';

/** This machine's addresses, asked for each packet: sets of numbers, no text. */
export class OwnAddresses {
  readonly #v4 = new Set<number>();
  /** By their last word. */
  readonly #v6 = new Map<number, (readonly number[])[]>();
  readonly #macs = new Set<number>();

  constructor(addresses: {readonly ip: readonly string[]; readonly mac: readonly string[]}) {
    for (const text of addresses.ip) this.#add(text);
    for (const text of addresses.mac) this.#macs.add(Number.parseInt(text.replaceAll(':', ''), 16));
    // The loopback's: no machine has it.
    this.#macs.delete(0);
  }

  hasSource(d: Decoded): boolean {
    if (d.family === 4) return this.#v4.has(d.s3);
    const sameEnd = this.#v6.get(d.s3);
    return sameEnd?.some(([w0, w1, w2]) => w0 === d.s0 && w1 === d.s1 && w2 === d.s2) ?? false;
  }

  hasSourceMac(d: Decoded): boolean {
    const at = d.sourceMac;
    return this.#macs.has(u16(d.bytes, at) * 2 ** 32 + (i32(d.bytes, at + 2) >>> 0));
  }

  #add(text: string): void {
    const address = parseAddress(text);
    if (!address) return;
    const last = address.words[3];
    if (address.family === 4) this.#v4.add(last);
    else this.#v6.set(last, [...(this.#v6.get(last) ?? []), address.words]);
  }
}
