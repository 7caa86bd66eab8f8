import {type Decoded, EtherTypes, u8, u16} from './decoded.ts';
import {decodeEthernet} from './ethernet.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';
import {decodeIp, decodeNetwork} from './network.ts';

const unnumbered = 3;
/** Network layer protocol identifiers of Frame Relay (RFC 2427) as EtherTypes; SNAP goes the way of LLC. */
const nlpid = {ipv4: 0xcc, ipv6: 0x8e, snap: 0x80} as const;
const nflogPayload = 9;
const maxAttributes = 32;

/** Cisco's HDLC: address, control, then an EtherType. Its own keep-alives use RARP's number. */
export function decodeCiscoHdlc(d: Decoded): void {
  const at = d.start;
  if (!d.enter(Layers.chdlc, at)) return;
  d.linkLength = 4;
  if (at + 4 > d.end) d.missing(DecodeEvents['ppp.too_short']);
  else if (u16(d.bytes, at + 2) >= 0x0600 && u16(d.bytes, at + 2) !== EtherTypes.rarp)
    decodeNetwork(d, u16(d.bytes, at + 2), at + 4);
}

/** Frame Relay with addresses of two bytes. */
export function decodeFrameRelay(d: Decoded): void {
  const {bytes, start: at} = d;
  if (!d.enter(Layers['frame-relay'], at)) return;
  d.linkLength = 4;
  if (at + 4 > d.end) {
    d.missing(DecodeEvents['frame_relay.too_short']);
    return;
  }
  if (u8(bytes, at + 2) !== unnumbered) {
    // Cisco's own encapsulation has an EtherType here.
    if (u16(bytes, at + 2) >= 0x0600) decodeNetwork(d, u16(bytes, at + 2), at + 4);
    return;
  }
  const padded = u8(bytes, at + 3) === 0 ? 1 : 0;
  const kind = at + 3 + padded < d.end ? u8(bytes, at + 3 + padded) : 0;
  const behind = at + 4 + padded;
  if (kind === nlpid.ipv4) decodeNetwork(d, EtherTypes.ipv4, behind);
  else if (kind === nlpid.ipv6) decodeNetwork(d, EtherTypes.ipv6, behind);
  else if (kind === nlpid.snap && behind + 5 <= d.end) decodeNetwork(d, u16(bytes, behind + 3), behind + 5);
}

/** What macOS puts before each packet where it captures on all interfaces; the link type behind it is in the header. */
export function decodePktap(d: Decoded): void {
  const {bytes, start: at} = d;
  if (!d.enter(Layers.pktap, at)) return;
  const length = at + 12 <= d.end ? u32le(bytes, at) : 0;
  if (length < 12 || at + length > d.end) {
    d.missing(DecodeEvents['pktap.too_short']);
    return;
  }
  const link = u32le(bytes, at + 8);
  const behind = at + length;
  d.linkLength = length;
  if (link === 1) decodeEthernet(d, behind);
  else if (link === 12 || link === 101) decodeIp(d, behind);
  else if (link === 0 || link === 108) decodeIp(d, behind + 4);
}

/** Linux's netfilter log: attributes, of which one is the packet. */
export function decodeNflog(d: Decoded): void {
  const {bytes, start} = d;
  if (!d.enter(Layers.nflog, start)) return;
  let at = start + 4;
  for (let count = 0; count < maxAttributes && at + 4 <= d.end; count++) {
    const length = u16le(bytes, at);
    if (length < 4) break;
    if ((u16le(bytes, at + 2) & 0x7fff) === nflogPayload) {
      d.linkLength = at + 4 - start;
      decodeIp(d, at + 4);
      return;
    }
    at += (length + 3) & ~3;
  }
  d.missing(DecodeEvents['nflog.too_short']);
}

function u16le(bytes: Uint8Array, at: number): number {
  return u8(bytes, at) | (u8(bytes, at + 1) << 8);
}

function u32le(bytes: Uint8Array, at: number): number {
  return (u16le(bytes, at) | (u16le(bytes, at + 2) << 16)) >>> 0;
}
