import {TextCache} from '../../text-cache.ts';
import {u8} from '../decoded.ts';
import {escapeLength, putByte, putEscaped} from './wire-text.ts';

const longestName = 255;
/** A server needs one or two; a datagram of nothing else would cost as much to read as fifty others. */
const mostPointers = 16;
const pointer = 0xc0;
const dot = 0x2e;
/** The name that is being read, as it is shown: names repeat, so most are met again in the cache. */
const name = Buffer.alloc((longestName + 1) * escapeLength);
const names = new TextCache();

export interface DnsName {
  /** Without the dot at the end; '' is the root. */
  readonly text: string;
  /** Where the name ends in the record that it stands in. */
  readonly next: number;
}

/**
 * A name in a message that begins at `start`. Each pointer must go back before where the name began, so that a name ends
 * whatever it points at; 255 bytes and 16 pointers at the most. Undefined where it is damaged.
 */
export function readDnsName(bytes: Uint8Array, start: number, at: number, end: number): DnsName | undefined {
  let written = 0;
  let next = -1;
  let length = 0;
  let pointers = 0;
  let lowest = at;
  for (let here = at; ; ) {
    if (here >= end) return undefined;
    const size = u8(bytes, here);
    if ((size & pointer) === pointer) {
      if (here + 2 > end) return undefined;
      const target = start + (((size & 0x3f) << 8) | u8(bytes, here + 1));
      if (next < 0) next = here + 2;
      if (target >= lowest || ++pointers > mostPointers) return undefined;
      here = lowest = target;
      continue;
    }
    if (size === 0) return {text: nameText(written), next: next < 0 ? here + 1 : next};
    length += size + 1;
    if (size > 63 || here + 1 + size > end || length > longestName) return undefined;
    if (written > 0) name[written++] = dot;
    for (let i = here + 1; i <= here + size; i++) {
      const byte = u8(bytes, i);
      written = byte === dot ? putEscaped(name, written, byte) : putByte(name, written, byte);
    }
    here += size + 1;
  }
}

function nameText(length: number): string {
  return names.text(name, 0, length) ?? name.toString('latin1', 0, length);
}
