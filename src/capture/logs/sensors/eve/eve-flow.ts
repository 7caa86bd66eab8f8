import type {FlowState, Micros} from '../../../../event/event.ts';
import {TcpFlags} from '../../../packets/decode/decoded.ts';
import {Seen, tcpState} from '../../../packets/tcp-state.ts';
import {type JsonRecord, readTime} from '../../parse/json-line.ts';
import {number, serviceOf, text} from '../network-words.ts';
import type {FlowParts, MutableFields} from '../sensor-record.ts';
import {eveFields, eveService, eveVlan, part} from './eve-fields.ts';

/** An event of type flow: one conversation that Suricata let go of. */
export function eveFlow(record: JsonRecord, told: Micros): FlowParts {
  const fields = eveFields(record);
  const take = (name: string) => number(fields[name]);
  const [sourcePort, destinationPort] = [take('source.port'), take('destination.port')];
  const [packetsOut, packetsIn] = [take('suricata.flow.pkts_toserver'), take('suricata.flow.pkts_toclient')];
  const transport = text(fields['network.transport']);
  const time = stamp(fields, 'suricata.flow.start') ?? told;
  const ether = part(record, 'ether');
  return {
    kind: 'flow',
    time,
    last: Math.max(time, stamp(fields, 'suricata.flow.end') ?? told),
    ended: true,
    transport,
    service: serviceOf(eveService(record), transport, sourcePort, destinationPort),
    sourceIp: text(fields['source.ip']),
    sourcePort,
    sourceMac: mac(ether.src_mac ?? ether.src_macs),
    destinationIp: text(fields['destination.ip']),
    destinationPort,
    destinationMac: mac(ether.dest_mac ?? ether.dest_macs),
    interface: text(fields['observer.ingress.interface.name']),
    vlan: eveVlan(record),
    packetsOut,
    bytesOut: take('suricata.flow.bytes_toserver'),
    packetsIn,
    bytesIn: take('suricata.flow.bytes_toclient'),
    state: transport === 'tcp' ? stateOfTcp(fields) : packetsOut > 0 && packetsIn > 0 ? 'SF' : 'S0',
    history: '',
    fields: restOf(fields),
  };
}

function stamp(fields: MutableFields, name: string): Micros | undefined {
  return readTime(fields[name]);
}

/** Flags in hexadecimal. Without them only how far Suricata's own state came is known. */
function stateOfTcp(fields: MutableFields): FlowState {
  const [out, back] = [fields['suricata.tcp.tcp_flags_ts'], fields['suricata.tcp.tcp_flags_tc']];
  if (out !== undefined || back !== undefined) return tcpState(seen(out, Seen.syn), seen(back, Seen.synAck));
  switch (fields['suricata.flow.state']) {
    case 'new':
      return 'S0';
    case 'established':
      return 'S1';
    case 'closed':
      return 'SF';
    default:
      return 'OTH';
  }
}

/** What one side sent, from all flags that it ever set, in hexadecimal. `asSyn`: what its SYN is taken for. */
function seen(value: MutableFields[string] | undefined, asSyn: number): number {
  const flags = Number.parseInt(text(value), 16) || 0;
  const {fin, syn, rst, ack} = TcpFlags;
  const bit = (flag: number, meaning: number) => ((flags & flag) !== 0 ? meaning : 0);
  return bit(syn, asSyn) | bit(fin, Seen.fin) | bit(rst, Seen.rst) | bit(ack, Seen.ack);
}

function mac(value: unknown): string {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' && /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(one) ? one.toLowerCase() : '';
}

const used = new Set([
  'source.ip',
  'source.port',
  'destination.ip',
  'destination.port',
  'network.transport',
  'observer.ingress.interface.name',
  ...['start', 'end', 'age', 'pkts_toserver', 'pkts_toclient', 'bytes_toserver', 'bytes_toclient'].map(
    name => `suricata.flow.${name}`,
  ),
  // The same as the flags in hexadecimal.
  ...['syn', 'fin', 'rst', 'psh', 'ack', 'urg', 'ecn', 'cwr'].map(name => `suricata.tcp.${name}`),
  ...['src_mac', 'src_macs', 'dest_mac', 'dest_macs'].map(name => `suricata.ether.${name}`),
]);

function restOf(fields: MutableFields): MutableFields {
  const rest: MutableFields = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined && !used.has(key)) rest[key] = value;
  }
  const domain = text(fields['tls.client.server_name'] ?? fields['http.request.host']);
  if (domain !== '') rest['destination.domain'] = domain;
  return rest;
}
