import {type Decoded, EtherTypes, u8, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';

const sessionData = 0;
/** What each PPP protocol is as an EtherType. Others (LCP, IPCP, …) steer the link and carry no packet. */
const etherTypes: Readonly<Record<number, number>> = {
  33: EtherTypes.ipv4,
  87: EtherTypes.ipv6,
  641: EtherTypes.mpls,
  643: 0x8848,
};

/** A PPPoE session packet: its header, then PPP. */
export function skipPppoe(d: Decoded, at: number): number {
  if (!d.enter(Layers.pppoe, at)) return -1;
  if (at + 6 > d.end) {
    d.missing(DecodeEvents['pppoe.too_short']);
    return -1;
  }
  const {bytes} = d;
  if (u8(bytes, at) !== 0x11) d.note(DecodeEvents['pppoe.wrong_version']);
  if (u8(bytes, at + 1) !== sessionData) {
    d.note(DecodeEvents['pppoe.wrong_code']);
    return -1;
  }
  if (at + 6 + u16(bytes, at + 4) > d.start + d.wire) d.note(DecodeEvents['pppoe.length_beyond_frame']);
  return skipPpp(d, at + 6);
}

/** PPP with or without its address and control bytes, and with a protocol of one byte or two. */
export function skipPpp(d: Decoded, from: number): number {
  const {bytes, end} = d;
  if (!d.enter(Layers.ppp, from)) return -1;
  const at = from + 2 <= end && u16(bytes, from) === 0xff03 ? from + 2 : from;
  const short = at < end && (u8(bytes, at) & 1) !== 0;
  const behind = at + (short ? 1 : 2);
  if (behind > end) {
    d.missing(DecodeEvents['ppp.too_short']);
    return -1;
  }
  const protocol = short ? u8(bytes, at) : u16(bytes, at);
  const etherType = etherTypes[protocol];
  d.linkLength = behind - d.start;
  if (etherType !== undefined) {
    d.etherType = etherType;
    return behind;
  }
  // Protocols are odd numbers whose upper byte is even (RFC 1661); any other is no protocol at all.
  if ((protocol & 0x0101) !== 1) d.note(DecodeEvents['ppp.unknown_protocol']);
  return -1;
}
