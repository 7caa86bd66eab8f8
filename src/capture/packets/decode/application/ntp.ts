import {ipv4Text} from '../address.ts';
import {i32, u8} from '../decoded.ts';
import {wireText} from './wire-text.ts';

export interface NtpFacts {
  readonly kind: 'ntp';
  readonly version: number;
  /** `client`, `server`, `broadcast`, …, `control` (6), `private` (7: where monlist is, which attackers reflect). */
  readonly mode: string;
  /** 0 to 255, -1 for control and private messages. */
  readonly stratum: number;
  /** A clock's name (`GPS`) at stratum 0 and 1, otherwise the server's own server. */
  readonly reference: string;
  /** Of private messages: 42 is monlist. */
  readonly requestCode: number;
}

const modes = ['reserved', 'active', 'passive', 'client', 'server', 'broadcast', 'control', 'private'];
const control = 6;
const privateUse = 7;

export function parseNtp(bytes: Uint8Array, start: number, end: number): NtpFacts | undefined {
  if (start + 4 > end) return undefined;
  const first = u8(bytes, start);
  const mode = first & 7;
  const version = (first >> 3) & 7;
  if (version === 0 || version > 4) return undefined;
  const special = mode === control || mode === privateUse;
  // An ordinary message has 48 bytes at the least.
  if (!special && start + 48 > end) return undefined;
  const stratum = special ? -1 : u8(bytes, start + 1);
  return {
    kind: 'ntp',
    version,
    mode: modes[mode] ?? '',
    stratum,
    reference: special ? '' : referenceText(bytes, start + 12, stratum),
    requestCode: mode === privateUse ? u8(bytes, start + 3) : -1,
  };
}

function referenceText(bytes: Uint8Array, at: number, stratum: number): string {
  return stratum <= 1 ? wireText(bytes, at, at + 4).replace(/(\\x00)+$/, '') : ipv4Text(i32(bytes, at));
}
