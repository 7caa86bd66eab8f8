import type {FlowEvent, LogEvent} from '../../../../event/event.ts';
import {SensorLines} from '../sensor-lines.ts';
import {sensorEvent} from '../sensor-record.ts';
import {unescapeText} from './tsv-values.ts';
import {zeekPathOfFile} from './zeek-path.ts';

const origin = {agent: 'a', host: 'pc', source: 's', epoch: 'e'};

type Read = FlowEvent | LogEvent | 'damaged';

/** The events of a file's lines; `damaged` ones as that word. */
function read(name: string, lines: readonly string[]): Read[] {
  const sensor = new SensorLines(`/var/log/${name}`);
  return lines.flatMap((line, position): Read[] => {
    const found = sensor.read(line);
    if (found === undefined || found === 'header') return [];
    if (found === 'damaged') return [found];
    const place = {position, ingested: 5, newest: 7, origin: (dataset: string) => ({...origin, dataset})};
    const event = sensorEvent(found, place);
    return event.kind === 'metric' ? [] : [event];
  });
}

function header(path: string, columns: Readonly<Record<string, string>>): string[] {
  return [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${path}`,
    '#open\t2026-01-05-12-00-00',
    `#fields\t${Object.keys(columns).join('\t')}`,
    `#types\t${Object.values(columns).join('\t')}`,
  ];
}

const ends = {
  ts: 'time',
  uid: 'string',
  'id.orig_h': 'addr',
  'id.orig_p': 'port',
  'id.resp_h': 'addr',
  'id.resp_p': 'port',
};
const conn = {
  ...{...ends, proto: 'enum', service: 'string', duration: 'interval', orig_bytes: 'count', resp_bytes: 'count'},
  ...{conn_state: 'string', local_orig: 'bool', missed_bytes: 'count', history: 'string', orig_pkts: 'count'},
  ...{orig_ip_bytes: 'count', resp_pkts: 'count', resp_ip_bytes: 'count', tunnel_parents: 'set[string]'},
};
const connLine =
  '1767614400.123456\tCabc\t10.0.0.5\t50000\t192.0.2.7\t443\ttcp\tssl\t1.5\t500\t9000\tSF\tT\t0\tShADadFf\t12\t1100\t14\t9700\t-';
const ends4 = ['1767614400.5', 'Cabc', '10.0.0.5', '50000', '192.0.2.7', '53'];

test('a line of conn.log is a flow with what both sides sent', () => {
  const [flow] = read('conn.log', [...header('conn', conn), connLine]);
  expect(flow).toMatchObject({
    kind: 'flow',
    origin: {dataset: 'flow'},
    time: 1_767_614_400_123_456,
    last: 1_767_614_401_623_456,
    ended: true,
    transport: 'tcp',
    service: 'https',
    sourceIp: '10.0.0.5',
    sourcePort: 50_000,
    destinationIp: '192.0.2.7',
    destinationPort: 443,
    packetsOut: 12,
    bytesOut: 1100,
    packetsIn: 14,
    bytesIn: 9700,
    state: 'SF',
    history: 'ShADadFf',
    fields: {'observer.product': 'zeek', 'zeek.uid': 'Cabc', 'zeek.orig_bytes': 500, 'zeek.local_orig': true},
  });
});

test.each([
  ['S2', 'tcp', 'S1', 'S2'],
  ['RSTOS0', 'tcp', 'RSTO', 'RSTOS0'],
  ['REJ', 'tcp', 'REJ', undefined],
  ['OTH', 'icmp', 'SF', 'OTH'],
])('the state %s of %s is %s here, and stays beside where the word is another', (native, proto, state, kept) => {
  const line = connLine.replace('\tSF\t', `\t${native}\t`).replace('\ttcp\t', `\t${proto}\t`);
  expect(read('conn.log', [...header('conn', conn), line])).toMatchObject([{state, transport: proto}]);
  const [flow] = read('conn.log', [...header('conn', conn), line]);
  expect(flow !== 'damaged' && flow?.fields?.['zeek.conn_state']).toBe(kept);
});

test('ICMP over IPv6 and protocols without ports have the sensor’s words, also where only the number is told', () => {
  const columns = {...conn, ip_proto: 'count'};
  const icmp = connLine.replace('10.0.0.5', 'fe80::1').replace('192.0.2.7', 'fe80::2').replace('\ttcp\t', '\ticmp\t');
  const gre = connLine.replace('\ttcp\t', '\tunknown_transport\t');
  expect(read('conn.log', [...header('conn', columns), `${icmp}\t58`, `${gre}\t47`])).toMatchObject([
    {transport: 'ipv6-icmp', sourceIp: 'fe80::1', sourcePort: 0, fields: {'icmp.type': 50_000, 'icmp.code': 443}},
    {transport: '47'},
  ]);
});

test('of several services the one that carries the others counts, and all are kept', () => {
  const line = connLine.replace('\tssl\t', '\tgssapi,ntlm,smb\t').replace('\t443\t', '\t445\t');
  expect(read('conn.log', [...header('conn', conn), line])).toMatchObject([
    {service: 'smb', fields: {'zeek.service': 'gssapi,ntlm,smb'}},
  ]);
});

test('dns.log becomes rows of dns: answers as text, addresses apart, what has no ECS name under zeek', () => {
  const columns = {
    ...{...ends, proto: 'enum', trans_id: 'count', query: 'string', qclass: 'count', qtype_name: 'string'},
    ...{rcode_name: 'string', AA: 'bool', answers: 'vector[string]', TTLs: 'vector[interval]', rejected: 'bool'},
  };
  const lines = [
    [...ends4, 'udp', '7', 'www.example.org', '1', 'A', 'NOERROR', 'F', 'x.example.org,192.0.2.1', '60.0,5.0', 'F'],
    [...ends4, 'udp', '8', 'nope.example', '1', 'AAAA', 'NXDOMAIN', 'F', '-', '-', 'F'],
    [...ends4, 'udp', '9', 'asked.example', '1', 'TXT', '-', 'F', '-', '-', 'F'],
  ];
  expect(read('x.log', [...header('dns', columns), ...lines.map(line => line.join('\t'))])).toMatchObject([
    {
      origin: {dataset: 'dns'},
      provider: 'dns',
      level: 6,
      message: 'A www.example.org → x.example.org, 192.0.2.1',
      fields: {
        'dns.question.name': 'www.example.org',
        'dns.question.type': 'A',
        'dns.response_code': 'NOERROR',
        'dns.answers': 'x.example.org, 192.0.2.1',
        'dns.resolved_ip': '192.0.2.1',
        'dns.id': 7,
        'source.ip': '10.0.0.5',
        'destination.port': 53,
        'network.transport': 'udp',
        'network.protocol': 'dns',
        'zeek.TTLs': '60.0,5.0',
        'zeek.rejected': false,
      },
    },
    {message: 'AAAA nope.example → NXDOMAIN'},
    {message: 'TXT asked.example: no answer'},
  ]);
});

test('JSON with dotted or nested names, times as numbers or text, becomes what TSV does', () => {
  const dns = {uid: 'C1', 'id.orig_h': '10.0.0.5', 'id.resp_h': '192.0.2.53', query: 'a.example', qtype_name: 'A'};
  const nested = {ts: '2026-01-05T12:00:00.5Z', _path: 'dns', id: {orig_h: '10.0.0.5'}, answers: ['192.0.2.1', 'b']};
  expect(
    read('dns.2026-01-05.log', [JSON.stringify({ts: 1_767_614_400.5, ...dns}), JSON.stringify(nested)]),
  ).toMatchObject([
    {time: 1_767_614_400_500_000, origin: {dataset: 'dns'}, message: 'A a.example: no answer'},
    {
      time: 1_767_614_400_500_000,
      fields: {'source.ip': '10.0.0.5', 'dns.answers': '192.0.2.1, b', 'dns.resolved_ip': '192.0.2.1'},
    },
  ]);
});

test('TLS, HTTP, SSH, DHCP and files have the names of this program’s own rows', () => {
  const record = (fields: object) =>
    JSON.stringify({ts: 1_767_614_400, uid: 'C1', 'id.orig_h': '10.0.0.5', 'id.resp_h': '192.0.2.7', ...fields});
  const lines = [
    record({
      _path: 'ssl',
      version: 'TLSv13',
      cipher: 'TLS_AES_128_GCM_SHA256',
      server_name: 'x.example',
      established: true,
    }),
    record({_path: 'http', method: 'GET', host: 'x.example', uri: '/a?b=c', status_code: 404, user_agent: 'curl'}),
    record({_path: 'ssh', client: 'SSH-2.0-OpenSSH_9.6', server: 'SSH-2.0-OpenSSH_8.0', auth_success: false}),
    record({_path: 'dhcp', mac: '00:11:22:33:44:55', assigned_addr: '10.0.0.9', msg_types: ['DISCOVER', 'OFFER']}),
    record({
      _path: 'files',
      fuid: 'F1',
      source: 'HTTP',
      mime_type: 'text/html',
      seen_bytes: 12,
      sha1: 'ab',
      tx_hosts: [],
    }),
  ];
  expect(read('current.json', lines)).toMatchObject([
    {
      origin: {dataset: 'tls'},
      provider: 'tls',
      message: 'x.example, TLS 1.3, TLS_AES_128_GCM_SHA256',
      fields: {'tls.version': '1.3', 'tls.client.server_name': 'x.example', 'tls.established': true},
    },
    {
      origin: {dataset: 'http'},
      message: 'GET x.example/a?b=c → 404',
      fields: {
        'url.path': '/a',
        'url.query': 'b=c',
        'http.request.host': 'x.example',
        'destination.domain': 'x.example',
      },
    },
    {
      origin: {dataset: 'ssh'},
      message: 'OpenSSH_9.6 → OpenSSH_8.0 login: failure',
      fields: {'event.outcome': 'failure', 'zeek.client': 'SSH-2.0-OpenSSH_9.6'},
    },
    {
      origin: {dataset: 'dhcp'},
      message: 'discover, offer 10.0.0.9 for 00:11:22:33:44:55',
      fields: {'dhcp.offered_ip': '10.0.0.9', 'client.mac': '00:11:22:33:44:55'},
    },
    {
      origin: {dataset: 'zeek.files'},
      provider: 'zeek',
      fields: {'file.hash.sha1': 'ab', 'file.size': 12, 'network.protocol': 'http'},
    },
  ]);
});

test('any other log is a row with all its fields, of its own dataset', () => {
  const columns = {...ends, name: 'string', addl: 'string', notice: 'bool', peer: 'string'};
  const line = [...ends4, 'bad_TCP_checksum', '-', 'F', 'zeek'].join('\t');
  expect(read('weird.log', [...header('weird', columns), line])).toMatchObject([
    {
      origin: {dataset: 'zeek.weird'},
      provider: 'zeek',
      level: 5,
      message: 'weird bad_TCP_checksum 10.0.0.5:50000 → 192.0.2.7:53',
      fields: {'zeek.name': 'bad_TCP_checksum', 'zeek.notice': false, 'zeek.peer': 'zeek', 'zeek.uid': 'Cabc'},
    },
  ]);
});

test('separators, unset and empty fields are those that the file names; escaped bytes are what they stand for', () => {
  const lines = [
    '#separator \\x7c',
    '#set_separator|;',
    '#empty_field|EMPTY',
    '#unset_field|NONE',
    '#path|odd',
    '#fields|ts|a|b|c|d',
    '#types|time|string|string|set[string]|string',
    '1767614400.0|x\\x7cy|NONE|p;q\\x3br|EMPTY',
    '1767614400.0|\\xc3\\xa9\\x1b|-|NONE|\\\\x09',
  ];
  const [one, two] = read('odd.log', lines);
  expect(one).toMatchObject({fields: {'zeek.a': 'x|y', 'zeek.c': 'p,q;r'}});
  expect(Object.keys((one as LogEvent).fields ?? {})).not.toContain('zeek.b');
  expect(Object.keys((one as LogEvent).fields ?? {})).not.toContain('zeek.d');
  expect(two).toMatchObject({fields: {'zeek.a': 'é␛', 'zeek.b': '-', 'zeek.d': '\\x09'}});
});

test('escapes that are no UTF-8 are one character each', () => {
  expect(unescapeText('\\xff\\xfe')).toBe('ÿþ');
  expect(unescapeText('\\x4')).toBe('\\x4');
});

test('a header in the middle of a file holds from there on', () => {
  const dns = {...ends, query: 'string'};
  const lines = [
    ...header('dns', dns),
    [...ends4, 'a'].join('\t'),
    '#close\t2026-01-05',
    ...header('conn', conn),
    connLine,
  ];
  expect(read('mixed.log', lines).map(event => event !== 'damaged' && event.origin.dataset)).toEqual(['dns', 'flow']);
});

test('a line with another number of columns, or without a time, is damaged and costs no other', () => {
  const lines = [connLine.slice(0, 60), connLine.replace('1767614400.123456', 'never'), connLine];
  expect(read('conn.log', [...header('conn', conn), ...lines]).map(event => event === 'damaged')).toEqual([
    true,
    true,
    false,
  ]);
});

test.each([
  ['conn.log', 'conn'],
  ['/x/conn.2024-01-01-00.log.gz', 'conn'],
  ['conn_20240101.log', 'conn'],
  ['http.00:00:00-01:00:00.log', 'http'],
  ['json_streaming_ssl.1.log', 'ssl'],
  ['x509-24-01-01_00.00.00.log', 'x509'],
  ['connections.log', undefined],
  ['app.log', undefined],
])('the name %s tells %s', (name, path) => {
  expect(zeekPathOfFile(name)).toBe(path);
});

test('an application’s JSON is not Zeek’s for its file’s name or its ts alone', () => {
  const line = '{"level":"info","ts":1767614400.5,"msg":"ready"}';
  expect(read('mysql.log', [line])).toEqual([]);
  expect(read('app.log', ['{"ts":1767614400.5,"uid":"u"}'])).toEqual([]);
});
