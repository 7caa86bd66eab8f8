import type {Rule} from '../../event/event.ts';
import type {AlertLevel} from '../../event/level.ts';

/** What the network detectors find. The ids are stable: queries, suppressions and reports name them. */
export const networkRules = {
  icmpOversized: rule('network.icmp.oversized', 'Oversized ICMP packet', 'medium', ['T1499']),
  frameOversized: rule('network.frame.oversized', 'Packet larger than the link allows', 'low', []),
  lengthBeyondFrame: rule('network.ip.length', 'IP packet claims more than was sent', 'low', []),
  fragmentOversized: rule('network.fragment.oversized', 'Fragments larger than an IP packet', 'high', ['T1499.004']),
  spoofOwn: rule('network.spoof.own', 'Own address used by another machine', 'high', ['T1557']),
  spoofBogon: rule('network.spoof.bogon', 'Source address that cannot be', 'low', []),
  land: rule('network.spoof.land', 'Land attack', 'high', ['T1499.004']),
  scanVertical: rule('network.scan.vertical', 'Port scan', 'medium', ['T1046']),
  scanHorizontal: rule('network.scan.horizontal', 'Network scan', 'medium', ['T1046']),
} as const;

function rule(id: string, name: string, level: AlertLevel, techniques: readonly string[]): Rule {
  return {id, name, level, category: 'Network Packet Anomaly', techniques};
}
