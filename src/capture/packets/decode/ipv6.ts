import {type Decoded, DecodeEvents, i32, u8, u16} from './decoded.ts';
import {decodeTransport} from './transport.ts';

const maxExtensions = 16;
const hopByHop = 0;
const routing = 43;
const fragment = 44;
const authentication = 51;
const destinationOptions = 60;
const mobility = 135;

/** IPv6 with its extension headers, sixteen at the most. */
export function decodeIpv6(d: Decoded, at: number): void {
  const {bytes} = d;
  if (at + 40 > d.end) {
    d.missing(DecodeEvents['ipv6.truncated']);
    return;
  }
  if (u8(bytes, at) >> 4 !== 6) {
    d.events |= DecodeEvents['ipv6.version'];
    return;
  }
  d.network = at;
  d.family = 6;
  d.ttl = u8(bytes, at + 7);
  d.firstNextHeader = d.protocol = u8(bytes, at + 6);
  readAddresses(d, at + 8);
  const length = claimedLength(d, at);
  d.ipEnd = Math.min(d.end, at + length);
  const transport = skipExtensions(d, at + 40);
  if (transport < 0) return;
  d.payloadLength = Math.max(0, at + length - transport);
  if (d.fragmentOffset === 0) decodeTransport(d, transport);
}

function readAddresses(d: Decoded, at: number): void {
  const {bytes} = d;
  d.s0 = i32(bytes, at);
  d.s1 = i32(bytes, at + 4);
  d.s2 = i32(bytes, at + 8);
  d.s3 = i32(bytes, at + 12);
  d.d0 = i32(bytes, at + 16);
  d.d1 = i32(bytes, at + 20);
  d.d2 = i32(bytes, at + 24);
  d.d3 = i32(bytes, at + 28);
}

/** Payload length 0 means a jumbogram or BIG TCP: then the packet reaches to the end of the frame. */
function claimedLength(d: Decoded, at: number): number {
  const onWire = d.wire - (at - d.start);
  const payload = u16(d.bytes, at + 4);
  if (payload === 0) {
    d.ipLength = 0;
    return onWire;
  }
  d.ipLength = payload + 40;
  if (d.ipLength > onWire) d.events |= DecodeEvents['ipv6.payload-length'];
  return d.ipLength;
}

/** Where the transport header begins, or -1. Leaves the protocol found in `d.protocol`. */
function skipExtensions(d: Decoded, from: number): number {
  const {bytes} = d;
  let at = from;
  for (let count = 0; isExtension(d.protocol); count++) {
    if (count === maxExtensions) {
      d.events |= DecodeEvents['ipv6.extensions-too-many'];
      return -1;
    }
    if (at + 8 > d.ipEnd) {
      d.missing(DecodeEvents['ipv6.extension-truncated']);
      return -1;
    }
    const kind = d.protocol;
    d.protocol = u8(bytes, at);
    if (kind === fragment) {
      readFragment(d, at);
      at += 8;
      // What follows in a later fragment is data, whatever the header calls it.
      if (d.fragmentOffset !== 0) return at;
    } else if (kind === authentication) at += (u8(bytes, at + 1) + 2) * 4;
    else at += (u8(bytes, at + 1) + 1) * 8;
  }
  return at;
}

function isExtension(protocol: number): boolean {
  return (
    protocol === hopByHop ||
    protocol === routing ||
    protocol === fragment ||
    protocol === authentication ||
    protocol === destinationOptions ||
    protocol === mobility
  );
}

function readFragment(d: Decoded, at: number): void {
  const field = u16(d.bytes, at + 2);
  d.fragmentOffset = field & 0xfff8;
  d.moreFragments = (field & 1) !== 0;
  d.fragmentId = i32(d.bytes, at + 4);
}
