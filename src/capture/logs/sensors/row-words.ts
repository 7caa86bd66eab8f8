import {type Level, Levels} from '../../../event/level.ts';
import {text} from './network-words.ts';
import type {MutableFields} from './sensor-record.ts';

const longest = 240;

/** `A www.example.org → 192.0.2.1`, `AAAA x → NXDOMAIN`; without the arrow for a question that was only asked. */
export function dnsWords(fields: MutableFields, answered: boolean): string {
  const asked = joined([text(fields['dns.question.type']), text(fields['dns.question.name']) || '(no name)']);
  if (!answered) return asked;
  const code = text(fields['dns.response_code']);
  const answers = text(fields['dns.answers']);
  return cut(`${asked} → ${answers || (code === '' || code === 'NOERROR' ? 'no data' : code)}`);
}

export function tlsWords(fields: MutableFields): string {
  const name = text(fields['tls.client.server_name']) || text(fields['destination.ip']);
  const version = text(fields['tls.version']);
  const words = [name, version === '' || version.startsWith('SSL') ? version : `TLS ${version}`];
  const failed = fields['tls.established'] === false ? 'not established' : '';
  const more = [text(fields['tls.cipher']), text(fields['tls.next_protocol']), failed];
  return cut([...words, ...more].filter(word => word !== '').join(', '));
}

export function httpWords(fields: MutableFields): string {
  const url = text(fields['url.original']);
  const host = url.includes('://') ? '' : text(fields['http.request.host']);
  const status = text(fields['http.response.status_code']);
  return cut(joined([text(fields['http.request.method']), `${host}${url}`, status === '' ? '' : `→ ${status}`]));
}

export function sshWords(fields: MutableFields): string {
  const client = text(fields['ssh.client']) || '?';
  const outcome = text(fields['event.outcome']);
  return cut(joined([`${client} → ${text(fields['ssh.server']) || '?'}`, outcome && `login: ${outcome}`]));
}

export function dhcpWords(fields: MutableFields): string {
  const address = fields['dhcp.offered_ip'] ?? fields['dhcp.requested_ip'] ?? fields['client.ip'];
  const name = text(fields['dhcp.hostname']);
  const words = [text(fields['dhcp.type']).replaceAll(',', ', '), text(address), `for ${text(fields['client.mac'])}`];
  return cut(joined([...words, name === '' ? '' : `(${name})`]));
}

export function fileWords(fields: MutableFields): string {
  const size = text(fields['file.size']);
  const words = [text(fields['network.protocol']), text(fields['file.mime_type']), text(fields['file.name'])];
  const hash = fields['file.hash.sha256'] ?? fields['file.hash.sha1'] ?? fields['file.hash.md5'];
  return cut(joined(['file', ...words, size === '' ? '' : `${size} bytes`, text(hash)]));
}

/** `10.0.0.1:5 → 10.0.0.2:80`, or '' where there are no addresses. */
export function endpointWords(fields: MutableFields): string {
  const end = (side: 'source' | 'destination') => {
    const [ip, port] = [text(fields[`${side}.ip`]), text(fields[`${side}.port`])];
    return port === '' || port === '0' ? ip : `${ip.includes(':') ? `[${ip}]` : ip}:${port}`;
  };
  const [from, to] = [end('source'), end('destination')];
  return from === '' && to === '' ? '' : to === '' ? from : `${from} → ${to}`;
}

/** What a log of another kind says: its name, between whom, and its own first fields. */
export function otherWords(name: string, fields: MutableFields, prefix: string): string {
  const words = [name, endpointWords(fields)];
  let length = 0;
  for (const key in fields) {
    if (!key.startsWith(prefix) || hidden.test(key)) continue;
    const word = `${key.slice(prefix.length)}=${text(fields[key])}`;
    length += word.length + 1;
    if (length > longest / 2) break;
    words.push(word);
  }
  return cut(joined(words));
}

/** Ids that only join records to each other. */
const hidden = /\.(?:uid|uids|fuid|flow_id|pcap_cnt|tx_id|pkt_src|_path|_write_ts|_system_name)$/;

/** Suricata's priorities: 1 is the most serious. */
export function severityLevel(severity: number): Level {
  if (severity === 1) return Levels.error;
  return severity === 2 ? Levels.warning : Levels.notice;
}

function joined(words: readonly string[]): string {
  return words.filter(word => word !== '').join(' ');
}

function cut(words: string): string {
  return words.length > longest ? `${words.slice(0, longest)}…` : words;
}
