import {type Decoded, DecodeEvents, i32, u8, u16} from './decoded.ts';
import {decodeTransport} from './transport.ts';

/** IPv4 with options. A fragment other than the first has no transport header, and so no ports. */
export function decodeIpv4(d: Decoded, at: number): void {
  const {bytes, end} = d;
  if (at + 4 <= end) d.ipLength = u16(bytes, at + 2);
  if (at + 20 > end) {
    d.missing(DecodeEvents['ipv4.truncated']);
    return;
  }
  const first = u8(bytes, at);
  const headerLength = (first & 15) * 4;
  if (first >> 4 !== 4 || headerLength < 20) {
    d.events |= DecodeEvents[first >> 4 === 4 ? 'ipv4.header-length' : 'ipv4.version'];
    d.ipLength = -1;
    return;
  }
  d.network = at;
  d.family = 4;
  d.ttl = u8(bytes, at + 8);
  d.protocol = u8(bytes, at + 9);
  d.s3 = i32(bytes, at + 12);
  d.d3 = i32(bytes, at + 16);
  d.fragmentId = u16(bytes, at + 4);
  const fragment = u16(bytes, at + 6);
  d.fragmentOffset = (fragment & 0x1fff) * 8;
  d.moreFragments = (fragment & 0x2000) !== 0;
  const length = claimedLength(d, at, headerLength);
  d.ipEnd = Math.min(end, at + length);
  if (at + headerLength > d.ipEnd) {
    d.missing(DecodeEvents['ipv4.header-length']);
    return;
  }
  d.payloadLength = length - headerLength;
  if (d.fragmentOffset === 0) decodeTransport(d, at + headerLength);
}

/** Total length 0 is what segmentation offload leaves: then the packet reaches to the end of the frame. */
function claimedLength(d: Decoded, at: number, headerLength: number): number {
  const onWire = d.wire - (at - d.start);
  if (d.ipLength === 0) return onWire;
  if (d.ipLength < headerLength || d.ipLength > onWire) d.events |= DecodeEvents['ipv4.total-length'];
  return d.ipLength;
}
