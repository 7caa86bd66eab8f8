import {networkInterfaces} from 'node:os';
import type {RawPacket} from './backend.ts';
import {interfaceAddress} from './interfaces.ts';

/** Which Ethernet frames this machine sent, for backends that are not told: by the source address. */
export class SentByUs {
  readonly #mac: readonly number[] | undefined;

  constructor(name: string, link: RawPacket['link']) {
    this.#mac = link === 'ethernet' ? macOf(name) : undefined;
  }

  has({bytes, start, end}: RawPacket): boolean {
    const mac = this.#mac;
    if (mac === undefined || end - start < 12) return false;
    for (let i = 0; i < 6; i++) if (bytes[start + 6 + i] !== mac[i]) return false;
    return true;
  }
}

/** Undefined where there is none, as on a loopback. */
function macOf(name: string): readonly number[] | undefined {
  const text = interfaceAddress(name) ?? networkInterfaces()[name]?.[0]?.mac ?? '';
  const bytes = text.split(':').map(part => Number.parseInt(part, 16));
  return bytes.length === 6 && bytes.some(byte => byte > 0) ? bytes : undefined;
}
