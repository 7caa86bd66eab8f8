import type {FlowEvent, LogEvent} from '../../../../event/event.ts';
import {SensorLines} from '../sensor-lines.ts';
import {sensorEvent} from '../sensor-record.ts';

const origin = {agent: 'a', host: 'pc', source: 's', epoch: 'e'};
const time = 1_767_614_400_500_000;
const head = {
  ...{timestamp: '2026-01-05T13:00:00.500000+0100', flow_id: 1_234_567_890_123, in_iface: 'eth0', vlan: [7, 9]},
  ...{src_ip: '10.0.0.5', src_port: 50_000, dest_ip: '192.0.2.7', dest_port: 443, proto: 'TCP', community_id: '1:x='},
};

function read(record: object): FlowEvent | LogEvent | 'damaged' | undefined {
  const found = new SensorLines('/var/log/suricata/eve.json').read(JSON.stringify(record));
  if (found === undefined || found === 'header' || found === 'damaged') return found === 'header' ? undefined : found;
  const place = {position: 1, ingested: 5, newest: 7, origin: (dataset: string) => ({...origin, dataset})};
  const event = sensorEvent(found, place);
  return event.kind === 'metric' ? undefined : event;
}

const flow = {
  ...{pkts_toserver: 12, pkts_toclient: 14, bytes_toserver: 1100, bytes_toclient: 9700, age: 3, state: 'closed'},
  ...{
    start: '2026-01-05T11:59:57.000000+0000',
    end: '2026-01-05T11:59:59.250000+0000',
    reason: 'timeout',
    alerted: true,
  },
};
const tcp = {tcp_flags: '1b', tcp_flags_ts: '1b', tcp_flags_tc: '1b', syn: true, fin: true, state: 'closed'};

test('an event of type flow is a flow that lasted as long as it says', () => {
  expect(read({...head, event_type: 'flow', app_proto: 'tls', flow, tcp})).toMatchObject({
    kind: 'flow',
    origin: {dataset: 'flow'},
    time: time - 3_500_000,
    last: time - 1_250_000,
    ended: true,
    transport: 'tcp',
    service: 'https',
    sourceIp: '10.0.0.5',
    destinationPort: 443,
    interface: 'eth0',
    vlan: 7,
    packetsOut: 12,
    bytesOut: 1100,
    packetsIn: 14,
    bytesIn: 9700,
    state: 'SF',
    fields: {
      'observer.product': 'suricata',
      'network.community_id': '1:x=',
      'suricata.flow_id': 1_234_567_890_123,
      'suricata.flow.reason': 'timeout',
      'suricata.flow.alerted': true,
      'suricata.tcp.tcp_flags_ts': '1b',
    },
  });
});

test.each([
  ['02', '', 'S0'],
  ['02', '14', 'REJ'],
  ['1e', '1a', 'RSTO'],
  ['1a', '1e', 'RSTR'],
  ['1a', '1a', 'S1'],
  ['1b', '1a', 'S1'],
  ['1f', '1b', 'SF'],
  ['03', '', 'SH'],
  ['10', '12', 'OTH'],
])('flags %s and %s make the state %s', (out, back, state) => {
  const flags = {tcp_flags_ts: out, ...(back === '' ? {} : {tcp_flags_tc: back})};
  expect(read({...head, event_type: 'flow', flow, tcp: flags})).toMatchObject({state});
});

test('without flags Suricata’s own state tells, and without TCP whether there was an answer', () => {
  expect(read({...head, event_type: 'flow', flow: {...flow, state: 'established'}})).toMatchObject({state: 'S1'});
  const udp = {...head, proto: 'UDP', event_type: 'flow', app_proto: 'failed', dest_port: 53};
  expect(read({...udp, flow: {...flow, pkts_toclient: 0}})).toMatchObject({state: 'S0', service: 'dns'});
  expect(read({...udp, flow})).toMatchObject({state: 'SF'});
});

test('addresses of IPv6 are shortened, and ICMP over it is called so', () => {
  const long = '2001:0db8:0000:0000:0000:0000:0000:0001';
  expect(read({...head, src_ip: long, proto: 'IPv6-ICMP', event_type: 'flow', flow})).toMatchObject({
    sourceIp: '2001:db8::1',
    transport: 'ipv6-icmp',
  });
});

describe('DNS', () => {
  const dns = (part: object) => read({...head, event_type: 'dns', proto: 'UDP', dest_port: 53, dns: part});
  const asked = {rrname: 'www.example.org', rrtype: 'A', id: 7};
  const answers = [
    {rrname: 'www.example.org', rrtype: 'CNAME', ttl: 5, rdata: 'x.example.org'},
    {rrname: 'x.example.org', rrtype: 'A', ttl: 5, rdata: '192.0.2.1'},
  ];
  const answered = {
    message: 'A www.example.org → x.example.org, 192.0.2.1',
    fields: {
      'dns.question.name': 'www.example.org',
      'dns.question.type': 'A',
      'dns.response_code': 'NOERROR',
      'dns.answers': 'x.example.org, 192.0.2.1',
      'dns.resolved_ip': '192.0.2.1',
      'dns.id': 7,
      'dns.type': 'answer',
    },
  };

  test('a question is a row without a response', () => {
    const row = dns({version: 2, type: 'query', ...asked, tx_id: 0});
    expect(row).toMatchObject({
      origin: {dataset: 'dns'},
      provider: 'dns',
      time,
      message: 'A www.example.org',
      fields: {'dns.type': 'query', 'source.ip': '10.0.0.5', 'network.transport': 'udp', 'network.protocol': 'dns'},
    });
    expect(Object.keys((row as LogEvent).fields ?? {})).not.toContain('dns.response_code');
  });

  test('version 1 tells one answer an event', () => {
    const part = {type: 'answer', ...asked, rcode: 'NOERROR', ttl: 5, rdata: '192.0.2.1'};
    expect(dns(part)).toMatchObject({
      message: 'A www.example.org → 192.0.2.1',
      fields: {'dns.answers': '192.0.2.1', 'dns.resolved_ip': '192.0.2.1', 'suricata.dns.ttl': 5},
    });
  });

  test('version 2 tells all answers of an event, in one list or grouped by type', () => {
    const part = {version: 2, type: 'answer', ...asked, rcode: 'NOERROR'};
    expect(dns({...part, answers})).toMatchObject(answered);
    expect(dns({...part, grouped: {CNAME: ['x.example.org'], A: ['192.0.2.1']}})).toMatchObject(answered);
  });

  test('version 3 tells questions and answers together', () => {
    const part = {version: 3, type: 'response', id: 7, rcode: 'NOERROR', queries: [asked], answers};
    expect(dns(part)).toMatchObject(answered);
    expect(dns({version: 3, type: 'request', id: 7, queries: [{rrname: 'a.example', rrtype: 'TXT'}]})).toMatchObject({
      message: 'TXT a.example',
      fields: {'dns.type': 'query', 'dns.id': 7},
    });
  });

  test('a name that is not there says so, and addresses of answers are shortened', () => {
    expect(dns({type: 'answer', ...asked, rrtype: 'AAAA', rcode: 'NXDOMAIN'})).toMatchObject({
      message: 'AAAA www.example.org → NXDOMAIN',
    });
    const rdata = '2001:0db8:0000:0000:0000:0000:0000:0001';
    expect(dns({type: 'answer', ...asked, rcode: 'NOERROR', answers: [{rdata}]})).toMatchObject({
      fields: {'dns.resolved_ip': '2001:db8::1'},
    });
  });
});

test('TLS, HTTP, SSH, DHCP, QUIC and files have the names of this program’s own rows', () => {
  const tls = {
    sni: 'x.example',
    version: 'TLSv1',
    ja3: {hash: 'a3', string: '769'},
    ja4: 't13',
    notafter: '2026-02-01T00:00:00',
  };
  expect(read({...head, event_type: 'tls', tls})).toMatchObject({
    origin: {dataset: 'tls'},
    message: 'x.example, TLS 1.0',
    fields: {
      ...{'tls.client.server_name': 'x.example', 'tls.version': '1.0', 'tls.client.ja3': 'a3', 'tls.client.ja4': 't13'},
      ...{
        'tls.server.not_after': '2026-02-01T00:00:00',
        'suricata.tls.version': 'TLSv1',
        'suricata.tls.ja3.string': '769',
      },
      'network.vlan.id': 7,
    },
  });
  const http = {hostname: 'x.example', url: '/a?b', http_method: 'POST', protocol: 'HTTP/1.1', status: 200, length: 9};
  expect(read({...head, event_type: 'http', http})).toMatchObject({
    origin: {dataset: 'http'},
    message: 'POST x.example/a?b → 200',
    fields: {'url.path': '/a', 'url.query': 'b', 'http.version': '1.1', 'http.response.body.bytes': 9},
  });
  const ssh = {client: {proto_version: '2.0', software_version: 'OpenSSH_9.6'}, server: {software_version: 'x'}};
  expect(read({...head, event_type: 'ssh', ssh})).toMatchObject({message: 'OpenSSH_9.6 → x', provider: 'ssh'});
  const dhcp = {type: 'reply', dhcp_type: 'ack', client_mac: '00:11:22:33:44:55', assigned_ip: '10.0.0.9'};
  expect(read({...head, event_type: 'dhcp', dhcp})).toMatchObject({
    message: 'ack 10.0.0.9 for 00:11:22:33:44:55',
    fields: {'dhcp.type': 'ack', 'suricata.dhcp.type': 'reply'},
  });
  const quic = {version: '1', sni: 'q.example', ja4: 'q13', extensions: [{type: 1}]};
  expect(read({...head, event_type: 'quic', quic})).toMatchObject({
    origin: {dataset: 'suricata.quic'},
    fields: {
      'tls.client.server_name': 'q.example',
      'network.protocol': 'quic',
      'suricata.quic.extensions': '[{"type":1}]',
    },
  });
  const fileinfo = {filename: '/x.exe', size: 12, sha256: 'ab', state: 'CLOSED'};
  expect(read({...head, event_type: 'fileinfo', app_proto: 'http', fileinfo})).toMatchObject({
    origin: {dataset: 'suricata.fileinfo'},
    fields: {'file.name': '/x.exe', 'file.hash.sha256': 'ab', 'network.protocol': 'http'},
  });
});

test('an alert is a row by its severity, with what the application said', () => {
  const alert = {
    action: 'blocked',
    gid: 1,
    signature_id: 2_010_935,
    rev: 3,
    signature: 'ET SCAN x',
    category: 'c',
    severity: 1,
  };
  const dns = {query: [{type: 'query', id: 5, rrname: 'evil.example', rrtype: 'A'}]};
  expect(
    read({...head, event_type: 'alert', alert: {...alert, metadata: {mitre_technique_id: ['T1046']}}, dns}),
  ).toMatchObject({
    origin: {dataset: 'suricata.alert'},
    provider: 'suricata',
    level: 3,
    code: 2_010_935,
    message: 'ET SCAN x [1:2010935:3] 10.0.0.5:50000 → 192.0.2.7:443 blocked',
    fields: {
      'suricata.alert.signature': 'ET SCAN x',
      'suricata.alert.metadata.mitre_technique_id': 'T1046',
      'dns.question.name': 'evil.example',
    },
  });
});

test('any other type is a row with all its fields; of the counters of stats those that are not zero', () => {
  const netflow = {pkts: 5, bytes: 500, age: 1};
  expect(read({...head, event_type: 'netflow', netflow})).toMatchObject({
    origin: {dataset: 'suricata.netflow'},
    fields: {'source.packets': 5, 'source.bytes': 500, 'suricata.netflow.age': 1},
  });
  const {timestamp} = head;
  const stats = read({timestamp, event_type: 'stats', stats: {uptime: 8, decoder: {pkts: 3, invalid: 0}}});
  expect(stats).toMatchObject({origin: {dataset: 'suricata.stats'}, fields: {'suricata.stats.decoder.pkts': 3}});
  expect(Object.keys((stats as LogEvent).fields ?? {})).not.toContain('suricata.stats.decoder.invalid');
  const many = Object.fromEntries(Array.from({length: 600}, (_, at) => [`c${at}`, at + 1]));
  expect(read({timestamp, event_type: 'stats', stats: many})).toMatchObject({fields: {'log.flags': 'fields-left-out'}});
  expect(read({...head, event_type: 'drop', drop: {reason: 'rules'}})).toMatchObject({level: 4});
  expect(read({...head, event_type: '../x', flow_id: 1})).toMatchObject({origin: {dataset: 'suricata.unknown'}});
});

test('an application’s JSON with an event_type is not Suricata’s; an event without a readable time is damaged', () => {
  expect(read({timestamp: '2026-01-05T12:00:00Z', event_type: 'login', user: 'x'})).toBeUndefined();
  expect(read({...head, event_type: 'dns', timestamp: 'never'})).toBe('damaged');
});
