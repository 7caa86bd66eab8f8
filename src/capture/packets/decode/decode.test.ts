import {arp, ethernet, icmp, ipv4, ipv6, tcp, udp} from '../../../../bench/packet-builder.ts';
import type {RawPacket} from '../backend.ts';
import {addressText, ipv4Text, ipv6Text, parseAddress} from './address.ts';
import {Decoded} from './decoded.ts';
import {decodeEventNames} from './events.ts';
import {informationText} from './information.ts';
import {decodePacket} from './packet.ts';

const ports = {from: '10.0.0.1', to: '10.0.0.2'};
const noBase = {sender: undefined, receiver: undefined};
const host1 = 'fd000000000000000000000000000001';
const host2 = 'fd000000000000000000000000000002';

function raw(bytes: Uint8Array, wire = bytes.length): RawPacket {
  return {bytes, start: 0, end: bytes.length, wire, time: 5, outgoing: false, vlan: -1, link: 'ethernet', etherType: 0};
}

function decode(bytes: Uint8Array, wire?: number): Decoded {
  const d = new Decoded();
  decodePacket(d, raw(bytes, wire));
  return d;
}

function events(d: Decoded): readonly string[] {
  return Array.from(d.eventIds.subarray(0, d.eventCount), id => decodeEventNames[id] ?? '');
}

test('a fragment other than the first has no ports, whatever its bytes look like', () => {
  const first = decode(
    ethernet(0x0800, ipv4({...ports, protocol: 17, moreFragments: true}, udp(53, 4000, Buffer.alloc(8)))),
  );
  const later = decode(ethernet(0x0800, ipv4({...ports, protocol: 17, fragmentOffset: 1480}, udp(53, 4000))));
  expect([first.hasPorts, first.sourcePort]).toEqual([true, 53]);
  expect([later.hasPorts, later.sourcePort, later.fragmentOffset]).toEqual([false, 0, 1480]);
  expect(informationText(later, noBase)).toBe('Fragmented IP protocol (proto=UDP 17, off=1480, ID=0001)');
});

test('the outermost VLAN tag gives the id and the packet behind two tags is decoded', () => {
  const d = decode(ethernet(0x0800, ipv4({...ports, protocol: 6}, tcp({from: 1, to: 2, flags: 2})), {vlans: [7, 9]}));
  expect([d.vlan, d.vlanDepth, d.destinationPort]).toEqual([7, 2, 2]);
});

test('an endless row of VLAN tags is named and left', () => {
  const d = decode(ethernet(0x0800, new Uint8Array(40), {vlans: new Array<number>(50).fill(3)}));
  expect(events(d)).toEqual(['vlan.too_many']);
});

test('TCP behind an IPv6 extension chain is found', () => {
  const options = Buffer.from([44, 0, 1, 4, 0, 0, 0, 0]);
  const fragment = Buffer.from([6, 0, 0, 1, 0, 0, 0, 9]);
  const payload = Buffer.concat([options, fragment, tcp({from: 443, to: 50_000, flags: 0x12})]);
  const d = decode(ethernet(0x86dd, ipv6(host1, host2, 0, payload)));
  expect([d.firstNextHeader, d.protocol, d.sourcePort, d.tcpFlags, events(d).length]).toEqual([0, 6, 443, 0x12, 0]);
});

test('an IPv6 chain that never ends is named and left', () => {
  const d = decode(ethernet(0x86dd, ipv6(host1, host2, 60, Buffer.from('3c00000000000000'.repeat(40), 'hex'))));
  expect(events(d)).toEqual(['ipv6.extensions_too_many']);
});

test('total length 0 is what segmentation offload leaves, not a fault', () => {
  const d = decode(
    ethernet(0x0800, ipv4({...ports, protocol: 6, length: 0}, tcp({from: 1, to: 2, flags: 16}, Buffer.alloc(5000)))),
  );
  expect([d.payloadLength, events(d).length]).toEqual([5000, 0]);
});

test('link padding is no payload', () => {
  const d = decode(
    Buffer.concat([ethernet(0x0800, ipv4({...ports, protocol: 6}, tcp({from: 1, to: 2, flags: 16}))), Buffer.alloc(6)]),
  );
  expect(d.payloadLength).toBe(0);
});

test('what the capture cut is not called malformed, what the sender cut is', () => {
  const whole = ethernet(0x0800, ipv4({...ports, protocol: 6}, tcp({from: 1, to: 2, flags: 16})));
  expect(events(decode(whole.subarray(0, 40), whole.length))).toEqual(['capture.cut']);
  expect(events(decode(whole.subarray(0, 40)))).toEqual(['ipv4.length_beyond_frame', 'tcp.too_short']);
});

test('information reads as a packet analyser writes it', () => {
  const segment = tcp({from: 443, to: 52_404, flags: 0x10, sequence: 1001, acknowledged: 518, window: 501});
  const ack = decode(ethernet(0x0800, ipv4({...ports, protocol: 6}, segment)));
  expect(informationText(ack, {sender: 1000, receiver: 0})).toBe('443 → 52404 [ACK] Seq=1 Ack=518 Win=501 Len=0');
  const ask = decode(ethernet(0x0806, arp(1, '02:00:00:00:00:01', '10.0.0.2', '10.0.0.1')));
  expect(informationText(ask, noBase)).toBe('Who has 10.0.0.1? Tell 10.0.0.2');
  const answer = decode(ethernet(0x0806, arp(2, '02:00:00:00:00:01', '10.0.0.2', '10.0.0.1')));
  expect(informationText(answer, noBase)).toBe('10.0.0.2 is at 02:00:00:00:00:01');
  const ping = decode(ethernet(0x0800, ipv4({...ports, protocol: 1}, icmp(8, 0, 10, 3, Buffer.alloc(4)))));
  expect(informationText(ping, noBase)).toBe('Echo (ping) request id=0x000a, seq=3, ttl=64');
  const refused = decode(ethernet(0x0800, ipv4({...ports, protocol: 1}, icmp(3, 3, 0, 0, Buffer.alloc(4)))));
  expect(informationText(refused, noBase)).toBe('Destination unreachable (Port unreachable)');
});

test('IPv6 addresses are written as RFC 5952 says and read back', () => {
  for (const text of [
    '::',
    '::1',
    'fe80::1',
    '2001:db8::1:0:0:1',
    '2001:db8:0:1:1:1:1:1',
    '1::',
    '::ffff:10.0.0.1',
    '::17.0.0.2',
  ]) {
    const words = parseAddress(text)?.words ?? [9, 9, 9, 9];
    expect(ipv6Text(...words)).toBe(text);
  }
  expect(parseAddress('10.0.0.256')).toBeUndefined();
  expect(parseAddress('1::2::3')).toBeUndefined();
});

test('addresses of the same bits and another version are told apart, however lately they were met', () => {
  // Some of so many share their place among those that are remembered.
  const wrong: string[] = [];
  for (let word = 0x0a000000; word < 0x0a008000; word++) {
    const both = [addressText(4, 0, 0, 0, word), addressText(6, 0, 0, 0, word)];
    if (both[0] !== ipv4Text(word) || both[1] !== ipv6Text(0, 0, 0, word)) wrong.push(both.join(' '));
  }
  expect(wrong).toEqual([]);
  expect([addressText(6, 0, 0, 0, 0), addressText(4, 0, 0, 0, 0), addressText(0, 0, 0, 0, 0)]).toEqual([
    '::',
    '0.0.0.0',
    '',
  ]);
});
