import {type Level, Levels} from '../../../../event/level.ts';
import type {Entry} from '../../parse/entry.ts';
import {type JsonRecord, readTime} from '../../parse/json-line.ts';
import {number, text, tlsVersion} from '../network-words.ts';
import {addRequestParts} from '../resource.ts';
import {
  dhcpWords,
  dnsWords,
  endpointWords,
  fileWords,
  httpWords,
  otherWords,
  severityLevel,
  sshWords,
  tlsWords,
} from '../row-words.ts';
import type {MutableFields, SensorRecord} from '../sensor-record.ts';
import {addDns, isDnsTold} from './eve-dns.ts';
import {eveFields, eveService, eveVlan, part} from './eve-fields.ts';
import {eveFlow} from './eve-flow.ts';
import {eveDataset} from './eve-names.ts';

/** Whether an object is an event of Suricata's EVE log. */
export function isEveRecord(record: JsonRecord): boolean {
  const {event_type: type, timestamp} = record;
  if (typeof type !== 'string' || typeof timestamp !== 'string') return false;
  return typeof record[type] === 'object' || 'flow_id' in record || ('src_ip' in record && 'dest_ip' in record);
}

/** What an event says. Undefined where its time cannot be read. */
export function readEve(record: JsonRecord): SensorRecord | undefined {
  const type = text(record.event_type as string);
  const time = readTime(record.timestamp as string);
  if (time === undefined) return undefined;
  if (type === 'flow' && typeof record.src_ip === 'string') return {kind: 'flow', flow: eveFlow(record, time)};
  return {kind: 'row', dataset: eveDataset(type), entry: row(type, record, time)};
}

function row(type: string, record: JsonRecord, time: number): Entry {
  const fields = eveFields(type === 'stats' ? withoutZeros(record, 1) : record);
  const dataset = eveDataset(type);
  const provider = dataset === type ? type : 'suricata';
  const service = eveService(record) || (provider === type || type === 'quic' ? type : '');
  if (service !== '') fields['network.protocol'] = service;
  const vlan = eveVlan(record);
  if (vlan > 0) fields['network.vlan.id'] = vlan;
  const answered = addApplication(fields, record);
  const message = words[type]?.(fields, answered) ?? otherWords(type, fields, `suricata.${type}.`);
  const entry: Entry = {time, level: levelOf(type, fields), provider, message, fields};
  if (type === 'alert') entry.code = number(fields['suricata.alert.signature_id']);
  return entry;
}

/** Brings what applications said into the common form; an alert carries that too. Returns whether DNS was answered. */
function addApplication(fields: MutableFields, record: JsonRecord): boolean {
  const version = fields['tls.version'];
  if (version !== undefined) {
    fields['tls.version'] = tlsVersion(text(version));
    fields['suricata.tls.version'] = version;
  }
  if (fields['url.original'] !== undefined || fields['http.request.host'] !== undefined) addRequestParts(fields);
  const protocol = fields['http.version'];
  if (protocol !== undefined) fields['http.version'] = text(protocol).replace(/^HTTP\//, '');
  const name = text(fields['tls.client.server_name']);
  if (name !== '') fields['destination.domain'] = name;
  for (const unset of dhcpAddresses) if (fields[unset] === '0.0.0.0') delete fields[unset];
  if (typeof record.dns !== 'object') return false;
  for (const name in fields) if (isDnsTold(name)) delete fields[name];
  return addDns(fields, part(record, 'dns'));
}

/** Of DHCP, in which all zeros stand for none. */
const dhcpAddresses = ['client.ip', 'dhcp.offered_ip', 'dhcp.requested_ip', 'dhcp.relay'];

function levelOf(type: string, fields: MutableFields): Level {
  if (type === 'alert') return severityLevel(number(fields['suricata.alert.severity']));
  return levels[type] ?? Levels.information;
}

const levels: Readonly<Record<string, Level>> = {drop: Levels.warning, anomaly: Levels.notice};

const words: Readonly<Record<string, (fields: MutableFields, answered: boolean) => string>> = {
  dns: dnsWords,
  tls: tlsWords,
  quic: tlsWords,
  http: httpWords,
  ssh: sshWords,
  dhcp: dhcpWords,
  fileinfo: fileWords,
  alert: fields => {
    const id = ['gid', 'signature_id', 'rev'].map(name => text(fields[`suricata.alert.${name}`])).join(':');
    const words = [text(fields['suricata.alert.signature']) || 'alert', `[${id}]`, endpointWords(fields)];
    const blocked = fields['suricata.alert.action'] === 'blocked' ? 'blocked' : '';
    return [...words, blocked].filter(word => word !== '').join(' ');
  },
};

const deepest = 8;

/** Of some thousand counters most are zero; those that are left out are zero. */
function withoutZeros(record: JsonRecord, depth: number): JsonRecord {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    if (value === 0) continue;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    kept[name] = isObject && depth < deepest ? withoutZeros(value as JsonRecord, depth + 1) : value;
  }
  return kept;
}
