import {type Decoded, Inner, u8, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';

const flag = {checksum: 0x8000, routing: 0x4000, key: 0x2000, sequence: 0x1000, acknowledgement: 0x0080} as const;
const smallestType = 0x0600;
const maxRoutes = 16;
const transparentEthernet = 0x6558;
const ppp = 0x880b;
const erspan2 = 0x88be;
const erspan3 = 0x22eb;

/** GRE in all its forms: RFC 1701 with routing, 2784, 2890 with key and sequence, and PPTP's version 1. */
export function decodeGre(d: Decoded, at: number): void {
  const {bytes} = d;
  if (!d.enter(Layers.gre, at)) return;
  if (at + 4 > d.ipEnd) {
    d.missing(DecodeEvents['gre.too_short']);
    return;
  }
  d.transport = at;
  const flags = u16(bytes, at);
  const type = u16(bytes, at + 2);
  const version = flags & 7;
  if (version > 1) {
    d.note(DecodeEvents['gre.wrong_version']);
    return;
  }
  if (version === 1 && type !== ppp) d.note(DecodeEvents['gre.pptp_wrong_protocol']);
  const behind = skipFields(d, at + 4, flags, version);
  if (behind < 0) return;
  d.payloadLength = Math.max(0, d.claimedEnd - behind);
  if (behind < d.ipEnd) carry(d, behind, type, flags);
}

function skipFields(d: Decoded, from: number, flags: number, version: number): number {
  let at = from;
  if (version === 0 && (flags & (flag.checksum | flag.routing)) !== 0) at += 4;
  if ((flags & flag.key) !== 0) at += 4;
  if ((flags & flag.sequence) !== 0) at += 4;
  if (version === 1 && (flags & flag.acknowledgement) !== 0) at += 4;
  if (version === 0 && (flags & flag.routing) !== 0) at = skipRoutes(d, at);
  if (at <= d.ipEnd) return at;
  d.missing(DecodeEvents['gre.too_short']);
  return -1;
}

/** Source routes, each with its length; one of family and length 0 ends them. */
function skipRoutes(d: Decoded, from: number): number {
  let at = from;
  for (let count = 0; count < maxRoutes; count++) {
    if (at + 4 > d.ipEnd) {
      d.missing(DecodeEvents['gre.too_short']);
      return -1;
    }
    const length = u8(d.bytes, at + 3);
    const isLast = u16(d.bytes, at) === 0 && length === 0;
    at += 4 + length;
    if (isLast) return at;
  }
  d.note(DecodeEvents['gre.too_many_routes']);
  return -1;
}

function carry(d: Decoded, at: number, type: number, flags: number): void {
  if (type === transparentEthernet) d.carries(Inner.ethernet, at);
  else if (type === ppp) d.carries(Inner.ppp, at);
  else if (type === erspan2) decodeErspan(d, at, (flags & flag.sequence) === 0 ? 0 : 8);
  else if (type === erspan3) decodeErspan(d, at, erspan3Length(d, at));
  else if (type >= smallestType) d.carries(Inner.network, at, type);
}

/** A mirrored frame. Type I has no header of its own, which is told by the missing sequence number. */
function decodeErspan(d: Decoded, at: number, length: number): void {
  if (!d.enter(Layers.erspan, at)) return;
  if (at + length > d.ipEnd) d.missing(DecodeEvents['erspan.too_short']);
  else if (length < 12 || frameType(d, at) === 0) d.carries(Inner.ethernet, at + length);
  else if (frameType(d, at) === 2) d.carries(Inner.ip, at + length);
}

/** Of type III: 0 is Ethernet, 2 is IP. */
function frameType(d: Decoded, at: number): number {
  return (u8(d.bytes, at + 10) >> 2) & 31;
}

/** Twelve bytes, and eight more where the last bit says so. */
function erspan3Length(d: Decoded, at: number): number {
  return at + 12 <= d.ipEnd && (u8(d.bytes, at + 11) & 1) !== 0 ? 20 : 12;
}
