import {ethernet, ipv4, tcp, udp} from '../../../../bench/packet-builder.ts';
import {portName} from '../services.ts';
import {Decoded} from './decoded.ts';
import {decodePacket} from './packet.ts';
import {problemOf, summaryText} from './summary.ts';

const ends = {from: '10.0.0.1', to: '10.0.0.2'};

function decode(payload: Uint8Array, protocol: number, kept = Number.POSITIVE_INFINITY): Decoded {
  const bytes = ethernet(0x0800, ipv4({...ends, protocol}, payload));
  const d = new Decoded();
  const end = Math.min(bytes.length, kept);
  const wire = bytes.length;
  decodePacket(d, {bytes, start: 0, end, wire, time: 5, outgoing: false, vlan: -1, link: 'ethernet', etherType: 0});
  return d;
}

const summary = (payload: Uint8Array, protocol: number) =>
  summaryText(decode(payload, protocol), {sender: undefined, receiver: undefined});

test('a name asked for and its answer are told', () => {
  const question = '076578616d706c65036f72670000010001';
  const query = Buffer.from(`123401000001000000000000${question}`, 'hex');
  expect(summary(udp(40_000, 53, query), 17)).toBe('DNS query A example.org');
  const answer = Buffer.from(`123481800001000100000000${question}c00c000100010000003c0004c0000201`, 'hex');
  expect(summary(udp(53, 40_000, answer), 17)).toBe('DNS answer A example.org 192.0.2.1');
});

test('HTTP tells its request and its status', () => {
  const request = Buffer.from('GET /index.html HTTP/1.1\r\nHost: example.org\r\n\r\n');
  expect(summary(tcp({from: 40_000, to: 80, flags: 0x18}, request), 6)).toBe('HTTP GET /index.html Host: example.org');
  const response = Buffer.from('HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n');
  expect(summary(tcp({from: 80, to: 40_000, flags: 0x18}, response), 6)).toBe('HTTP response 404 text/html');
});

test('what no application explains is told by its transport', () => {
  expect(summary(tcp({from: 40_000, to: 80, flags: 2}), 6)).toMatch(/^40000 → 80 \[SYN\]/);
});

test('what the capture cut is no problem of the packet, a header that lies is', () => {
  const segment = tcp({from: 40_000, to: 80, flags: 2}, Buffer.alloc(100));
  expect(problemOf(decode(segment, 6, 60))).toBe('');
  segment[12] = 0x10;
  expect(problemOf(decode(segment, 6))).toBe('tcp.header_too_short');
});

test('a port is called by its service, the port of whoever asked is not', () => {
  expect([portName('TCP', 443, 51_820), portName('TCP', 51_820, 443)]).toEqual(['https', '']);
  expect([portName('UDP', 5353, 5353), portName('ICMP', 443, 1), portName('TCP', 52_404, 443)]).toEqual([
    'mdns',
    '',
    '',
  ]);
});
