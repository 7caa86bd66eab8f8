import type {AlertGroup} from './alert-group.ts';
import type {Event} from './event.ts';

/** What the sensor writes rows of, as `event.dataset`: one transaction of an application's each. */
export const wireDatasets = ['dns', 'tls', 'http', 'dhcp', 'ssh'] as const;

export type WireDataset = (typeof wireDatasets)[number];

/**
 * A row of what was seen on the wire, by this program's sensor or another's (Zeek, Suricata). There are as many as there
 * is traffic: detectors of networks judge them, those that learn how programs log do not.
 */
export function isWireRow({kind, origin: {dataset}}: Event): boolean {
  return kind === 'log' && isWireDataset(dataset);
}

/** Whether an alert is about what was seen on the wire, so that such rows are what stands around it. */
export function isAboutWire({category, event}: Pick<AlertGroup, 'category' | 'event'>): boolean {
  const dataset = String(event['event.dataset'] ?? '');
  return category === 'Network Packet Anomaly' || dataset === 'flow' || isWireDataset(dataset);
}

/** Whether rows of this `event.dataset` tell what was seen on the wire. */
export function isWireDataset(dataset: string): boolean {
  return names.has(dataset) || dataset.startsWith('zeek.') || dataset.startsWith('suricata.');
}

const names: ReadonlySet<string> = new Set(wireDatasets);
