import type {FlowEvent, Micros, Origin} from '../../event/event.ts';
import {addressText, macText} from './decode/address.ts';
import {communityId} from './decode/community-id.ts';
import {arpProtocol} from './decode/decoded.ts';
import {serviceName, transportName} from './decode/names.ts';
import type {FlowRecord} from './flow-record.ts';

/** A flow of the sensor's as the pipeline knows it. */
export function flowEvent(flow: FlowRecord, origin: Origin, interfaceName: string, ingested: Micros): FlowEvent {
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0, d0 = 0, d1 = 0, d2 = 0, d3 = 0] = flow.words;
  return {
    kind: 'flow',
    origin,
    position: flow.number,
    time: flow.time,
    ingested,
    last: flow.last,
    ended: flow.ended,
    transport: transportName(flow.protocol),
    service: serviceOf(flow),
    sourceIp: addressText(flow.family, s0, s1, s2, s3),
    sourcePort: flow.sourcePort,
    sourceMac: mac(flow.macs, 0),
    destinationIp: addressText(flow.family, d0, d1, d2, d3),
    destinationPort: flow.destinationPort,
    destinationMac: mac(flow.macs, 6),
    interface: interfaceName,
    vlan: flow.vlan,
    packetsOut: flow.packetsOut,
    bytesOut: flow.bytesOut,
    packetsIn: flow.packetsIn,
    bytesIn: flow.bytesIn,
    state: flow.state,
    history: flow.history,
    fields: fieldsOf(flow),
  };
}

/** Services that speak TLS or DNS on a port of their own: the port says more than the content. */
const underTls = new Set([
  'https',
  'smtp',
  'ldap',
  'dot',
  'imap',
  'pop3',
  'sip',
  'amqp',
  'syslog',
  'mqtt',
  'winrm',
  'kubernetes',
]);
const likeDns = new Set(['mdns', 'llmnr']);

/** What the content tells, else what is usual on the port. */
export function serviceOf({
  service,
  protocol,
  sourcePort,
  destinationPort,
}: Pick<FlowRecord, 'service' | 'protocol' | 'sourcePort' | 'destinationPort'>): string {
  const byPort = serviceName(protocol, sourcePort, destinationPort);
  if (service === '') return byPort;
  const isNarrower =
    (service === 'tls' && underTls.has(byPort)) ||
    (service === 'dns' && likeDns.has(byPort)) ||
    (service === 'http' && byPort === 'ssdp');
  return isNarrower ? byPort : service;
}

/** With the community id, which a folded flow (its ends are blank) has none of. */
function fieldsOf(flow: FlowRecord): FlowEvent['fields'] {
  const {protocol, family, words, sourcePort, destinationPort, icmpType, icmpCode} = flow;
  if (protocol === arpProtocol || !isWhole(words)) return flow.fields;
  const ends = {family, protocol, words, sourcePort, destinationPort};
  const icmp = icmpType < 0 ? undefined : {icmpType, icmpCode: Math.max(0, icmpCode)};
  const told = icmp && {'icmp.type': icmp.icmpType, 'icmp.code': icmp.icmpCode};
  return {...flow.fields, ...told, 'network.community_id': communityId({...ends, ...icmp})};
}

function isWhole(words: readonly number[]): boolean {
  return words.slice(0, 4).some(word => word !== 0) && words.slice(4).some(word => word !== 0);
}

/** '' where the link has no addresses. */
function mac(bytes: Uint8Array, at: number): string {
  for (let i = at; i < at + 6; i++) if (bytes[i] !== 0) return macText(bytes, at);
  return '';
}
