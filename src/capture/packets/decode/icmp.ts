import {type Decoded, IpProtocols, u8} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';

/** ICMP errors quote the packet they are about: unreachable, source quench, redirect, time exceeded, bad parameter. */
const quoting4 = [3, 4, 5, 11, 12];
const lastError6 = 4;

/** ICMP and ICMPv6. The packet that an error quotes is not this packet: `quoted` says where it begins. */
export function decodeIcmp(d: Decoded, at: number): void {
  const isVersion6 = d.protocol === IpProtocols.icmpv6;
  if (!d.enter(isVersion6 ? Layers.icmpv6 : Layers.icmp, at)) return;
  if (isVersion6 !== (d.family === 6)) d.note(DecodeEvents[isVersion6 ? 'icmpv6.in_ipv4' : 'icmp.in_ipv6']);
  if (at < d.ipEnd) d.icmpType = u8(d.bytes, at);
  if (at + 2 <= d.ipEnd) d.icmpCode = u8(d.bytes, at + 1);
  if (at + 4 > d.ipEnd) {
    d.missing(DecodeEvents[isVersion6 ? 'icmpv6.too_short' : 'icmp.too_short']);
    return;
  }
  d.transport = at;
  d.payloadLength = Math.max(0, d.payloadLength - 8);
  if (isVersion6) findQuote6(d, at);
  else if (quoting4.includes(d.icmpType)) findQuote(d, at + 8, 20, DecodeEvents['icmp.quote_truncated']);
}

function findQuote6(d: Decoded, at: number): void {
  if (d.icmpType >= 1 && d.icmpType <= lastError6) findQuote(d, at + 8, 40, DecodeEvents['icmpv6.quote_truncated']);
}

function findQuote(d: Decoded, at: number, least: number, truncated: number): void {
  if (at + least <= d.ipEnd) d.quoted = at;
  else d.missing(truncated);
}
