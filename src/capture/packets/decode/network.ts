import {decodeArp} from './arp.ts';
import {type Decoded, EtherTypes, u8} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {decodeIpv4} from './ipv4.ts';
import {decodeIpv6} from './ipv6.ts';
import {Layers} from './layers.ts';
import {skipShim} from './shims.ts';

/** The layer that an EtherType names, from `at` on, behind any tags and labels. An unknown type is left as it is. */
export function decodeNetwork(d: Decoded, etherType: number, at: number): void {
  let next = at;
  d.etherType = etherType;
  while (d.etherType !== EtherTypes.ipv4 && d.etherType !== EtherTypes.ipv6) {
    const behind = skipShim(d, d.etherType, next);
    if (behind < 0) return;
    if (behind === next) break;
    next = behind;
  }
  d.linkLength = next - d.start;
  if (d.etherType === EtherTypes.ipv4) decodeVersion(d, next);
  else if (d.etherType === EtherTypes.ipv6) decodeIpv6(d, next);
  else if (d.etherType === EtherTypes.arp || d.etherType === EtherTypes.rarp) decodeArp(d, next);
}

/** What calls itself IPv4 and says version 6 is noted, and read as what it says. */
function decodeVersion(d: Decoded, at: number): void {
  decodeIpv4(d, at);
  if (d.event === DecodeEvents['ipv4.wrong_version'] && u8(d.bytes, at) >> 4 === 6) decodeIpv6(d, at);
}

/** A packet without a link header, as on a tun device: the version nibble tells IPv4 from IPv6. */
export function decodeIp(d: Decoded, at: number): void {
  if (at >= d.end) {
    d.missing(DecodeEvents['raw.empty']);
    return;
  }
  const version = u8(d.bytes, at) >> 4;
  if (version === 4) decodeNetwork(d, EtherTypes.ipv4, at);
  else if (version === 6) decodeNetwork(d, EtherTypes.ipv6, at);
  else d.note(DecodeEvents['raw.unknown_version']);
}

/** Link types whose packets are bare IP. */
export function decodeRaw(d: Decoded): void {
  if (d.enter(Layers.raw, d.start)) decodeIp(d, d.start);
}
