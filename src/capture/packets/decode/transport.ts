import {type Decoded, Inner, IpProtocols, u8} from './decoded.ts';
import {DecodeEvents} from './events.ts';
import {decodeGre} from './gre.ts';
import {decodeIcmp} from './icmp.ts';
import {Layers} from './layers.ts';
import {readPorts} from './ports.ts';
import {decodeTcp} from './tcp.ts';
import {decodeUdp, decodeUdpLite} from './udp.ts';

const ipInIp = 4;
const dccp = 33;
const ipv6 = 41;
const gre = 47;
const esp = 50;
const authentication = 51;
const etherIp = 97;
const pim = 103;
const mobility = 135;
const mplsInIp = 137;
const ethernet = 143;

/** What an IP packet carries, from `at` on. A protocol that is not decoded stays a number. */
export function decodeTransport(d: Decoded, at: number): void {
  switch (d.protocol) {
    case IpProtocols.tcp:
      decodeTcp(d, at);
      break;
    case IpProtocols.udp:
      decodeUdp(d, at);
      break;
    case IpProtocols.icmp:
    case IpProtocols.icmpv6:
      decodeIcmp(d, at);
      break;
    case IpProtocols.sctp:
      decodeSctp(d, at);
      break;
    case IpProtocols.udplite:
      decodeUdpLite(d, at);
      break;
    case gre:
      decodeGre(d, at);
      break;
    case authentication:
      skipAuthentication(d, at);
      break;
    default:
      decodeOther(d, at);
  }
}

function decodeOther(d: Decoded, at: number): void {
  d.transport = at;
  if (d.protocol === mobility) d.enter(Layers['mobility header'], at);
  if (at >= d.ipEnd) return;
  if (d.protocol === ipInIp || d.protocol === ipv6) d.carries(Inner.network, at, d.protocol === ipv6 ? 0x86dd : 0x0800);
  else if (d.protocol === mplsInIp) d.carries(Inner.network, at, 0x8847);
  else if (d.protocol === ethernet) d.carries(Inner.ethernet, at);
  else if (d.protocol === esp) d.enter(Layers.esp, at);
  else if (d.protocol === dccp) decodeDccp(d, at);
  else if (d.protocol === etherIp) decodeEtherIp(d, at);
  else if (d.protocol === pim) decodePim(d, at);
}

/** AH behind an IPv4 header. Behind IPv6 it is one of the extension headers. */
function skipAuthentication(d: Decoded, at: number): void {
  if (!d.enter(Layers.ah, at)) return;
  if (at + 12 > d.ipEnd) {
    d.missing(DecodeEvents['ah.too_short']);
    return;
  }
  const length = (u8(d.bytes, at + 1) + 2) * 4;
  d.protocol = u8(d.bytes, at);
  d.payloadLength = Math.max(0, d.payloadLength - length);
  // AH within AH is legal and ends at the limit of layers.
  if (at + length <= d.ipEnd) decodeTransport(d, at + length);
  else d.missing(DecodeEvents['ah.too_short']);
}

function decodeSctp(d: Decoded, at: number): void {
  if (!d.enter(Layers.sctp, at)) return;
  readPorts(d, at);
  if (at + 12 > d.ipEnd) {
    d.missing(DecodeEvents['sctp.too_short']);
    return;
  }
  d.transport = at;
  d.payloadLength = Math.max(0, d.payloadLength - 12);
}

function decodeDccp(d: Decoded, at: number): void {
  if (!d.enter(Layers.dccp, at)) return;
  readPorts(d, at);
  if (at + 12 > d.ipEnd) d.missing(DecodeEvents['dccp.too_short']);
  else d.payloadLength = Math.max(0, d.payloadLength - u8(d.bytes, at + 4) * 4);
}

/** Ethernet in IP (RFC 3378): two bytes, the version in the first. */
function decodeEtherIp(d: Decoded, at: number): void {
  if (!d.enter(Layers.etherip, at)) return;
  if (at + 2 > d.ipEnd) d.missing(DecodeEvents['etherip.too_short']);
  else if (u8(d.bytes, at) >> 4 === 3) d.carries(Inner.ethernet, at + 2);
}

/** PIM version 2: a Register message carries a multicast packet to the rendezvous point. */
function decodePim(d: Decoded, at: number): void {
  if (at + 8 < d.ipEnd && u8(d.bytes, at) === 0x21) d.carries(Inner.ip, at + 8);
}
