import {isIP} from 'node:net';
import type {Micros} from '../../../../event/event.ts';
import {type Level, Levels} from '../../../../event/level.ts';
import type {Entry} from '../../parse/entry.ts';
import {flatten, type JsonRecord, readTime} from '../../parse/json-line.ts';
import {plainAddress, serviceWord, text, tlsVersion, transportWord} from '../network-words.ts';
import {addAnswers, addRequestParts} from '../resource.ts';
import {
  dhcpWords,
  dnsWords,
  endpointWords,
  fileWords,
  httpWords,
  otherWords,
  sshWords,
  tlsWords,
} from '../row-words.ts';
import {joinedLists, type MutableFields, type SensorRecord} from '../sensor-record.ts';
import {zeekFlow} from './zeek-flow.ts';
import {type ZeekLog, zeekLog} from './zeek-names.ts';
import {zeekPathOfRecord} from './zeek-path.ts';

/** Whether an object is a record of Zeek's; `path`: the log that the file's name tells. */
export function isZeekRecord(record: JsonRecord, path: string | undefined): boolean {
  const {ts} = record;
  if (typeof ts !== 'number' && typeof ts !== 'string') return false;
  if (typeof record._path === 'string') return true;
  if (path !== undefined && zeekPathOfRecord(record) !== undefined) return true;
  if ('id.orig_h' in record) return true;
  if ('uid' in record || 'fuid' in record) return path !== undefined;
  return path !== undefined && typeof ts === 'number' && !isApplications(record, path);
}

/** Other programs write `files.log` and `mysql.log` too, and call the time `ts`: they say a level and a message. */
function isApplications(record: JsonRecord, path: string): boolean {
  const {level} = record;
  if (level !== undefined) return typeof level !== 'string' || !level.startsWith('Reporter::');
  return 'msg' in record && path !== 'notice';
}

/** What a record in JSON says. Undefined where its time cannot be read. */
export function readZeekJson(record: JsonRecord, path: string | undefined): SensorRecord | undefined {
  const log = zeekLog(zeekPathOfRecord(record) ?? path ?? 'unknown');
  const fields: MutableFields = {};
  const flat = flatten(record, joinedLists);
  for (const name in flat) {
    const value = flat[name];
    if (value === undefined) continue;
    const key = log.keys.of(name);
    fields[key in fields ? `zeek.${name}` : key] = value;
  }
  return zeekRecord(log, fields);
}

/** What a record says whose columns are named already. Undefined where its time cannot be read. */
export function zeekRecord(log: ZeekLog, fields: MutableFields): SensorRecord | undefined {
  const said = fields['zeek.ts'];
  const time = said === undefined || said === 0 ? undefined : readTime(said);
  if (said !== undefined && said !== 0 && time === undefined) return undefined;
  if (log.path === 'conn' && time !== undefined && fields['source.ip'] !== undefined) {
    return {kind: 'flow', flow: zeekFlow(fields, time)};
  }
  return {kind: 'row', dataset: log.dataset, entry: row(log, fields, time)};
}

function row(log: ZeekLog, fields: MutableFields, time: Micros | undefined): Entry {
  delete fields['zeek.ts'];
  delete fields['zeek._path'];
  fields['observer.product'] = 'zeek';
  if (log.dataset === log.provider) fields['network.protocol'] = log.dataset;
  const transport = text(fields['network.transport']);
  if (transport !== '') fields['network.transport'] = transportWord(transport, isIpv6(fields));
  const message = shapes[log.path]?.(fields) ?? otherWords(log.path, fields, 'zeek.');
  const user = fields['user.name'];
  if (user !== undefined) delete fields['user.name'];
  return {
    time,
    level: levels[log.path] ?? Levels.information,
    provider: log.provider,
    message,
    fields,
    ...(user === undefined ? undefined : {user: String(user)}),
  };
}

function isIpv6(fields: MutableFields): boolean {
  return text(fields['source.ip']).includes(':');
}

const levels: Readonly<Record<string, Level>> = {
  notice: Levels.warning,
  weird: Levels.notice,
  signatures: Levels.warning,
  intel: Levels.warning,
};

/** Bring a log's fields into the common form, and say in a line what they tell. */
const shapes: Readonly<Record<string, (fields: MutableFields) => string>> = {
  dns: fields => {
    const answers = text(fields['dns.answers']);
    const rtt = fields['zeek.rtt'];
    if (typeof rtt === 'number') fields['event.duration'] = Math.round(rtt * 1e9);
    if (answers !== '') addAnswers(fields, answers.split(','));
    const answered = answers !== '' || fields['dns.response_code'] !== undefined;
    // A line of Zeek's is a question together with its answer.
    return answered ? dnsWords(fields, true) : `${dnsWords(fields, false)}: no answer`;
  },
  ssl: fields => {
    const said = text(fields['tls.version']);
    if (said !== '') Object.assign(fields, {'tls.version': tlsVersion(said), 'zeek.version': said});
    const name = text(fields['tls.client.server_name']);
    if (name !== '') fields['destination.domain'] = name;
    return tlsWords(fields);
  },
  http: fields => {
    addRequestParts(fields);
    return httpWords(fields);
  },
  ssh: fields => {
    const success = fields['zeek.auth_success'];
    if (success !== undefined) fields['event.outcome'] = success === true ? 'success' : 'failure';
    for (const side of ['client', 'server']) {
      const banner = text(fields[`zeek.${side}`]);
      if (banner !== '') fields[`ssh.${side}`] = banner.replace(/^SSH-[\d.]+-/, '');
    }
    return sshWords(fields);
  },
  dhcp: fields => {
    const types = text(fields['dhcp.type']);
    if (types !== '') fields['dhcp.type'] = types.toLowerCase();
    const [client, server] = [fields['client.ip'], fields['dhcp.server']];
    if (client !== undefined) fields['source.ip'] = client;
    if (server !== undefined) fields['destination.ip'] = server;
    return dhcpWords(fields);
  },
  files: fields => {
    const seen = fields['zeek.seen_bytes'];
    if (seen !== undefined) fields['file.size'] ??= seen;
    const protocol = serviceWord(text(fields['zeek.source']));
    if (protocol !== '') fields['network.protocol'] = protocol;
    // Before Zeek 5.1: who sent and who took it, without ports.
    const [sender, taker] = [first(fields['zeek.tx_hosts']), first(fields['zeek.rx_hosts'])];
    if (sender !== '') fields['source.ip'] ??= sender;
    if (taker !== '') fields['destination.ip'] ??= taker;
    return fileWords(fields);
  },
  notice: fields => `${text(fields['zeek.note'])}: ${text(fields['zeek.msg'])}`,
  weird: fields =>
    ['weird', text(fields['zeek.name']), text(fields['zeek.addl']), endpointWords(fields)]
      .filter(word => word !== '')
      .join(' '),
};

function first(list: MutableFields[string] | undefined): string {
  const [one = ''] = text(list).split(',');
  return isIP(one) === 0 ? '' : plainAddress(one);
}
