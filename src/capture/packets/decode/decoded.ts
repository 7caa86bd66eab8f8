import type {Micros} from '../../../event/event.ts';

/** What can be wrong with a packet, one bit each in `Decoded.events`. The order is that of the bits. */
export const decodeEventNames = [
  'capture.cut',
  'ethernet.truncated',
  'vlan.truncated',
  'vlan.too-deep',
  'arp.truncated',
  'arp.unsupported',
  'ipv4.truncated',
  'ipv4.version',
  'ipv4.header-length',
  'ipv4.total-length',
  'ipv6.truncated',
  'ipv6.version',
  'ipv6.payload-length',
  'ipv6.extension-truncated',
  'ipv6.extensions-too-many',
  'tcp.truncated',
  'tcp.header-length',
  'udp.truncated',
  'udp.length',
  'icmp.truncated',
  'icmpv6.truncated',
  'link.unsupported',
] as const;

export type DecodeEventName = (typeof decodeEventNames)[number];

/** Bit of each event. `capture.cut` is no fault of the packet: the bytes are missing because the capture kept fewer. */
export const DecodeEvents = Object.fromEntries(decodeEventNames.map((name, bit) => [name, 1 << bit])) as Readonly<
  Record<DecodeEventName, number>
>;

export const EtherTypes = {ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd} as const;
export const IpProtocols = {icmp: 1, tcp: 6, udp: 17, icmpv6: 58} as const;
export const TcpFlags = {fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128} as const;

/** Protocol of an ARP packet in flows and tallies, beyond the IP protocol numbers. */
export const arpProtocol = 256;

/**
 * One packet, decoded in place: numbers and offsets into `bytes`, which stay valid only until the capture moves on. The
 * same object is used for every packet, so nothing is allocated for one. Offsets are -1 where a layer is absent.
 * 32-bit values that may be large are kept as signed integers (`| 0`), which V8 stores without a heap number.
 */
export class Decoded {
  bytes: Uint8Array = new Uint8Array(0);
  /** First byte of the packet, and one past the last that was captured. Nothing past `end` is ever read. */
  start = 0;
  end = 0;
  /** Length on the wire; `end - start` where the capture did not cut. */
  wire = 0;
  time: Micros = 0;
  /** This machine sent it. False where unknown. */
  outgoing = false;
  events = 0;

  /** Destination MAC address; the source's is 6 further on. */
  macs = -1;
  /** Of the outermost tag: what the VLAN id is taken from, -1 untagged. */
  vlan = -1;
  vlanDepth = 0;
  /** After tags and SNAP; 0 where there is none (802.3 with plain LLC). */
  etherType = 0;
  /** Bytes before the network layer. */
  linkLength = 0;

  /** Start of the IP header or ARP packet. */
  network = -1;
  /** 4, 6, or 0 where the addresses are not known. For ARP: 4, the protocol addresses. */
  family = 0;
  /** Addresses as four 32-bit words, network order; IPv4 is in the last and the others are 0. */
  s0 = 0;
  s1 = 0;
  s2 = 0;
  s3 = 0;
  d0 = 0;
  d1 = 0;
  d2 = 0;
  d3 = 0;
  /** IPv4 total length, or IPv6 payload length + 40; as claimed. -1 where unknown. */
  ipLength = -1;
  ttl = -1;
  /** IP protocol after extension headers, `arpProtocol`, or -1. */
  protocol = -1;
  /** The IPv6 header's own next header. */
  firstNextHeader = -1;
  /** In bytes. */
  fragmentOffset = 0;
  moreFragments = false;
  fragmentId = 0;

  /** Start of the transport header, -1 on non-first fragments. */
  transport = -1;
  /** One past the last captured byte that belongs to the IP packet (link padding is left out). */
  ipEnd = 0;
  sourcePort = 0;
  destinationPort = 0;
  hasPorts = false;
  tcpFlags = -1;
  tcpSequence = 0;
  tcpAcknowledged = 0;
  tcpWindow = 0;
  /** Bytes above the transport header, as the IP length claims. */
  payloadLength = 0;
  icmpType = -1;
  icmpCode = -1;
  arpOperation = -1;

  /** Forgets the last packet. */
  begin(bytes: Uint8Array, start: number, end: number, wire: number, time: Micros): void {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.wire = wire;
    this.time = time;
    this.outgoing = false;
    this.events = 0;
    this.macs = -1;
    this.vlan = -1;
    this.vlanDepth = 0;
    this.etherType = 0;
    this.linkLength = 0;
    this.network = -1;
    this.family = 0;
    this.s0 = this.s1 = this.s2 = this.s3 = 0;
    this.d0 = this.d1 = this.d2 = this.d3 = 0;
    this.ipLength = -1;
    this.ttl = -1;
    this.protocol = -1;
    this.firstNextHeader = -1;
    this.fragmentOffset = 0;
    this.moreFragments = false;
    this.fragmentId = 0;
    this.transport = -1;
    this.ipEnd = end;
    this.sourcePort = 0;
    this.destinationPort = 0;
    this.hasPorts = false;
    this.tcpFlags = -1;
    this.tcpSequence = 0;
    this.tcpAcknowledged = 0;
    this.tcpWindow = 0;
    this.payloadLength = 0;
    this.icmpType = -1;
    this.icmpCode = -1;
    this.arpOperation = -1;
  }

  /** Bytes are missing: the capture's doing where it cut the packet, else `event`. */
  missing(event: number): void {
    this.events |= this.end - this.start < this.wire ? DecodeEvents['capture.cut'] : event;
  }
}

// The callers have checked that the bytes are there; `?? 0` only satisfies the type and costs nothing once compiled.

export function u8(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

export function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** As a signed 32-bit integer. */
export function i32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}
