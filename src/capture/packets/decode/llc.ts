import {type Decoded, EtherTypes, u8, u16, u24} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';

const snap = 0xaaaa;
const internetProtocol = 0x0606;
const unnumbered = 3;
/** 0: the type is an EtherType. 0xf8: the same, behind a bridge (RFC 1042 and IEEE 802.1H). */
const plainOrganisations = [0, 0x0000f8];

/** 802.2 LLC, with SNAP where it says so. Returns -1 where what follows is no EtherType's. */
export function skipLlc(d: Decoded, at: number): number {
  d.etherType = 0;
  d.linkLength = at - d.start;
  if (!d.enter(Layers.llc, at)) return -1;
  if (at + 3 > d.end) {
    d.missing(DecodeEvents['llc.too_short']);
    return -1;
  }
  const {bytes} = d;
  const points = u16(bytes, at);
  if (u8(bytes, at + 2) !== unnumbered) return -1;
  if (points === internetProtocol) {
    d.etherType = EtherTypes.ipv4;
    return at + 3;
  }
  if (points !== snap) return -1;
  if (at + 8 > d.end) {
    d.missing(DecodeEvents['llc.too_short']);
    return -1;
  }
  if (!plainOrganisations.includes(u24(bytes, at + 3))) return -1;
  d.etherType = u16(bytes, at + 6);
  // A length where a type belongs would be taken for LLC again.
  return d.etherType < 0x0600 ? -1 : at + 8;
}
