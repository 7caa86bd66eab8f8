import type {CaptureParser} from '../src/capture/files/capture-parser.ts';
import type {RawPacket} from '../src/capture/packets/backend.ts';
import {addressText, ipv4Text, macText} from '../src/capture/packets/decode/address.ts';
import {type ApplicationFacts, applicationFacts} from '../src/capture/packets/decode/application.ts';
import {arpProtocol, Decoded, IpProtocols, u16} from '../src/capture/packets/decode/decoded.ts';
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

function fieldsOf(d: Decoded): Fields {
  const ip = d.network >= 0 && d.family === 4 && d.protocol !== arpProtocol;
  const ip6 = d.network >= 0 && d.family === 6;
  const arp = d.protocol === arpProtocol && d.family === 4;
  const onEthernet = d.layers.subarray(0, d.layerCount).includes(Layers.ethernet) && d.destinationMac >= 0;
  const tag = vlanOf(d);
  const on = (yes: boolean, value: string | number) => (yes ? String(value) : '');
  const tcp = d.protocol === IpProtocols.tcp && d.hasPorts;
  const udp = (d.protocol === IpProtocols.udp || d.protocol === IpProtocols.udplite) && d.hasPorts;
  return {
    'eth.src': on(onEthernet, macText(d.bytes, d.sourceMac)),
    'eth.dst': on(onEthernet, macText(d.bytes, d.destinationMac)),
    'vlan.id': on(tag !== undefined, tag ?? ''),
    'ip.src': on(ip, addressText(4, d.s0, d.s1, d.s2, d.s3)),
    'ip.dst': on(ip, addressText(4, d.d0, d.d1, d.d2, d.d3)),
    'ip.proto': on(ip, d.firstNextHeader),
    'ip.ttl': on(ip, d.ttl),
    // Of a length of 0 tshark too makes what is on the wire.
    'ip.len': on(!ip6 && d.ipLength >= 0, d.ipLength === 0 ? d.wire - d.linkLength : d.ipLength),
    'ipv6.src': on(ip6, addressText(6, d.s0, d.s1, d.s2, d.s3)),
    'ipv6.dst': on(ip6, addressText(6, d.d0, d.d1, d.d2, d.d3)),
    'ipv6.nxt': on(ip6, d.firstNextHeader),
    'tcp.srcport': on(tcp, d.sourcePort),
    'tcp.dstport': on(tcp, d.destinationPort),
    'tcp.flags': on(d.tcpFlags >= 0, `0x${d.tcpFlags.toString(16).padStart(4, '0')}`),
    'udp.srcport': on(udp, d.sourcePort),
    'udp.dstport': on(udp, d.destinationPort),
    'icmp.type': on(d.icmpType >= 0 && d.protocol === IpProtocols.icmp, d.icmpType),
    'icmp.code': on(d.icmpCode >= 0 && d.protocol === IpProtocols.icmp, d.icmpCode),
    'icmpv6.type': on(d.icmpType >= 0 && d.protocol === IpProtocols.icmpv6, d.icmpType),
    'arp.opcode': on(d.arpOperation >= 0, d.arpOperation),
    'arp.src.proto_ipv4': on(arp, ipv4Text(d.s3)),
    'arp.dst.proto_ipv4': on(arp, ipv4Text(d.d3)),
  };
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
