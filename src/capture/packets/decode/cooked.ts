import {type Decoded, i32, u8, u16} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {Layers} from './layers.ts';
import {decodeIp, decodeNetwork} from './network.ts';

const outgoing = 4;
const ethernetAddress = 6;
/** Hardware types (ARPHRD) whose protocol field is no EtherType but a netlink family or a 802.11 frame. */
const noEtherType = [801, 802, 803, 824];
/** A protocol of 0 to 0x5ff: 4 is 802.2 LLC, the others are frames that the kernel did not name. */
const llc = 4;

/** Linux "cooked" capture, version 1: what `any` gives. */
export function decodeSll(d: Decoded): void {
  const at = d.start;
  if (!d.enter(Layers.sll, at)) return;
  if (at + 16 > d.end) {
    d.missing(DecodeEvents['sll.too_short']);
    return;
  }
  const {bytes} = d;
  if (u16(bytes, at) === outgoing) d.outgoing = true;
  if (u16(bytes, at + 4) === ethernetAddress) d.sourceMac = at + 6;
  cookedPayload(d, u16(bytes, at + 2), u16(bytes, at + 14), at + 16);
}

/** Version 2: the same with the interface's number. */
export function decodeSll2(d: Decoded): void {
  const at = d.start;
  if (!d.enter(Layers.sll2, at)) return;
  if (at + 20 > d.end) {
    d.missing(DecodeEvents['sll2.too_short']);
    return;
  }
  const {bytes} = d;
  if (u8(bytes, at + 10) === outgoing) d.outgoing = true;
  if (u8(bytes, at + 11) === ethernetAddress) d.sourceMac = at + 12;
  cookedPayload(d, u16(bytes, at + 8), u16(bytes, at), at + 20);
}

function cookedPayload(d: Decoded, hardware: number, protocol: number, at: number): void {
  d.linkLength = at - d.start;
  if (noEtherType.includes(hardware)) return;
  if (protocol >= 0x0600 || protocol === llc) decodeNetwork(d, protocol, at);
}

/** BSD loopback: the address family in four bytes, in the capturing machine's byte order (`NULL`) or the network's (`LOOP`). */
export function decodeNull(d: Decoded): void {
  const at = d.start;
  if (!d.enter(Layers.null, at)) return;
  if (at + 4 > d.end) {
    d.missing(DecodeEvents['null.too_short']);
    return;
  }
  const {bytes} = d;
  const word = i32(bytes, at);
  // Families are small: what is large was written by a little-endian machine.
  const family = word >>> 0 > 0xffff ? u8(bytes, at) | (u8(bytes, at + 1) << 8) : word;
  d.linkLength = 4;
  // 24, 28 and 30 are what NetBSD, FreeBSD and Darwin call IPv6.
  if (family === 2 || family === 24 || family === 28 || family === 30) decodeIp(d, at + 4);
  else d.note(DecodeEvents['null.unknown_family']);
}
