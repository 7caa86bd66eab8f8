import {type Decoded, i32, u8, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';
import {decodeTransport} from './transport.ts';

const largestPacket = 65_535;
const endOfOptions = 0;
const noOperation = 1;
const looseRoute = 131;
const strictRoute = 137;

/** IPv4 with options. A fragment other than the first has no transport header, and so no ports. */
export function decodeIpv4(d: Decoded, at: number): void {
  const {bytes, end} = d;
  if (!d.enter(Layers.ipv4, at)) return;
  if (at + 4 <= end) d.ipLength = u16(bytes, at + 2);
  if (at + 20 > end) {
    readCutHeader(d, at);
    d.missing(DecodeEvents['ipv4.too_short']);
    return;
  }
  const first = u8(bytes, at);
  const headerLength = (first & 15) * 4;
  if (first >> 4 !== 4 || headerLength < 20) {
    d.note(DecodeEvents[first >> 4 === 4 ? 'ipv4.header_too_short' : 'ipv4.wrong_version']);
    d.ipLength = -1;
    return;
  }
  d.network = at;
  d.family = 4;
  d.ttl = u8(bytes, at + 8);
  d.protocol = d.firstNextHeader = u8(bytes, at + 9);
  d.s3 = i32(bytes, at + 12);
  d.d3 = i32(bytes, at + 16);
  d.fragmentId = u16(bytes, at + 4);
  const fragment = u16(bytes, at + 6);
  d.fragmentOffset = (fragment & 0x1fff) * 8;
  d.moreFragments = (fragment & 0x2000) !== 0;
  const length = claimedLength(d, at, headerLength);
  d.claimedEnd = at + length;
  d.ipEnd = Math.min(end, d.claimedEnd);
  if (headerLength > 20) readOptions(d, at + 20, Math.min(at + headerLength, d.ipEnd));
  if (at + headerLength > d.ipEnd) {
    d.missing(DecodeEvents['ipv4.header_truncated']);
    return;
  }
  d.payloadLength = length - headerLength;
  if (d.fragmentOffset === 0) decodeTransport(d, at + headerLength);
  else if (d.fragmentOffset + d.payloadLength > largestPacket) d.note(DecodeEvents['ipv4.fragment_too_large']);
}

/** What is there of a header that is cut: no flow can be told from it, but a person may want it. */
function readCutHeader(d: Decoded, at: number): void {
  const {bytes, end} = d;
  if (at + 9 <= end) d.ttl = u8(bytes, at + 8);
  if (at + 10 <= end) d.protocol = d.firstNextHeader = u8(bytes, at + 9);
  if (at + 16 <= end) d.s3 = i32(bytes, at + 12);
}

/** Total length 0 is what segmentation offload leaves: then the packet reaches to the end of the frame. */
function claimedLength(d: Decoded, at: number, headerLength: number): number {
  const onWire = d.wire - (at - d.start);
  if (d.ipLength === 0) return onWire;
  if (d.ipLength < headerLength) d.note(DecodeEvents['ipv4.length_below_header']);
  else if (d.ipLength > onWire) d.note(DecodeEvents['ipv4.length_beyond_frame']);
  return d.ipLength;
}

function readOptions(d: Decoded, from: number, end: number): void {
  const {bytes} = d;
  d.ipOptions = true;
  for (let at = from; at < end; ) {
    const kind = u8(bytes, at);
    if (kind === endOfOptions) return;
    if (kind === noOperation) {
      at++;
      continue;
    }
    const length = at + 1 < end ? u8(bytes, at + 1) : 0;
    if (length < 2) {
      d.note(DecodeEvents[at + 1 < end ? 'ipv4.invalid_option' : 'ipv4.option_truncated']);
      return;
    }
    if (kind === looseRoute || kind === strictRoute) d.sourceRouted = true;
    at += length;
    if (at > end) d.note(DecodeEvents['ipv4.option_truncated']);
  }
}
