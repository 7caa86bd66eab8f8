import {flatten, type JsonRecord} from '../../parse/json-line.ts';
import {FieldKeys} from '../field-keys.ts';
import {number, plainAddress, serviceWord, text, transportWord} from '../network-words.ts';
import {joinedLists, type MutableFields} from '../sensor-record.ts';
import {eveNames} from './eve-names.ts';

/** More fields than this are not kept of a record: what flatten keeps. */
const mostFields = 512;

/** What a record says under this program's names. Its time and type are told apart from it. */
export function eveFields(record: JsonRecord): MutableFields {
  const fields: MutableFields = {'observer.product': 'suricata'};
  const flat = flatten(record, joinedLists);
  let count = 0;
  for (const name in flat) {
    const value = flat[name];
    count++;
    if (value === undefined || told.has(name)) continue;
    const key = keys.of(name);
    fields[key in fields ? `suricata.${name}` : key] = value;
  }
  if (count >= mostFields) fields['log.flags'] = 'fields-left-out';
  normalise(fields);
  return fields;
}

const keys = new FieldKeys('suricata.', eveNames);
const told = new Set(['timestamp', 'event_type', 'app_proto', 'vlan']);

function normalise(fields: MutableFields): void {
  for (const key of ['source.ip', 'destination.ip']) {
    const value = fields[key];
    if (value !== undefined) fields[key] = plainAddress(text(value));
  }
  const transport = text(fields['network.transport']);
  if (transport !== '') {
    fields['network.transport'] = transportWord(transport, text(fields['source.ip']).includes(':'));
  }
}

/** The protocol by content, `''` where Suricata found none. */
export function eveService(record: JsonRecord): string {
  return typeof record.app_proto === 'string' ? serviceWord(record.app_proto) : '';
}

/** The tag nearest to the wire; 0 where untagged. */
export function eveVlan(record: JsonRecord): number {
  const vlan: unknown = Array.isArray(record.vlan) ? record.vlan[0] : record.vlan;
  return typeof vlan === 'number' ? number(vlan) : 0;
}

/** An object within a record, or an empty one. */
export function part(record: JsonRecord, name: string): JsonRecord {
  const value = record[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {};
}
