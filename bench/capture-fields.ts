import type {CaptureParser} from '../src/capture/files/capture-parser.ts';
import type {RawPacket} from '../src/capture/packets/backend.ts';
import {addressText, ipv4Text, macText} from '../src/capture/packets/decode/address.ts';
import {type ApplicationFacts, applicationFacts} from '../src/capture/packets/decode/application.ts';
import {Decoded, u16} from '../src/capture/packets/decode/decoded.ts';
import {DecodeEvents} from '../src/capture/packets/decode/events.ts';
import {Layers} from '../src/capture/packets/decode/layers.ts';
import {decodeInner, decodePacket} from '../src/capture/packets/decode/packet.ts';
import {isProviderTag, tsharkLayers} from './tshark-layers.ts';

export type Fields = Readonly<Record<string, string>>;

/**
 * A packet in tshark's words, so that the two can be compared: of each field the first that occurs, from the outermost
 * packet inwards through its tunnels. What is absent is ''.
 */
export function tsharkFields(packet: RawPacket): Fields {
  const fields: Record<string, string> = {};
  const layers: string[] = [];
  for (const d of packetsWithin(packet)) {
    layers.push(...tsharkLayers(d));
    for (const [name, value] of Object.entries({...fieldsOf(d), ...factFields(applicationFacts(d))})) {
      if ((fields[name] ?? '') === '') fields[name] = value;
    }
  }
  return {...fields, 'frame.protocols': layers.join(':')};
}

/** What the file says of the packet. */
export function frameFields(packet: RawPacket, parser: CaptureParser, number: number): Fields {
  const seconds = Math.floor(packet.time / 1_000_000);
  const fraction = (packet.time % 1_000_000) * 1000 + parser.nanoseconds;
  return {
    'frame.number': String(number),
    'frame.time_epoch': `${seconds}.${String(fraction).padStart(9, '0')}`,
    'frame.len': String(packet.wire),
    'frame.cap_len': String(packet.end - packet.start),
  };
}

/** The packet and those in its tunnels. */
export function* packetsWithin(packet: RawPacket): Generator<Decoded> {
  let d = new Decoded();
  decodePacket(d, packet);
  for (let more = true; more; ) {
    yield d;
    const inner = new Decoded();
    more = decodeInner(d, inner);
    d = inner;
  }
}

/** Of a header that is cut, tshark gives what is there, and so does this. */
function fieldsOf(d: Decoded): Fields {
  const tag = vlanOf(d);
  const [eth, ip, ip6, arp] = [Layers.ethernet, Layers.ipv4, Layers.ipv6, Layers.arp].map(layer => placeOf(d, layer));
  const [tcp, udp, icmp, icmp6] = [Layers.tcp, Layers.udp, Layers.icmp, Layers.icmpv6].map(layer => placeOf(d, layer));
  const ports = udp ?? placeOf(d, Layers.udplite);
  const on = (layer: number | undefined, upTo: number, value: () => string | number) =>
    layer !== undefined && layer + upTo <= d.end ? String(value()) : '';
  const isIp = d.network >= 0 || d.ttl >= 0 ? ip : undefined;
  const isArp = d.event === DecodeEvents['arp.unsupported'] ? undefined : arp;
  const hardware = arp === undefined ? 0 : (d.bytes[arp + 4] ?? 0);
  return {
    'eth.dst': on(eth, 14, () => macText(d.bytes, d.destinationMac)),
    'eth.src': on(eth, 14, () => macText(d.bytes, d.sourceMac)),
    'vlan.id': tag === undefined ? '' : String(tag),
    // Of a length of 0 tshark too makes what is on the wire.
    'ip.len': d.ipLength < 0 ? '' : on(ip, 4, () => (d.ipLength === 0 ? d.wire - d.linkLength : d.ipLength)),
    'ip.ttl': on(isIp, 9, () => d.ttl),
    'ip.proto': on(isIp, 10, () => d.firstNextHeader),
    'ip.src': on(isIp, 16, () => addressText(4, d.s0, d.s1, d.s2, d.s3)),
    'ip.dst': on(isIp, 20, () => addressText(4, d.d0, d.d1, d.d2, d.d3)),
    'ipv6.nxt': on(ip6, 7, () => d.firstNextHeader),
    'ipv6.src': on(ip6, 24, () => addressText(6, d.s0, d.s1, d.s2, d.s3)),
    'ipv6.dst': on(ip6, 40, () => addressText(6, d.d0, d.d1, d.d2, d.d3)),
    'tcp.srcport': on(tcp, 4, () => d.sourcePort),
    'tcp.dstport': on(tcp, 4, () => d.destinationPort),
    'tcp.flags': d.tcpFlags < 0 ? '' : on(tcp, 16, () => `0x${d.tcpFlags.toString(16).padStart(4, '0')}`),
    'udp.srcport': on(ports, 4, () => d.sourcePort),
    'udp.dstport': on(ports, 4, () => d.destinationPort),
    'icmp.type': on(icmp, 6, () => d.icmpType),
    'icmp.code': on(icmp, 6, () => d.icmpCode),
    'icmpv6.type': on(icmp6, 1, () => d.icmpType),
    'arp.opcode': on(arp, 8, () => d.arpOperation),
    'arp.src.proto_ipv4': on(isArp, 16 + 2 * hardware, () => ipv4Text(d.s3)),
    'arp.dst.proto_ipv4': on(isArp, 16 + 2 * hardware, () => ipv4Text(d.d3)),
  };
}

/** Where a layer begins in this packet. */
function placeOf(d: Decoded, layer: number): number | undefined {
  const i = d.layers.subarray(0, d.layerCount).indexOf(layer);
  return i < 0 ? undefined : d.layerAt[i];
}

/** Of the first tag that is not a provider's; a tag that the kernel took out is in no layer. */
function vlanOf(d: Decoded): number | undefined {
  for (let i = 0; i < d.layerCount; i++) {
    const at = d.layerAt[i] ?? 0;
    if (d.layers[i] === Layers.vlan && !isProviderTag(d, at) && at + 2 <= d.end) return u16(d.bytes, at) & 0xfff;
  }
  return undefined;
}

function factFields(facts: ApplicationFacts | undefined): Fields {
  const dns = facts?.kind === 'dns' ? facts.questions[0]?.name : undefined;
  const hello = facts?.kind === 'quic' ? facts.hello : facts?.kind === 'tls-client' ? facts : undefined;
  return {
    'dns.qry.name': dns === '' ? '<Root>' : (dns ?? ''),
    'tls.handshake.extensions_server_name': hello?.serverName ?? '',
    'http.host': facts?.kind === 'http-request' ? facts.host : '',
  };
}
