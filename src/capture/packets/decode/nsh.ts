import {type Decoded, EtherTypes, Inner, u8, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';

const ipv4 = 1;
const ipv6 = 2;
const ethernet = 3;
const mpls = 5;

/** A network service header (RFC 8300). */
export function skipNsh(d: Decoded, at: number): number {
  if (!d.enter(Layers.nsh, at)) return -1;
  if (at + 8 > d.end) {
    d.missing(DecodeEvents['nsh.too_short']);
    return -1;
  }
  const length = (u16(d.bytes, at) & 0x3f) * 4;
  if (length < 8) {
    d.note(DecodeEvents['nsh.wrong_length']);
    return -1;
  }
  const behind = at + length;
  if (behind > d.end) {
    d.missing(DecodeEvents['nsh.too_short']);
    return -1;
  }
  const next = u8(d.bytes, at + 3);
  d.linkLength = behind - d.start;
  if (next === ethernet) d.carries(Inner.ethernet, behind);
  const type = next === ipv4 ? EtherTypes.ipv4 : next === ipv6 ? EtherTypes.ipv6 : next === mpls ? EtherTypes.mpls : -1;
  if (type < 0) return -1;
  d.etherType = type;
  return behind;
}
