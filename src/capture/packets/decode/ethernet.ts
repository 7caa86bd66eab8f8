import {type Decoded, DecodeEvents, u8, u16} from './decoded.ts';
import {decodeNetwork} from './network.ts';

const maxTags = 8;
const smallestType = 0x0600;

/** Ethernet II, 802.3 with SNAP, any number of VLAN tags up to eight. */
export function decodeEthernet(d: Decoded): void {
  const at = d.start;
  if (d.end - at < 14) {
    d.missing(DecodeEvents['ethernet.truncated']);
    return;
  }
  d.macs = at;
  const afterTags = skipTags(d, at + 12);
  if (afterTags < 0) return;
  const typeOrLength = u16(d.bytes, afterTags);
  if (typeOrLength >= smallestType) decodeNetwork(d, typeOrLength, afterTags + 2);
  else decodeSnap(d, afterTags + 2);
}

/** Where the type that is no tag stands, or -1. */
function skipTags(d: Decoded, from: number): number {
  let at = from;
  while (isTag(u16(d.bytes, at))) {
    if (d.vlanDepth === maxTags) {
      d.events |= DecodeEvents['vlan.too-deep'];
      return -1;
    }
    if (at + 6 > d.end) {
      d.missing(DecodeEvents['vlan.truncated']);
      return -1;
    }
    if (d.vlan < 0) d.vlan = u16(d.bytes, at + 2) & 0xfff;
    d.vlanDepth++;
    at += 4;
  }
  return at;
}

function isTag(type: number): boolean {
  return type === 0x8100 || type === 0x88a8 || type === 0x9100;
}

function decodeSnap(d: Decoded, at: number): void {
  d.linkLength = at - d.start;
  if (at + 8 > d.end) return;
  const {bytes} = d;
  const isSnap = u16(bytes, at) === 0xaaaa && u8(bytes, at + 2) === 3;
  const plainType = u8(bytes, at + 3) === 0 && u16(bytes, at + 4) === 0;
  if (isSnap && plainType) decodeNetwork(d, u16(bytes, at + 6), at + 8);
}
