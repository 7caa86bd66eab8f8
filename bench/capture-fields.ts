import {addressText, ipv4Text, macText} from '../src/capture/packets/decode/address.ts';
import {arpProtocol, type Decoded, IpProtocols} from '../src/capture/packets/decode/decoded.ts';

/** A decoded packet in tshark's words, so that the two can be compared. What is absent is ''. */
export function tsharkFields(d: Decoded): Readonly<Record<string, string>> {
  const ip = d.network >= 0 && d.family === 4 && d.protocol !== arpProtocol;
  const ip6 = d.network >= 0 && d.family === 6;
  const arp = d.protocol === arpProtocol && d.family === 4;
  const on = (yes: boolean, value: string | number) => (yes ? String(value) : '');
  const tcp = d.protocol === IpProtocols.tcp && d.hasPorts;
  const udp = d.protocol === IpProtocols.udp && d.hasPorts;
  return {
    'eth.src': on(d.macs >= 0, macText(d.bytes, d.macs + 6)),
    'eth.dst': on(d.macs >= 0, macText(d.bytes, d.macs)),
    'vlan.id': on(d.vlan >= 0, d.vlan),
    'ip.src': on(ip, addressText(4, d.s0, d.s1, d.s2, d.s3)),
    'ip.dst': on(ip, addressText(4, d.d0, d.d1, d.d2, d.d3)),
    'ip.proto': on(ip, d.protocol),
    'ip.ttl': on(ip, d.ttl),
    'ip.len': on(!ip6 && d.ipLength >= 0, d.ipLength),
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
