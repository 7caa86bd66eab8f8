import {parseObject} from '../../../capture/logs/parse/json-line.ts';
import {SensorLines} from '../../../capture/logs/sensors/sensor-lines.ts';
import {sensorEvent} from '../../../capture/logs/sensors/sensor-record.ts';
import type {Event} from '../../../event/event.ts';
import {logEntry} from '../../rules/log-entry.test-helper.ts';
import {SigmaDetector} from '../detector.ts';
import {setOf} from '../rules.fixture.ts';

/** How often a rule of this logsource with these selections, one a line, is hit by a sensor's record. */
function hits(logsource: string, selection: string, event: Event): number {
  const lines = selection.split('\n').map(line => `    ${line}\n`);
  const text = `title: T\nlogsource: {${logsource}}\ndetection:\n  s:\n${lines.join('')}  condition: s\n`;
  const detector = new SigmaDetector(setOf(text));
  return [...detector.onEvents([event]), ...detector.finish()].length;
}

function event(record: object): Event {
  const sensed = new SensorLines('/x/log.json').readObject(parseObject(JSON.stringify(record)) ?? {});
  if (sensed === undefined || sensed === 'damaged') throw new Error('expected a record of a sensor');
  const origin = (dataset: string) => ({...logEntry(0).origin, dataset});
  return sensorEvent(sensed, {position: 1, ingested: 1, newest: 1, origin});
}

const ends = {
  ts: 1_767_614_400,
  uid: 'C1',
  'id.orig_h': '10.0.0.5',
  'id.orig_p': 5,
  'id.resp_h': '192.0.2.7',
  'id.resp_p': 53,
};

describe('rules written for Zeek find its own names', () => {
  const dns = event({
    ...{...ends, _path: 'dns', proto: 'udp', query: 'evil.example', qtype_name: 'TXT', rcode_name: 'NOERROR', Z: 1},
    answers: ['192.0.2.1', 'a.example'],
  });

  test('in dns.log', () => {
    expect(hits('product: zeek, service: dns', 'query: evil.example\nid.orig_h: 10.0.0.5\nid.resp_p: 53', dns)).toBe(1);
    expect(hits('product: zeek, service: dns', 'answers: 192.0.2.1\nqtype_name: TXT\nZ: 1', dns)).toBe(1);
    expect(hits('product: zeek, service: http', 'query: evil.example', dns)).toBe(0);
  });

  test('and the common names of a look-up', () => {
    expect(hits('category: dns', 'query|endswith: example\nrecord_type: TXT\nanswer: a.example', dns)).toBe(1);
    expect(hits('category: network', 'src_ip: 10.0.0.5\ndst_port: 53', dns)).toBe(1);
    expect(hits('category: dns', 'dns.question.name: evil.example', dns)).toBe(1);
  });

  test('in http.log, and those of a proxy', () => {
    const http = event({
      ...{...ends, _path: 'http', method: 'GET', host: 'evil.example', uri: '/a.exe?b', user_agent: 'x'},
      ...{status_code: 200, resp_mime_types: ['application/x-dosexec'], client_header_names: ['AUTHORIZATION']},
    });
    const own =
      "host|endswith: example\nuri|contains: '.exe'\nstatus_code: 200\nresp_mime_types: 'application/x-dosexec'";
    expect(hits('product: zeek, service: http', own, http)).toBe(1);
    expect(
      hits('product: zeek, service: http', "client_header_names|contains: AUTHORIZATION\nuser_agent: 'x'", http),
    ).toBe(1);
    expect(hits('category: proxy', "c-uri|contains: 'evil.example/a'\ncs-method: GET\nc-useragent: 'x'", http)).toBe(1);
  });

  test('in logs that keep their columns', () => {
    const smb = event({...ends, _path: 'smb_files', path: '\\\\x\\IPC$', name: 'samr', action: 'SMB::FILE_OPEN'});
    expect(hits('product: zeek, service: smb_files', "name: samr\npath|endswith: 'IPC$'", smb)).toBe(1);
    const rpc = event({...ends, _path: 'dce_rpc', endpoint: 'svcctl', operation: 'CreateServiceA'});
    expect(hits('product: zeek, service: dce_rpc', 'endpoint: svcctl\noperation: CreateServiceA', rpc)).toBe(1);
    const x509 = event({ts: 1_767_614_400, _path: 'x509', id: 'F1', 'certificate.serial': '8BB00EE'});
    expect(hits('product: zeek, service: x509', 'certificate.serial: 8BB00EE', x509)).toBe(1);
    const ticket = event({...ends, _path: 'kerberos', request_type: 'TGS', cipher: 'rc4-hmac', service: 'HTTP/x'});
    expect(
      hits(
        'product: zeek, service: kerberos',
        "request_type: TGS\ncipher: rc4-hmac\nservice|startswith: 'HTTP'",
        ticket,
      ),
    ).toBe(1);
    const tls = event({...ends, _path: 'ssl', version: 'TLSv12', server_name: 'x.example'});
    expect(hits('product: zeek, service: ssl', 'version: TLSv12\nserver_name: x.example', tls)).toBe(1);
  });

  test('in conn.log, whose lines are conversations too, each hit once', () => {
    const conn = event({
      ...ends,
      _path: 'conn',
      proto: 'tcp',
      service: 'ssl',
      conn_state: 'S2',
      orig_bytes: 5,
      orig_pkts: 2,
    });
    const own = 'id.orig_h: 10.0.0.5\nconn_state: S2\nservice: ssl\norig_bytes: 5\norig_pkts: 2\nproto: tcp';
    expect(hits('product: zeek, service: conn', own, conn)).toBe(1);
    expect(hits('category: firewall', 'dst_port: 53\nsrc_ip: 10.0.0.5', conn)).toBe(1);
  });
});

describe('rules written for Suricata find its own names', () => {
  const head = {
    ...{timestamp: '2026-01-05T12:00:00.000000+0000', flow_id: 1, src_ip: '10.0.0.5', src_port: 5},
    ...{dest_ip: '192.0.2.7', dest_port: 53, proto: 'UDP'},
  };

  test('in its alerts', () => {
    const alert = event({
      ...{...head, event_type: 'alert', app_proto: 'dns'},
      alert: {action: 'allowed', signature_id: 7, signature: 'ET x', severity: 1},
    });
    const own = "event_type: alert\nalert.severity: 1\nalert.signature|contains: ET\nsrc_ip|cidr: '10.0.0.0/8'";
    expect(hits('product: suricata, service: alert', own, alert)).toBe(1);
    expect(hits('product: suricata, service: alert', 'dest_port: 53\napp_proto: dns\nblocked: false', alert)).toBe(1);
  });

  test('in look-ups, requests and conversations', () => {
    const dns = event({...head, event_type: 'dns', dns: {type: 'query', rrname: 'evil.example', rrtype: 'A'}});
    expect(hits('category: dns', 'query: evil.example\nrecord_type: A\ndst_port: 53', dns)).toBe(1);
    expect(hits('product: suricata, service: dns', 'dns.rrname: evil.example', dns)).toBe(1);
    const http = {hostname: 'evil.example', url: '/x', http_method: 'POST', status: 200};
    const request = event({...head, event_type: 'http', http});
    expect(hits('category: proxy', 'cs-host: evil.example\ncs-method: POST', request)).toBe(1);
    expect(hits('product: suricata, service: http', 'http.hostname: evil.example\nhttp.status: 200', request)).toBe(1);
    const flow = event({...head, event_type: 'flow', flow: {pkts_toserver: 3, state: 'new'}});
    expect(
      hits('product: suricata, service: flow', 'flow.pkts_toserver: 3\nflow.state: new\nevent_type: flow', flow),
    ).toBe(1);
  });
});

test('rows of this program’s own sensor answer to the common names', () => {
  const row = (dataset: string, fields: Record<string, string | number>) =>
    logEntry(1, {origin: {...logEntry(0).origin, dataset}, provider: dataset, fields});
  const dns = row('dns', {'dns.question.name': 'evil.example', 'dns.answers': 'x.example, 192.0.2.1'});
  expect(hits('category: dns', 'query: evil.example\nanswer: 192.0.2.1', dns)).toBe(1);
  const http = row('http', {
    ...{'http.request.method': 'GET', 'http.request.host': 'evil.example', 'url.original': '/a', 'url.path': '/a'},
    'http.response.status_code': 200,
  });
  expect(hits('category: webserver', 'cs-host: evil.example\nc-uri: http://evil.example/a', http)).toBe(1);
});
