import {type Decoded, i32, u8, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {findTransport} from './ipv6-extensions.ts';
import {Layers} from './layers.ts';
import {decodeTransport} from './transport.ts';

/** IPv6 with its extension headers. */
export function decodeIpv6(d: Decoded, at: number): void {
  const {bytes} = d;
  if (at + 40 > d.end) {
    readCutHeader(d, at);
    d.missing(DecodeEvents['ipv6.too_short']);
    return;
  }
  if (u8(bytes, at) >> 4 !== 6) {
    d.note(DecodeEvents['ipv6.wrong_version']);
    return;
  }
  if (!d.enter(Layers.ipv6, at)) return;
  d.network = at;
  d.family = 6;
  d.ttl = u8(bytes, at + 7);
  d.firstNextHeader = d.protocol = u8(bytes, at + 6);
  readAddresses(d, at + 8);
  d.claimedEnd = at + claimedLength(d, at);
  d.ipEnd = Math.min(d.end, d.claimedEnd);
  const transport = findTransport(d, at + 40);
  if (transport < 0) return;
  d.payloadLength = Math.max(0, d.claimedEnd - transport);
  if (d.fragmentOffset === 0) decodeTransport(d, transport);
}

/** What is there of a header that is cut: no flow can be told from it, but a person may want it. */
function readCutHeader(d: Decoded, at: number): void {
  if ((at < d.end && u8(d.bytes, at) >> 4 !== 6) || !d.enter(Layers.ipv6, at)) return;
  if (at + 7 <= d.end) d.firstNextHeader = d.protocol = u8(d.bytes, at + 6);
  if (at + 8 <= d.end) d.ttl = u8(d.bytes, at + 7);
  if (at + 24 <= d.end) readSource(d, at + 8);
}

function readAddresses(d: Decoded, at: number): void {
  const {bytes} = d;
  readSource(d, at);
  d.d0 = i32(bytes, at + 16);
  d.d1 = i32(bytes, at + 20);
  d.d2 = i32(bytes, at + 24);
  d.d3 = i32(bytes, at + 28);
}

function readSource(d: Decoded, at: number): void {
  const {bytes} = d;
  d.s0 = i32(bytes, at);
  d.s1 = i32(bytes, at + 4);
  d.s2 = i32(bytes, at + 8);
  d.s3 = i32(bytes, at + 12);
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
  if (d.ipLength > onWire) d.note(DecodeEvents['ipv6.length_beyond_frame']);
  return d.ipLength;
}
