import type {FlowState, Micros} from '../../../../event/event.ts';
import {number, plainAddress, serviceOf, serviceWord, text, transportWord} from '../network-words.ts';
import type {FlowParts, MutableFields} from '../sensor-record.ts';

/** A line of conn.log: one conversation, when it ended. */
export function zeekFlow(fields: MutableFields, time: Micros): FlowParts {
  const sourceIp = plainAddress(text(fields['source.ip']));
  const said = text(fields['network.transport']);
  const isUnknown = said === '' || said === 'unknown_transport';
  const protocol = isUnknown ? text(fields['zeek.ip_proto']) || said : said;
  const transport = transportWord(protocol, sourceIp.includes(':'));
  const isIcmp = transport === 'icmp' || transport === 'ipv6-icmp';
  const [first, second] = [number(fields['source.port']), number(fields['destination.port'])];
  const [sourcePort, destinationPort] = isIcmp ? [0, 0] : [first, second];
  const [packetsOut, packetsIn] = [number(fields['zeek.orig_pkts']), number(fields['zeek.resp_pkts'])];
  const service = text(fields['zeek.service']);
  const native = text(fields['zeek.conn_state']);
  const state = flowState(native, transport, packetsOut, packetsIn);
  const rest = restOf(fields);
  // Zeek writes them where others have ports.
  if (isIcmp) Object.assign(rest, {'icmp.type': first, 'icmp.code': second});
  // What is said here in other words stays as it was said, beside it.
  if (native !== '' && native !== state) rest['zeek.conn_state'] = native;
  if (service !== '' && service !== serviceWord(service)) rest['zeek.service'] = service;
  return {
    kind: 'flow',
    time,
    last: time + Math.max(0, Math.round(number(fields['zeek.duration']) * 1e6)),
    ended: true,
    transport,
    service: serviceOf(service, transport, sourcePort, destinationPort),
    sourceIp,
    sourcePort,
    sourceMac: text(fields['zeek.orig_l2_addr']),
    destinationIp: plainAddress(text(fields['destination.ip'])),
    destinationPort,
    destinationMac: text(fields['zeek.resp_l2_addr']),
    interface: '',
    vlan: number(fields['zeek.vlan']),
    packetsOut,
    bytesOut: number(fields['zeek.orig_ip_bytes'] ?? fields['zeek.orig_bytes']),
    packetsIn,
    bytesIn: number(fields['zeek.resp_ip_bytes'] ?? fields['zeek.resp_bytes']),
    state,
    history: text(fields['zeek.history']),
    fields: rest,
  };
}

const states: Readonly<Record<string, FlowState>> = {
  S0: 'S0',
  S1: 'S1',
  // One side closed, the other did not answer that: still an established connection.
  S2: 'S1',
  S3: 'S1',
  SF: 'SF',
  REJ: 'REJ',
  RSTO: 'RSTO',
  RSTR: 'RSTR',
  RSTOS0: 'RSTO',
  RSTRH: 'RSTR',
  SH: 'SH',
  SHR: 'SHR',
};

function flowState(native: string, transport: string, packetsOut: number, packetsIn: number): FlowState {
  const state = states[native];
  if (transport === 'tcp') return state ?? 'OTH';
  if (state === 'S0' || state === 'SF') return state;
  return packetsOut > 0 && packetsIn > 0 ? 'SF' : 'S0';
}

const used = new Set([
  'source.ip',
  'source.port',
  'destination.ip',
  'destination.port',
  'network.transport',
  'zeek.ts',
  'zeek._path',
  'zeek.duration',
  'zeek.service',
  'zeek.conn_state',
  'zeek.history',
  'zeek.orig_pkts',
  'zeek.resp_pkts',
  'zeek.orig_ip_bytes',
  'zeek.resp_ip_bytes',
  'zeek.orig_l2_addr',
  'zeek.resp_l2_addr',
  'zeek.vlan',
]);

function restOf(fields: MutableFields): MutableFields {
  const rest: MutableFields = {'observer.product': 'zeek'};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined && !used.has(key)) rest[key] = value;
  }
  const name = text(fields['zeek.server_name'] ?? fields['zeek.sni']);
  if (name !== '') Object.assign(rest, {'destination.domain': name, 'tls.client.server_name': name});
  return rest;
}
