import {ethernet, ipv4, tcp, udp} from '../../../../bench/packet-builder.ts';
import {certificate} from '../decode/application/der.fixture.ts';
import {Decoded} from '../decode/decoded.ts';
import {decodePacket} from '../decode/packet.ts';
import {keptFlow} from '../flow-record.ts';
import {FlowTable} from '../flows.ts';
import type {SensorRow} from '../messages.ts';
import {rowEvent} from '../row-event.ts';
import {Conversations} from './conversations.ts';

const origin = {agent: 'a', host: 'h', source: 's', epoch: 'e', dataset: 'dns'};
const client = '192.168.1.10';
const server = '192.0.2.7';
const second = 1_000_000;

function setUp(kept?: number) {
  const rows: SensorRow[] = [];
  const flows: {service: string; fields: object; ended: boolean}[] = [];
  // As the log has them.
  const take = (row: SensorRow) => void rows.push({...row, fields: rowEvent(row, origin, 0).fields ?? {}});
  const talks = new Conversations(100, take, kept);
  const table = new FlowTable(100, 7, {
    room: () => true,
    flow: record => flows.push(keptFlow(record)),
    unanswered: () => undefined,
    about: slot => talks.about(slot),
    forget: slot => talks.forget(slot),
  });
  const send = (out: boolean, protocol: number, segment: Uint8Array, time = 0, cut = 0) => {
    const [from, to] = out ? [client, server] : [server, client];
    const bytes = ethernet(0x0800, ipv4({from, to, protocol}, segment));
    const d = new Decoded();
    const end = bytes.length - cut;
    const {length: wire} = bytes;
    const raw = {bytes, start: 0, end, wire, time, outgoing: false, vlan: -1, link: 'ethernet', etherType: 0} as const;
    decodePacket(d, raw);
    const slot = table.add(d, 0);
    return talks.add(d, slot, table.lastSide);
  };
  return {rows, flows, talks, table, send};
}

const u16 = (...values: readonly number[]) => Buffer.from(values.flatMap(value => [value >> 8, value & 255]));

function clientHello(name: string, padding: number): Buffer {
  const host = Buffer.from(name);
  const extensions = Buffer.concat([
    u16(0, host.length + 5, host.length + 3),
    Buffer.from([0]),
    u16(host.length),
    host,
    u16(0x15, padding),
    Buffer.alloc(padding),
  ]);
  return message(1, Buffer.concat([u16(4, 0x1301, 0xc02f), Buffer.from([1, 0]), u16(extensions.length), extensions]));
}

/** With TLS 1.2, for what follows in the clear. */
function oldServerHello(): Buffer {
  return message(2, Buffer.concat([u16(0xc02f), Buffer.from([0])]));
}

/** A handshake message of a certificate and another one behind it, in one record or in records of `most` bytes. */
function certificates(leaf: Uint8Array, most = 16_384): Buffer {
  const u24 = (value: number) => Buffer.from([value >> 16, (value >> 8) & 255, value & 255]);
  const one = (bytes: Uint8Array) => Buffer.concat([u24(bytes.length), bytes]);
  const list = Buffer.concat([one(leaf), one(Buffer.alloc(1_500, 3))]);
  const whole = Buffer.concat([Buffer.from([11]), one(one(list).subarray(0, 3 + list.length))]);
  const records: Buffer[] = [];
  for (let at = 0; at < whole.length; at += most) {
    const part = whole.subarray(at, at + most);
    records.push(Buffer.concat([Buffer.from([22, 3, 3]), u16(part.length), part]));
  }
  return Buffer.concat(records);
}

function serverHello(): Buffer {
  return message(2, Buffer.concat([u16(0x1301), Buffer.from([0]), u16(6, 0x2b, 2, 0x0304)]));
}

function message(type: number, rest: Uint8Array): Buffer {
  const body = Buffer.concat([u16(0x0303), Buffer.alloc(32, 7), Buffer.from([0]), rest]);
  const hello = Buffer.concat([Buffer.from([type, 0]), u16(body.length), body]);
  return Buffer.concat([Buffer.from([22, 3, 1]), u16(hello.length), hello]);
}

function dns(id: number, name: string, answer?: string): Buffer {
  const labels = name.split('.').map(label => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  const question = Buffer.concat([...labels, Buffer.from([0, 0, 1, 0, 1])]);
  const head = u16(id, answer === undefined ? 0x0100 : 0x8180, 1, answer === undefined ? 0 : 1, 0, 0);
  const address = Buffer.from((answer ?? '').split('.').map(Number));
  const record = answer === undefined ? Buffer.alloc(0) : Buffer.concat([u16(0xc00c, 1, 1, 0, 60, 4), address]);
  return Buffer.concat([head, question, record]);
}

const out = (sequence: number, payload: Uint8Array) => tcp({from: 50_000, to: 443, flags: 0x18, sequence}, payload);
const back = (sequence: number, payload: Uint8Array) => tcp({from: 443, to: 50_000, flags: 0x18, sequence}, payload);

test('a hello that comes in three segments is joined, and the handshake is one row', () => {
  const {rows, flows, table, send} = setUp();
  const hello = clientHello('www.example.org', 1_800);
  expect(send(true, 6, out(1, hello.subarray(0, 1_000)))).toBeUndefined();
  expect(send(true, 6, out(1_001, hello.subarray(1_000, 1_500)))).toBeUndefined();
  expect(send(true, 6, out(1_501, hello.subarray(1_500)))).toMatchObject({
    serverName: 'www.example.org',
    complete: true,
  });
  send(false, 6, back(1, serverHello()));
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    number: 1,
    dataset: 'tls',
    message: 'www.example.org, TLS 1.3, TLS_AES_128_GCM_SHA256',
    fields: {
      'source.ip': client,
      'destination.port': 443,
      'tls.client.server_name': 'www.example.org',
      'tls.established': true,
      'tls.client.ja3': expect.stringMatching(/^[0-9a-f]{32}$/),
      'tls.client.ja4': expect.stringMatching(/^t12d0202/),
      'network.community_id': expect.stringMatching(/^1:/),
    },
  });
  table.finish();
  expect(flows.at(-1)).toMatchObject({service: 'tls', fields: {'destination.domain': 'www.example.org'}});
  expect(rows).toHaveLength(1);
});

test('a hello whose rest was lost is told as far as it came, without fingerprint, and once', () => {
  const {rows, table, send} = setUp();
  const hello = clientHello('www.example.org', 1_800);
  send(true, 6, out(1, hello.subarray(0, 1_000)));
  send(true, 6, out(1_501, hello.subarray(1_500)));
  send(false, 6, back(1, serverHello()));
  table.finish();
  expect(rows).toHaveLength(1);
  expect(rows[0]?.fields).toMatchObject({'tls.client.server_name': 'www.example.org', 'tls.established': true});
  expect(rows[0]?.fields).not.toHaveProperty(['tls.client.ja3']);
});

test('a question and its answer are one row with how long it took; one without an answer is told at the end', () => {
  const {rows, flows, table, send} = setUp();
  const query = (id: number, name: string) => udp(40_000, 53, dns(id, name));
  send(true, 17, query(1, 'a.example.org'), second);
  send(true, 17, query(1, 'a.example.org'), 2 * second);
  send(true, 17, query(2, 'b.example.org'), 2 * second);
  send(false, 17, udp(53, 40_000, dns(1, 'a.example.org', '192.0.2.9')), 3 * second);
  expect(rows.map(row => row.message)).toEqual(['A a.example.org → 192.0.2.9']);
  expect(rows[0]).toMatchObject({
    time: second,
    fields: {'dns.resolved_ip': '192.0.2.9', 'dns.response_code': 'NOERROR', 'event.duration': 2e9},
  });
  table.finish();
  expect(rows.map(row => row.message).slice(1)).toEqual(['A b.example.org: no answer']);
  expect(flows.at(-1)).toMatchObject({service: 'dns', ended: true});
});

test('every request of an HTTP connection is told, with bodies in between', () => {
  const {rows, send} = setUp();
  const asked = (path: string) =>
    Buffer.from(`GET ${path} HTTP/1.1\r\nHost: web.example:8080\r\nUser-Agent: t\r\n\r\n`);
  for (let n = 0; n < 30; n++) {
    send(true, 6, tcp({from: 50_000, to: 8080, flags: 0x18}, asked(`/${n}?q=1`)), n);
    const answer = Buffer.from(`HTTP/1.1 ${n % 2 === 0 ? 200 : 404} x\r\nContent-Type: text/html\r\n\r\n`);
    send(false, 6, tcp({from: 8080, to: 50_000, flags: 0x18}, answer), n);
    for (let m = 0; m < 5; m++) send(false, 6, tcp({from: 8080, to: 50_000, flags: 0x18}, Buffer.alloc(500, 0x58)), n);
  }
  expect(rows).toHaveLength(30);
  expect(rows[29]).toMatchObject({
    message: 'GET web.example:8080/29?q=1 → 404',
    fields: {'url.path': '/29', 'destination.domain': 'web.example', 'user_agent.original': 't'},
  });
});

test('bulk data is asked for a few packets only, and what comes too fast is counted', () => {
  const {talks, rows, send} = setUp();
  for (let n = 0; n < 1_000; n++) send(true, 6, tcp({from: 1, to: 2, flags: 0x18}, Buffer.alloc(100, 0x50)), n);
  expect(rows).toHaveLength(0);
  for (let n = 0; n < 20_100; n++) send(true, 17, udp(40_000, 53, dns(n & 0xffff, `h${n}.example`)), second);
  expect(talks.skipped).toBe(100);
  send(true, 17, udp(40_000, 53, dns(9, 'later.example')), 3 * second);
  expect(talks.skipped).toBe(100);
});

test('a slot that another flow takes over knows nothing of the one before', () => {
  const {table, flows, send} = setUp();
  send(true, 17, udp(40_000, 53, dns(1, 'a.example')), 0);
  table.advance(100 * second);
  send(true, 17, udp(40_001, 9_999, Buffer.alloc(10)), 101 * second);
  table.finish();
  expect(flows.map(({service, fields}) => ({service, fields}))).toContainEqual({service: '', fields: {}});
});

const handshake = (setup: ReturnType<typeof setUp>, flight: Uint8Array, length: number) => {
  setup.send(true, 6, out(1, clientHello('www.example.org', 10)));
  for (let at = 0; at < flight.length; at += length)
    setup.send(false, 6, back(1 + at, flight.subarray(at, at + length)));
};
const told = {
  message: 'www.example.org, TLS 1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  fields: {
    'tls.server.subject': 'CN=www.example.org,O=Example\\, Inc',
    'tls.server.x509.issuer.common_name': 'Example CA',
    'tls.server.x509.alternative_names': 'www.example.org,example.org',
    'tls.server.not_after': '2051-01-01T00:00:00.000Z',
    'tls.server.hash.sha1': expect.stringMatching(/^[0-9a-f]{40}$/),
  },
};

test.each([
  ['one segment', 10_000, 16_384],
  ['many segments', 200, 16_384],
  ['records smaller than the message, cut in their headers', 101, 97],
])('a server’s certificate is in the row of the handshake: %s', (_, length, record) => {
  const setup = setUp();
  handshake(setup, Buffer.concat([oldServerHello(), certificates(certificate(), record)]), length);
  expect(setup.rows).toHaveLength(1);
  expect(setup.rows[0]).toMatchObject(told);
  setup.table.finish();
  expect(setup.rows).toHaveLength(1);
});

test('a certificate that takes more packets than a flow is asked for is read to its end', () => {
  const setup = setUp();
  const leaf = certificate({dnsNames: Array.from({length: 150}, (_, n) => `host-${n}.example.org`)});
  handshake(setup, Buffer.concat([oldServerHello(), certificates(leaf)]), 200);
  expect(leaf.length).toBeGreaterThan(3_000);
  expect(setup.rows).toMatchObject([{fields: {'tls.server.subject': told.fields['tls.server.subject']}}]);
  expect(String(setup.rows[0]?.fields['tls.server.x509.alternative_names'])).toMatch(/host-0\.example\.org,.*,…$/);
});

test('a segment that comes again is no reason to lose the certificate, one that is lost is', () => {
  const flight = Buffer.concat([oldServerHello(), certificates(certificate())]);
  const [again, lost] = [setUp(), setUp()];
  again.send(true, 6, out(1, clientHello('www.example.org', 10)));
  for (const [at, end] of [
    [0, 300],
    [0, 300],
    [300, 600],
    [600, flight.length],
  ] as const)
    again.send(false, 6, back(1 + at, flight.subarray(at, end)));
  expect(again.rows).toMatchObject([told]);
  lost.send(true, 6, out(1, clientHello('www.example.org', 10)));
  for (const [at, end] of [
    [0, 300],
    [600, flight.length],
  ] as const)
    lost.send(false, 6, back(1 + at, flight.subarray(at, end)));
  expect(lost.rows).toMatchObject([{message: told.message}]);
  expect(lost.rows[0]?.fields).not.toHaveProperty(['tls.server.subject']);
});

test('no certificate is waited for where a session goes on, nor in TLS 1.3, nor after a segment that was not kept whole', () => {
  const resumed = setUp();
  handshake(resumed, Buffer.concat([oldServerHello(), Buffer.from([20, 3, 3, 0, 1, 1])]), 1_000);
  expect(resumed.rows).toHaveLength(1);
  const newer = setUp();
  handshake(newer, serverHello(), 1_000);
  expect(newer.rows).toHaveLength(1);
  const cut = setUp();
  cut.send(true, 6, out(1, clientHello('www.example.org', 10)));
  cut.send(false, 6, back(1, Buffer.concat([oldServerHello(), certificates(certificate())])), 0, 900);
  cut.send(false, 6, back(1, Buffer.concat([oldServerHello(), certificates(certificate())])), 0, 900);
  expect(cut.rows).toHaveLength(1);
  const ended = setUp();
  handshake(ended, Buffer.concat([oldServerHello(), certificates(certificate())]).subarray(0, 300), 200);
  expect(ended.rows).toHaveLength(0);
  ended.table.finish();
  expect(ended.rows).toMatchObject([{fields: {'tls.established': true}}]);
});

test('what a server sends for a certificate is bounded, and one beyond that is counted', () => {
  const {rows, talks, send} = setUp();
  const flight = Buffer.concat([oldServerHello(), certificates(Buffer.alloc(40_000, 0x30))]);
  send(true, 6, out(1, clientHello('www.example.org', 10)));
  for (let at = 0; at < flight.length; at += 1_000) send(false, 6, back(1 + at, flight.subarray(at, at + 1_000)));
  expect(talks.skipped).toBe(1);
  expect(rows).toHaveLength(1);
  const slow = setUp();
  handshake(slow, oldServerHello(), 1_000);
  const begun = 1 + oldServerHello().length;
  for (let at = 0; at < 400; at += 10)
    slow.send(false, 6, back(begun + at, certificates(certificate()).subarray(at, at + 10)));
  expect(slow.talks.skipped).toBe(1);
  expect(slow.rows).toHaveLength(1);
});

test('what conversations keep is bounded in bytes: the oldest is told as at its end, the newest goes on', () => {
  const {rows, flows, table, talks, send} = setUp(12_000);
  const request = (port: number) => {
    const text = `GET /${port}${'a'.repeat(900)} HTTP/1.1\r\nHost: example.org\r\n\r\n`;
    return tcp({from: port, to: 80, flags: 0x18}, Buffer.from(text));
  };
  for (let port = 50_000; port < 50_020; port++) send(true, 6, request(port));
  expect(rows.length).toBeGreaterThan(10);
  expect(rows[0]?.message).toMatch(/^GET example.org\/50000a+: no answer$/);
  expect([talks.evicted, talks.skipped]).toEqual([rows.length, 0]);
  send(false, 6, tcp({from: 80, to: 50_019, flags: 0x18}, Buffer.from('HTTP/1.1 200 OK\r\n\r\n')));
  expect(rows.at(-1)?.message).toMatch(/50019a+ → 200$/);
  table.finish();
  expect(rows).toHaveLength(20);
  expect(flows.at(-1)).toMatchObject({service: 'http'});
});

test('many questions of one conversation weigh what they are: others make room', () => {
  const {rows, send} = setUp(8_000);
  const ask = (port: number, id: number) => send(true, 17, udp(port, 53, dns(id, `${id}.example.org`)));
  ask(40_000, 0);
  for (let id = 1; id <= 12; id++) ask(40_001, id);
  expect(rows).toEqual([]);
  for (let id = 13; id <= 32; id++) ask(40_001, id);
  expect(rows.map(({message}) => message)).toEqual(['A 0.example.org: no answer']);
});

test('a machine that is asked for its NetBIOS names is not asked for a name of DNS', () => {
  const {rows, flows, table, send} = setUp();
  const name = Buffer.concat([Buffer.from([32]), Buffer.from(`CK${'A'.repeat(30)}`), Buffer.from([0, 0, 33, 0, 1])]);
  const question = Buffer.concat([u16(1, 0, 1, 0, 0, 0), name]);
  send(true, 17, udp(50_000, 137, question));
  table.finish();
  expect([rows, flows.at(-1)?.service]).toEqual([[], '']);
  send(true, 17, udp(50_001, 5_000, question));
  table.finish();
  expect([rows.length, flows.at(-1)?.service]).toEqual([1, 'dns']);
});

test('a hello that is sent again after the handshake was told changes nothing', () => {
  const {rows, flows, table, send} = setUp();
  const hello = clientHello('www.example.org', 20);
  send(true, 6, out(1, hello));
  send(false, 6, back(1, serverHello()));
  send(true, 6, out(1, hello));
  table.finish();
  expect(rows).toHaveLength(1);
  expect(flows.at(-1)?.fields).toMatchObject({'tls.version': '1.3', 'tls.cipher': 'TLS_AES_128_GCM_SHA256'});
});
