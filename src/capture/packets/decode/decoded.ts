import type {Micros} from '../../../event/event.ts';
import {DecodeEvents} from './events.ts';
import {maxLayers} from './layers.ts';

export const EtherTypes = {ipv4: 0x0800, arp: 0x0806, rarp: 0x8035, ipv6: 0x86dd, mpls: 0x8847, pppoe: 0x8864} as const;
export const IpProtocols = {icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132, udplite: 136} as const;
export const TcpFlags = {fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128} as const;

/** Protocol of an ARP packet in flows and tallies, beyond the IP protocol numbers. */
export const arpProtocol = 256;

/** What `Decoded.inner` points at. `network`: `innerType` says as an EtherType which; `ip`: its version nibble does. */
export const Inner = {none: 0, ethernet: 1, network: 2, ip: 3, ppp: 4} as const;

const maxEvents = 8;
const largestWire = 2 ** 30;

/**
 * One packet, decoded in place: numbers and offsets into `bytes`, which stay valid only until the capture moves on. The
 * same object is used for every packet, so nothing is allocated for one. Offsets are -1 where a layer is absent.
 * 32-bit values that may be large are kept as signed integers (`| 0`), which V8 stores without a heap number.
 *
 * A packet that a tunnel carries is a packet of its own: `inner` says where it begins, and `decodeInner` decodes it.
 */
export class Decoded {
  bytes: Uint8Array = new Uint8Array(0);
  /** First byte of the packet, and one past the last that was captured. Nothing past `end` is ever read. */
  start = 0;
  end = 0;
  /** Length on the wire, a gigabyte at the most; `end - start` where the capture did not cut. */
  wire = 0;
  /** No integer at first: what changes its kind later makes V8 forget all that it compiled. */
  time: Micros = Number.NaN;
  /** This machine sent it. False where unknown. */
  outgoing = false;

  /** The number of the first thing that is wrong (`decodeEventNames`), -1 where nothing is. */
  event = -1;
  /** All that is wrong, each once, eight at the most: the first `eventCount` of `eventIds` are this packet's. */
  eventCount = 0;
  readonly eventIds = new Uint8Array(maxEvents);

  /** The layers in their order (`layerNames`) and where each begins; the first `layerCount` are this packet's. */
  layerCount = 0;
  readonly layers = new Uint8Array(maxLayers);
  readonly layerAt = new Int32Array(maxLayers);
  /** Layers of the packets around this one: all count towards the limit. */
  layersAround = 0;

  /** Where the MAC addresses are: -1 where the link has none, or only the other. */
  destinationMac = -1;
  sourceMac = -1;
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
  /** The IP header's own protocol or next header. */
  firstNextHeader = -1;
  /** The IPv4 header has options; those that steer the route are in it (loose or strict source route). */
  ipOptions = false;
  sourceRouted = false;
  /** In bytes. */
  fragmentOffset = 0;
  moreFragments = false;
  fragmentId = 0;

  /** Start of the transport header, -1 on non-first fragments. */
  transport = -1;
  /** One past the last captured byte that belongs to the IP packet (link padding is left out). */
  ipEnd = 0;
  /** Where the innermost layer ends as it claims: past `end` where the capture cut it. */
  claimedEnd = 0;
  sourcePort = 0;
  destinationPort = 0;
  hasPorts = false;
  /** The flags in the low byte; above them, accurate ECN's and three bits that are reserved and should be 0. */
  tcpFlags = -1;
  tcpSequence = 0;
  tcpAcknowledged = 0;
  tcpWindow = 0;
  /** One past the last captured byte of the TCP header: options lie from `transport + 20` to here. */
  tcpOptionsEnd = -1;
  /** Of the options, read on a SYN only; -1 absent. */
  tcpMss = -1;
  tcpWindowScale = -1;
  /** Bytes above the transport header, as the IP length claims. */
  payloadLength = 0;
  /** The captured bytes above TCP or UDP; -1 where there are none. */
  payload = -1;
  payloadEnd = 0;
  icmpType = -1;
  icmpCode = -1;
  /** Start of the IP header that an ICMP error quotes: see `decodeQuoted`. */
  quoted = -1;
  arpOperation = -1;

  /** Start of the packet that this one carries, and what it is (`Inner`). */
  inner = -1;
  innerKind = 0;
  innerType = 0;

  /** Forgets the last packet. */
  begin(bytes: Uint8Array, start: number, end: number, wire: number, time: Micros): void {
    // Mostly the same for thousands of packets: then nothing is to be told to the garbage collector.
    if (this.bytes !== bytes) this.bytes = bytes;
    this.start = start;
    this.end = end;
    // A damaged record may claim more. All that reads packets is compiled for small integers, and `| 0` makes V8 see one
    // also where it was kept as a number of the other kind: else one such record would have all code compiled anew.
    const length = Math.min(wire, largestWire) | 0;
    this.wire = length;
    this.time = time;
    this.outgoing = false;
    this.event = -1;
    this.eventCount = 0;
    this.layerCount = 0;
    this.layersAround = 0;
    this.destinationMac = this.sourceMac = -1;
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
    this.ipOptions = this.sourceRouted = false;
    this.fragmentOffset = 0;
    this.moreFragments = false;
    this.fragmentId = 0;
    this.transport = -1;
    this.ipEnd = end;
    this.claimedEnd = start + length;
    this.#beginTransport();
  }

  #beginTransport(): void {
    this.sourcePort = 0;
    this.destinationPort = 0;
    this.hasPorts = false;
    this.tcpFlags = -1;
    this.tcpSequence = 0;
    this.tcpAcknowledged = 0;
    this.tcpWindow = 0;
    this.tcpOptionsEnd = -1;
    this.tcpMss = this.tcpWindowScale = -1;
    this.payloadLength = 0;
    this.payload = -1;
    this.payloadEnd = 0;
    this.icmpType = -1;
    this.icmpCode = -1;
    this.quoted = -1;
    this.arpOperation = -1;
    this.inner = -1;
    this.innerKind = 0;
    this.innerType = 0;
  }

  /** A layer begins. False, and noted, where there are too many: decoding stops there. */
  enter(layer: number, at: number): boolean {
    const count = this.layerCount;
    if (count + this.layersAround >= maxLayers) {
      this.note(DecodeEvents['packet.too_many_layers']);
      return false;
    }
    this.layers[count] = layer;
    this.layerAt[count] = at;
    this.layerCount = count + 1;
    return true;
  }

  /** Something is wrong. */
  note(event: number): void {
    for (let i = 0; i < this.eventCount; i++) if (this.eventIds[i] === event) return;
    if (this.eventCount === maxEvents) return;
    if (this.eventCount === 0) this.event = event;
    this.eventIds[this.eventCount++] = event;
  }

  /** Bytes are missing: the capture's doing where it cut the packet, else `event`. */
  missing(event: number): void {
    this.note(this.end - this.start < this.wire ? DecodeEvents['capture.cut'] : event);
  }

  /** A packet of its own begins at `at`. */
  carries(kind: number, at: number, type = 0): void {
    this.inner = at;
    this.innerKind = kind;
    this.innerType = type;
  }
}

// The callers have checked that the bytes are there; `?? 0` only satisfies the type and costs nothing once compiled.

export function u8(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

export function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function u24(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
}

/** As a signed 32-bit integer. */
export function i32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}
