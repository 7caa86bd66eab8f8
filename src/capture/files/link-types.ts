import type {LinkKind} from '../packets/backend.ts';

/** Link types of the capture formats by their registered numbers (LINKTYPE_…). */
const kinds: Readonly<Record<number, LinkKind>> = {
  0: 'null',
  1: 'ethernet',
  9: 'ppp',
  12: 'raw',
  14: 'raw',
  50: 'ppp',
  51: 'pppoe',
  101: 'raw',
  104: 'chdlc',
  105: 'wlan',
  107: 'frame-relay',
  108: 'null',
  113: 'sll',
  127: 'radiotap',
  149: 'pktap',
  228: 'ipv4',
  229: 'ipv6',
  239: 'nflog',
  258: 'pktap',
  276: 'sll2',
};

/** How packets of a link type begin. */
export function linkOf(type: number): LinkKind {
  return kinds[type] ?? 'unsupported';
}

/** The registered number of a link type, for what is written. */
export function linkNumberOf(kind: LinkKind): number {
  return numbers[kind];
}

const numbers: Readonly<Record<LinkKind, number>> = {
  null: 0,
  ethernet: 1,
  raw: 101,
  ipv4: 228,
  ipv6: 229,
  // Written with a cooked header.
  network: 113,
  sll: 113,
  sll2: 276,
  radiotap: 127,
  wlan: 105,
  ppp: 9,
  pppoe: 51,
  chdlc: 104,
  'frame-relay': 107,
  pktap: 258,
  nflog: 239,
  // Of this program's own (LINKTYPE_USER0): bytes that it could not place.
  unsupported: 147,
};
