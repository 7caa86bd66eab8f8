import type {Rule} from '../../event/event.ts';
import type {AlertLevel} from '../../event/level.ts';

/** What is found in flows and in what applications say. The ids are stable: queries, suppressions and reports name them. */
export const flowRules = {
  tunnel: rule('network.dns.tunnel', 'Data in DNS names', 'medium', ['T1071.004', 'T1048']),
  dga: rule('network.dns.dga', 'Generated domain names', 'medium', ['T1568.002']),
  beacon: rule('network.beacon', 'Regular contact with an outside address', 'medium', ['T1071']),
  long: rule('network.connection.long', 'Long connection to an outside address', 'low', ['T1071']),
  exfiltration: rule('network.exfiltration', 'Far more sent out than usual', 'medium', ['T1048', 'T1041']),
  firstHost: rule('network.first.host', 'First sight of a machine', 'low', ['T1200']),
  firstService: rule('network.first.service', 'A machine answers on a new port', 'low', ['T1571']),
  firstVendor: rule('network.first.vendor', 'First machine of a vendor', 'low', ['T1200']),
  firstCountry: rule('network.first.country', 'First contact with a country', 'low', []),
  indicator: rule('network.indicator', 'On a list of indicators', 'high', []),
} as const;

function rule(id: string, name: string, level: AlertLevel, techniques: readonly string[]): Rule {
  return {id, name, level, category: 'Network Packet Anomaly', techniques};
}
