import type {FlowEvent, Micros, Origin} from '../../../event/event.ts';

const origin: Origin = {agent: 'generated', host: 'alpha', source: 'packets:eth0', epoch: '1', dataset: 'flow'};

/** What differs from an answered TCP conversation of no bytes. */
export type FlowParts = Partial<Omit<FlowEvent, 'kind' | 'ingested' | 'last'>> & {
  readonly time: Micros;
  /** Microseconds. */
  readonly lasts?: Micros;
};

/** A flow as the capture would report it at its end; packets follow from bytes unless given. For tests and benchmarks. */
export function generatedFlow({lasts = 0, ...parts}: FlowParts): FlowEvent {
  const bytesOut = parts.bytesOut ?? 0;
  const bytesIn = parts.bytesIn ?? 0;
  return {
    kind: 'flow',
    origin,
    position: 0,
    ingested: parts.time,
    last: parts.time + lasts,
    ended: true,
    transport: 'tcp',
    service: '',
    sourceIp: '192.168.1.20',
    sourcePort: 50_000,
    sourceMac: '02:00:00:00:00:20',
    destinationIp: '192.168.1.1',
    destinationPort: 443,
    destinationMac: '02:00:00:00:00:01',
    interface: 'eth0',
    vlan: 0,
    packetsOut: Math.ceil(bytesOut / 1_200),
    bytesOut,
    packetsIn: Math.ceil(bytesIn / 1_200),
    bytesIn,
    state: 'SF',
    history: '',
    ...parts,
  };
}
