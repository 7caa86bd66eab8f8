import type {Rule} from '../../event/event.ts';
import type {AlertLevel} from '../../event/level.ts';

/** What the network detectors find. The ids are stable: queries, suppressions and reports name them. */
export const networkRules = {
  icmpOversized: rule('network.icmp.oversized', 'Oversized ICMP packet', 'medium', ['T1499']),
  icmpUnknown: rule('network.icmp.unknown', 'ICMP of an unknown type or code', 'low', []),
  icmpSweep: rule('network.icmp.sweep', 'Ping sweep', 'medium', ['T1018']),
  icmpTunnel: rule('network.icmp.tunnel', 'Data carried in ICMP echo', 'high', ['T1095', 'T1572']),
  icmpRedirect: rule('network.icmp.redirect', 'ICMP redirect', 'low', ['T1557']),
  frameOversized: rule('network.frame.oversized', 'Packet larger than the link allows', 'low', []),
  lengthBeyondFrame: rule('network.ip.length', 'IP packet claims more than was sent', 'low', []),
  fragmentOversized: rule('network.fragment.oversized', 'Fragments larger than an IP packet', 'high', ['T1499.004']),
  fragmentOverlap: rule('network.fragment.overlap', 'Overlapping IP fragments', 'high', ['T1499.004']),
  fragmentTiny: rule('network.fragment.tiny', 'Tiny IP fragments', 'medium', ['T1027']),
  spoofOwn: rule('network.spoof.own', 'Own address used by another machine', 'high', ['T1557']),
  spoofBogon: rule('network.spoof.bogon', 'Source address that cannot be', 'low', []),
  spoofPath: rule('network.spoof.path', 'Source address on the wrong interface', 'low', []),
  land: rule('network.spoof.land', 'Land attack', 'high', ['T1499.004']),
  scanVertical: rule('network.scan.vertical', 'Port scan', 'medium', ['T1046']),
  scanHorizontal: rule('network.scan.horizontal', 'Network scan', 'medium', ['T1046', 'T1018']),
  scanSlow: rule('network.scan.slow', 'Slow scan', 'low', ['T1046']),
  scanStealth: rule('network.scan.stealth', 'Stealth scan', 'medium', ['T1046']),
  scanFingerprint: rule('network.scan.fingerprint', 'Operating system fingerprinting', 'medium', [
    'T1046',
    'T1592.002',
  ]),
  floodSyn: rule('network.flood.syn', 'SYN flood', 'high', ['T1498.001', 'T1499.001']),
  floodUdp: rule('network.flood.udp', 'UDP flood', 'high', ['T1498.001']),
  floodIcmp: rule('network.flood.icmp', 'ICMP flood', 'high', ['T1498.001']),
  reflection: rule('network.reflection', 'Reflection attack', 'high', ['T1498.002']),
  backscatter: rule('network.backscatter', 'Backscatter of an attack elsewhere', 'informational', []),
  arpScan: rule('network.arp.scan', 'ARP scan', 'medium', ['T1018']),
  arpSpoof: rule('network.arp.spoof', 'Address taken over by ARP', 'high', ['T1557.002']),
  arpGateway: rule('network.arp.gateway', 'Another machine claims the gateway', 'high', ['T1557.002']),
  arpMismatch: rule('network.arp.mismatch', 'ARP sender is not who sent the frame', 'low', ['T1557.002']),
  ipv6Spoof: rule('network.ipv6.spoof', 'Address taken over by neighbour discovery', 'high', ['T1557']),
  ipv6Router: rule('network.ipv6.router', 'Unexpected IPv6 router', 'medium', ['T1557']),
  dhcpRogue: rule('network.dhcp.rogue', 'Second DHCP server with other answers', 'high', ['T1557.003']),
  dhcpStarvation: rule('network.dhcp.starvation', 'DHCP starvation', 'high', ['T1499', 'T1557.003']),
  credentials: rule('network.credentials.cleartext', 'Password sent in clear text', 'medium', ['T1040', 'T1552']),
  bruteforce: rule('network.bruteforce', 'Passwords tried over the network', 'medium', ['T1110']),
} as const;

function rule(id: string, name: string, level: AlertLevel, techniques: readonly string[]): Rule {
  return {id, name, level, category: 'Network Packet Anomaly', techniques};
}
