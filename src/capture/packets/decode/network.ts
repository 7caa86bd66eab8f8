import {decodeArp} from './arp.ts';
import {type Decoded, EtherTypes, u8} from './decoded.ts';
import {decodeIpv4} from './ipv4.ts';
import {decodeIpv6} from './ipv6.ts';

/** The layer that an EtherType names, from `at` on. An unknown type is left as it is. */
export function decodeNetwork(d: Decoded, etherType: number, at: number): void {
  d.etherType = etherType;
  d.linkLength = at - d.start;
  if (etherType === EtherTypes.ipv4) decodeIpv4(d, at);
  else if (etherType === EtherTypes.ipv6) decodeIpv6(d, at);
  else if (etherType === EtherTypes.arp) decodeArp(d, at);
}

/** A packet without a link header, as on a tun device: the version nibble tells IPv4 from IPv6. */
export function decodeRaw(d: Decoded): void {
  const version = d.start < d.end ? u8(d.bytes, d.start) >> 4 : 4;
  decodeNetwork(d, version === 6 ? EtherTypes.ipv6 : EtherTypes.ipv4, d.start);
}
