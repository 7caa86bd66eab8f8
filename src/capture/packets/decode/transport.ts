import {type Decoded, DecodeEvents, IpProtocols, i32, u8, u16} from './decoded.ts';

/** TCP, UDP, ICMP and ICMPv6 from `at` on; any other protocol stays a number. */
export function decodeTransport(d: Decoded, at: number): void {
  switch (d.protocol) {
    case IpProtocols.tcp:
      decodeTcp(d, at);
      return;
    case IpProtocols.udp:
      decodeUdp(d, at);
      return;
    case IpProtocols.icmp:
      decodeIcmp(d, at, DecodeEvents['icmp.truncated']);
      return;
    case IpProtocols.icmpv6:
      decodeIcmp(d, at, DecodeEvents['icmpv6.truncated']);
      return;
    default:
      d.transport = at;
  }
}

function decodeTcp(d: Decoded, at: number): void {
  const {bytes} = d;
  readPorts(d, at);
  if (at + 14 > d.ipEnd) {
    d.missing(DecodeEvents['tcp.truncated']);
    return;
  }
  d.transport = at;
  d.tcpSequence = i32(bytes, at + 4);
  d.tcpAcknowledged = i32(bytes, at + 8);
  const headerLength = (u8(bytes, at + 12) >> 4) * 4;
  d.tcpFlags = u8(bytes, at + 13);
  if (headerLength < 20 || headerLength > d.payloadLength) {
    d.events |= DecodeEvents['tcp.header-length'];
    d.payloadLength = 0;
    return;
  }
  d.payloadLength -= headerLength;
  if (at + 16 > d.ipEnd) {
    d.missing(DecodeEvents['tcp.truncated']);
    return;
  }
  d.tcpWindow = u16(bytes, at + 14);
}

function decodeUdp(d: Decoded, at: number): void {
  readPorts(d, at);
  if (at + 8 > d.ipEnd) {
    d.missing(DecodeEvents['udp.truncated']);
    return;
  }
  d.transport = at;
  const length = u16(d.bytes, at + 4);
  const within = !d.moreFragments && length > d.payloadLength;
  if ((length !== 0 && length < 8) || within) d.events |= DecodeEvents['udp.length'];
  d.payloadLength = Math.max(0, (length === 0 ? d.payloadLength : length) - 8);
}

/** The ports are worth having even where the rest of the header is cut off. */
function readPorts(d: Decoded, at: number): void {
  if (at + 4 > d.ipEnd) return;
  d.sourcePort = u16(d.bytes, at);
  d.destinationPort = u16(d.bytes, at + 2);
  d.hasPorts = true;
}

function decodeIcmp(d: Decoded, at: number, truncated: number): void {
  if (at + 4 > d.ipEnd) {
    d.missing(truncated);
    return;
  }
  d.transport = at;
  d.icmpType = u8(d.bytes, at);
  d.icmpCode = u8(d.bytes, at + 1);
  d.payloadLength = Math.max(0, d.payloadLength - 8);
}
