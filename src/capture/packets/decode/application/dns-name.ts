import {u8} from '../decoded.ts';
import {wireText} from './wire-text.ts';

const longestName = 255;
const pointer = 0xc0;

export interface DnsName {
  /** Without the dot at the end; '' is the root. */
  readonly text: string;
  /** Where the name ends in the record that it stands in. */
  readonly next: number;
}

/**
 * A name in a message that begins at `start`. Each pointer must go back before where the name began, so that a name ends
 * whatever it points at; 255 bytes at the most. Undefined where it is damaged.
 */
export function readDnsName(bytes: Uint8Array, start: number, at: number, end: number): DnsName | undefined {
  const labels: string[] = [];
  let next = -1;
  let length = 0;
  let lowest = at;
  for (let here = at; ; ) {
    if (here >= end) return undefined;
    const size = u8(bytes, here);
    if ((size & pointer) === pointer) {
      if (here + 2 > end) return undefined;
      const target = start + (((size & 0x3f) << 8) | u8(bytes, here + 1));
      if (next < 0) next = here + 2;
      if (target >= lowest) return undefined;
      here = lowest = target;
      continue;
    }
    if (size === 0) return {text: labels.join('.'), next: next < 0 ? here + 1 : next};
    length += size + 1;
    if (size > 63 || here + 1 + size > end || length > longestName) return undefined;
    labels.push(wireText(bytes, here + 1, here + 1 + size).replaceAll('.', '\\x2e'));
    here += size + 1;
  }
}
