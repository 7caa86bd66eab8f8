import {arpProtocol} from './decoded.ts';

const ipProtocols: Readonly<Record<number, string>> = {
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPIP',
  6: 'TCP',
  17: 'UDP',
  33: 'DCCP',
  41: 'IPv6',
  46: 'RSVP',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'ICMPv6',
  88: 'EIGRP',
  89: 'OSPF',
  103: 'PIM',
  112: 'VRRP',
  115: 'L2TP',
  132: 'SCTP',
  136: 'UDPLite',
  [arpProtocol]: 'ARP',
};

const etherTypes: Readonly<Record<number, string>> = {
  0: 'LLC',
  2048: 'IPv4',
  2054: 'ARP',
  34525: 'IPv6',
  34887: 'MPLS',
  34888: 'MPLS',
  34915: 'PPPoED',
  34916: 'PPPoES',
  34958: 'EAPOL',
  35020: 'LLDP',
  35045: 'MACsec',
  35063: 'PTP',
  36864: 'LOOP',
};

/** As packet analysers call it in their protocol column. */
export function protocolName(protocol: number, etherType: number): string {
  if (protocol < 0) return etherTypes[etherType] ?? `0x${etherType.toString(16).padStart(4, '0')}`;
  return ipProtocols[protocol] ?? `IP ${protocol}`;
}

/** The ECS `network.transport` word: `tcp`, `ipv6-icmp`, `arp`, or the protocol's number. */
export function transportName(protocol: number): string {
  return transports[protocol] ?? String(protocol);
}

const transports: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  58: 'ipv6-icmp',
  [arpProtocol]: 'arp',
};
