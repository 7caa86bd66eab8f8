import {FieldKeys} from '../field-keys.ts';

/** A log of Zeek's: what its rows become, and which of its columns have a name in ECS. */
export interface ZeekLog {
  /** `conn`, `dns`, `ssl` …: what `#path` or `_path` says. */
  readonly path: string;
  /** `event.dataset` of its rows. */
  readonly dataset: string;
  readonly provider: string;
  /** ECS name by column. Columns without one are called `zeek.` and their name. */
  readonly names: ReadonlyMap<string, string>;
  readonly keys: FieldKeys;
}

const longestPath = 64;
const mostLogs = 500;
const logs = new Map<string, ZeekLog>();

/** What is known of a log of this name; one object a name. */
export function zeekLog(path: string): ZeekLog {
  const name = /^[\w-]+$/.test(path) && path.length <= longestPath ? path : 'unknown';
  const known = logs.get(name);
  if (known) return known;
  const protocol = protocols[name];
  const names = new Map(Object.entries({...everywhere, ...columns[name]}));
  const made: ZeekLog = {
    path: name,
    dataset: protocol ?? `zeek.${name}`,
    provider: protocol ?? 'zeek',
    names,
    keys: new FieldKeys('zeek.', names),
  };
  if (logs.size < mostLogs) logs.set(name, made);
  return made;
}

/** Whether Zeek itself, as it comes, has a log of this name. */
export function isZeekPath(name: string): boolean {
  return name in columns || others.has(name);
}

/** The log that rows of this dataset were made of, or undefined. */
export function zeekPathOf(dataset: string): string | undefined {
  if (dataset.startsWith('zeek.')) return dataset.slice(5);
  return Object.keys(protocols).find(path => protocols[path] === dataset);
}

/** Logs that become what this program's own sensor tells of the same protocol. */
const protocols: Readonly<Record<string, string>> = {dns: 'dns', ssl: 'tls', http: 'http', dhcp: 'dhcp', ssh: 'ssh'};

const everywhere = {
  'id.orig_h': 'source.ip',
  'id.orig_p': 'source.port',
  'id.resp_h': 'destination.ip',
  'id.resp_p': 'destination.port',
  proto: 'network.transport',
  community_id: 'network.community_id',
};

const hashes = {md5: 'file.hash.md5', sha1: 'file.hash.sha1', sha256: 'file.hash.sha256'};

const columns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  conn: {},
  dns: {
    query: 'dns.question.name',
    qtype_name: 'dns.question.type',
    rcode_name: 'dns.response_code',
    answers: 'dns.answers',
    trans_id: 'dns.id',
  },
  ssl: {
    server_name: 'tls.client.server_name',
    version: 'tls.version',
    cipher: 'tls.cipher',
    curve: 'tls.curve',
    next_protocol: 'tls.next_protocol',
    established: 'tls.established',
    resumed: 'tls.resumed',
    subject: 'tls.server.subject',
    issuer: 'tls.server.issuer',
    client_subject: 'tls.client.subject',
    client_issuer: 'tls.client.issuer',
    ja3: 'tls.client.ja3',
    ja3s: 'tls.server.ja3s',
    ja4: 'tls.client.ja4',
    ja4s: 'tls.server.ja4s',
  },
  http: {
    method: 'http.request.method',
    host: 'http.request.host',
    uri: 'url.original',
    referrer: 'http.request.referrer',
    version: 'http.version',
    user_agent: 'user_agent.original',
    request_body_len: 'http.request.body.bytes',
    response_body_len: 'http.response.body.bytes',
    status_code: 'http.response.status_code',
    orig_mime_types: 'http.request.mime_type',
    resp_mime_types: 'http.response.mime_type',
    username: 'user.name',
  },
  ssh: {hassh: 'ssh.client_hassh', hasshServer: 'ssh.server_hassh'},
  dhcp: {
    client_addr: 'client.ip',
    server_addr: 'dhcp.server',
    mac: 'client.mac',
    host_name: 'dhcp.hostname',
    requested_addr: 'dhcp.requested_ip',
    assigned_addr: 'dhcp.offered_ip',
    lease_time: 'dhcp.lease_seconds',
    msg_types: 'dhcp.type',
  },
  files: {...hashes, filename: 'file.name', mime_type: 'file.mime_type', total_bytes: 'file.size'},
  pe: {},
  notice: {src: 'source.ip', dst: 'destination.ip', p: 'destination.port', file_mime_type: 'file.mime_type'},
  quic: {server_name: 'tls.client.server_name', client_protocol: 'tls.next_protocol'},
  ntlm: {username: 'user.name'},
  ftp: {user: 'user.name'},
  radius: {username: 'user.name'},
  socks: {user: 'user.name'},
};

const others = new Set(
  (
    'analyzer broker capture_loss cluster conn_long dce_rpc dnp3 dpd intel irc kerberos known_certs known_hosts ' +
    'known_services ldap ldap_search loaded_scripts modbus mqtt_connect mqtt_publish mqtt_subscribe mysql netcontrol ' +
    'notice_alarm ntp ocsp openflow packet_filter postgresql rdp redis reporter rfb signatures sip smb_cmd smb_files ' +
    'smb_mapping smtp snmp software stats syslog telemetry traceroute tunnel weird weird_stats websocket x509'
  ).split(' '),
);
