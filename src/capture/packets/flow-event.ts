import type {FlowEvent, Micros, Origin} from '../../event/event.ts';
import {addressText, macNumberText} from './decode/address.ts';
import {communityId} from './decode/community-id.ts';
import {arpProtocol} from './decode/decoded.ts';
import {transportName} from './decode/names.ts';
import type {FlowRecord} from './flow-record.ts';
import {serviceName} from './services.ts';

/** A flow of the sensor's as the pipeline knows it. */
export function flowEvent(flow: FlowRecord, origin: Origin, interfaceName: string, ingested: Micros): FlowEvent {
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
    sourceIp: endText(flow, 0),
    sourcePort: flow.sourcePort,
    sourceMac: mac(flow.sourceMac),
    destinationIp: endText(flow, 4),
    destinationPort: flow.destinationPort,
    destinationMac: mac(flow.destinationMac),
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
  const {protocol, icmpType, icmpCode, fields} = flow;
  if (protocol === arpProtocol || isBlank(flow.words, 0) || isBlank(flow.words, 4)) return fields;
  if (icmpType < 0) return withId(fields, communityId(flow));
  const code = Math.max(0, icmpCode);
  const {family, words, sourcePort, destinationPort} = flow;
  const id = communityId({family, protocol, words, sourcePort, destinationPort, icmpType, icmpCode: code});
  return {...fields, 'icmp.type': icmpType, 'icmp.code': code, 'network.community_id': id};
}

/** Of most flows nothing else is known. */
function withId(fields: FlowRecord['fields'], id: string): FlowEvent['fields'] {
  for (const _ in fields) return {...fields, 'network.community_id': id};
  return {'network.community_id': id};
}

function isBlank(words: readonly number[], at: 0 | 4): boolean {
  return words[at + 3] === 0 && words[at + 2] === 0 && words[at + 1] === 0 && words[at] === 0;
}

function endText({family, words}: FlowRecord, at: 0 | 4): string {
  return addressText(family, words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0);
}

/** '' where the link has no addresses. */
function mac(number: number): string {
  return number === 0 ? '' : macNumberText(number);
}
