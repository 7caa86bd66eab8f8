import {ethernet, ipv4, tcp, udp} from '../../../../bench/packet-builder.ts';
import {Decoded} from '../decode/decoded.ts';
import {decodePacket} from '../decode/packet.ts';
import {keptFlow} from '../flow-record.ts';
import {FlowTable} from '../flows.ts';
import type {SensorRow} from '../messages.ts';
import {Conversations} from './conversations.ts';

const client = '192.168.1.10';
const server = '192.0.2.7';
const second = 1_000_000;

function setUp() {
  const rows: SensorRow[] = [];
  const flows: {service: string; fields: object; ended: boolean}[] = [];
  const talks = new Conversations(100, (row, ends) => rows.push({...row, fields: {...ends, ...row.fields}}));
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
