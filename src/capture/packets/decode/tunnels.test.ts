import {ethernet, icmp, ipv4, ipv6, tcp, udp} from '../../../../bench/packet-builder.ts';
import type {LinkKind, RawPacket} from '../backend.ts';
import {addressText} from './address.ts';
import {communityId} from './community-id.ts';
import {Decoded} from './decoded.ts';
import {decodeEventNames} from './events.ts';
import {layerNames} from './layers.ts';
import {decodeInner, decodePacket, decodeQuoted} from './packet.ts';

const outer = {from: '10.0.0.1', to: '10.0.0.2'};
const host1 = 'fd000000000000000000000000000001';
const host2 = 'fd000000000000000000000000000002';
const payload = ipv4({from: '192.0.2.1', to: '192.0.2.2', protocol: 6}, tcp({from: 1000, to: 443, flags: 2}));
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

function raw(bytes: Uint8Array, link: LinkKind = 'ethernet'): RawPacket {
  return {
    bytes,
    start: 0,
    end: bytes.length,
    wire: bytes.length,
    time: 5,
    outgoing: false,
    vlan: -1,
    link,
    etherType: 0,
  };
}

/** Every packet from the outermost inwards: its layers, addresses, port and what is wrong. */
function chain(bytes: Uint8Array, link?: LinkKind): readonly string[] {
  const found: string[] = [];
  let [d, inner] = [new Decoded(), new Decoded()];
  decodePacket(d, raw(bytes, link));
  for (let more = true; more; [d, inner] = [inner, d]) {
    found.push(describe(d));
    more = decodeInner(d, inner);
  }
  return found;
}

function describe(d: Decoded): string {
  const layers = Array.from(d.layers.subarray(0, d.layerCount), layer => layerNames[layer]).join(' ');
  const problems = Array.from(d.eventIds.subarray(0, d.eventCount), id => ` !${decodeEventNames[id]}`).join('');
  const ends = d.family === 0 ? '' : ` ${addressText(d.family, d.s0, d.s1, d.s2, d.s3)}`;
  return `${layers}${ends}${d.hasPorts ? ` :${d.destinationPort}` : ''}${problems}`;
}

const over = (protocol: number, body: Uint8Array) => ethernet(0x0800, ipv4({...outer, protocol}, body));
const overUdp = (port: number, ...parts: readonly Uint8Array[]) => over(17, udp(50_000, port, Buffer.concat(parts)));
const found = 'ipv4 tcp 192.0.2.1 :443';

test.each<[string, Uint8Array, readonly string[]]>([
  ['IP in IP', over(4, payload), ['ethernet ipv4 10.0.0.1', found]],
  ['GRE', over(47, Buffer.concat([hex('0000 0800'), payload])), ['ethernet ipv4 gre 10.0.0.1', found]],
  [
    'GRE with checksum, key and sequence',
    over(47, Buffer.concat([hex('b000 0800 00000000 00000007 00000001'), payload])),
    ['ethernet ipv4 gre 10.0.0.1', found],
  ],
  [
    'GRE with source routes',
    over(47, Buffer.concat([hex('4000 0800 00000000 0800 0004 0a000001 0000 0000'), payload])),
    ['ethernet ipv4 gre 10.0.0.1', found],
  ],
  [
    'PPTP',
    over(47, Buffer.concat([hex('3081 880b 0030 0001 00000001 00000002 ff03 0021'), payload])),
    ['ethernet ipv4 gre 10.0.0.1', `ppp ${found}`],
  ],
  [
    'ERSPAN',
    over(47, Buffer.concat([hex('1000 88be 00000001 1005 0001 00000000'), ethernet(0x0800, payload)])),
    ['ethernet ipv4 gre erspan 10.0.0.1', `ethernet ${found}`],
  ],
  [
    'VXLAN',
    overUdp(4789, hex('0800000000004d00'), ethernet(0x0800, payload, {vlans: [3]})),
    ['ethernet ipv4 udp vxlan 10.0.0.1 :4789', 'ethernet vlan ipv4 tcp 192.0.2.1 :443'],
  ],
  [
    'GENEVE with an option',
    overUdp(6081, hex('02006558 00000900 01020301 00000000'), ethernet(0x0800, payload)),
    ['ethernet ipv4 udp geneve 10.0.0.1 :6081', `ethernet ${found}`],
  ],
  [
    'Teredo with an origin',
    overUdp(3544, hex('0000 1234 05060708'), ipv6(host1, host2, 6, tcp({from: 1, to: 22, flags: 2}))),
    ['ethernet ipv4 udp teredo 10.0.0.1 :3544', 'ipv6 tcp fd00::1 :22'],
  ],
  [
    'L2TP',
    overUdp(1701, hex('0002 0001 0002 ff03 0021'), payload),
    ['ethernet ipv4 udp l2tp 10.0.0.1 :1701', `ppp ${found}`],
  ],
  ['GTP', overUdp(2152, hex('30ff 0030 00000005'), payload), ['ethernet ipv4 udp gtp 10.0.0.1 :2152', found]],
  [
    'Ethernet in IP',
    over(97, Buffer.concat([hex('3000'), ethernet(0x0800, payload)])),
    ['ethernet ipv4 etherip 10.0.0.1', `ethernet ${found}`],
  ],
  ['MPLS', ethernet(0x8847, Buffer.concat([hex('00010040 00063140'), payload])), [`ethernet mpls mpls ${found}`]],
  [
    'a pseudowire',
    ethernet(0x8847, Buffer.concat([hex('00010140 00000000'), ethernet(0x0800, payload)])),
    ['ethernet mpls', `ethernet ${found}`],
  ],
  ['PPPoE', ethernet(0x8864, Buffer.concat([hex('1100 0001 002a 0021'), payload])), [`ethernet pppoe ppp ${found}`]],
  [
    'AH',
    over(51, Buffer.concat([hex('06 04 0000 00000001 00000002 000000000000000000000000'), payload.subarray(20)])),
    ['ethernet ipv4 ah tcp 10.0.0.1 :443'],
  ],
])('%s', (_name, bytes, expected) => {
  expect(chain(bytes)).toEqual(expected);
});

test.each<[string, LinkKind, Uint8Array, readonly string[]]>([
  ['cooked', 'sll', Buffer.concat([hex('0004 0001 0006 020000000001 0000 0800'), payload]), [`sll ${found}`]],
  [
    'cooked, version 2',
    'sll2',
    Buffer.concat([hex('0800 0000 00000002 0001 04 06 020000000001 0000'), payload]),
    [`sll2 ${found}`],
  ],
  ['BSD loopback, little endian', 'null', Buffer.concat([hex('02000000'), payload]), [`null ${found}`]],
  ['BSD loopback, network order', 'null', Buffer.concat([hex('00000002'), payload]), [`null ${found}`]],
  ['bare IP', 'raw', payload, [`raw ${found}`]],
  [
    '802.11 with a frame check sequence',
    'radiotap',
    Buffer.concat([
      hex('0000 0900 02000000 10 0802 0000 020000000001 020000000002 020000000003 0000 aaaa03000000 0800'),
      payload,
      hex('01020304'),
    ]),
    [`radiotap wlan llc ${found}`],
  ],
  ['Frame Relay', 'frame-relay', Buffer.concat([hex('1841 03 cc'), payload]), [`frame-relay ${found}`]],
])('link type: %s', (_name, link, bytes, expected) => {
  expect(chain(bytes, link)).toEqual(expected);
});

test('MAC addresses of cooked and wireless packets are found where they are', () => {
  const d = new Decoded();
  decodePacket(d, raw(hex('0000 0001 0006 020000000001 0000 0800'), 'sll'));
  expect([d.sourceMac, d.destinationMac]).toEqual([6, -1]);
  decodePacket(d, raw(hex('0802 0000 020000000001 020000000002 020000000003 0000'), 'wlan'));
  expect([d.sourceMac, d.destinationMac]).toEqual([16, 4]);
});

test('tunnels in tunnels end at the limit of layers, and it is told', () => {
  let nested: Uint8Array = payload;
  for (let i = 0; i < 60; i++) nested = ipv4({...outer, protocol: 4}, nested);
  const packets = chain(ethernet(0x0800, nested));
  expect(packets).toHaveLength(32);
  expect(packets.at(-1)).toBe(' !packet.too_many_layers');
});

test('a fragment of a tunnel other than the first carries nothing', () => {
  expect(chain(ethernet(0x0800, ipv4({...outer, protocol: 47, fragmentOffset: 800}, hex('00000800'))))).toEqual([
    'ethernet ipv4 10.0.0.1',
  ]);
});

test('what an ICMP error quotes is told apart from the packet, and its ports are read though it is cut', () => {
  const error = ethernet(0x0800, ipv4({...outer, protocol: 1}, icmp(3, 3, 0, 0, payload.subarray(0, 28))));
  const [d, quoted] = [new Decoded(), new Decoded()];
  decodePacket(d, raw(error));
  expect([d.hasPorts, decodeInner(d, quoted), decodeQuoted(d, quoted)]).toEqual([false, false, true]);
  expect([addressText(4, 0, 0, 0, quoted.s3), quoted.sourcePort, quoted.destinationPort]).toEqual([
    '192.0.2.1',
    1000,
    443,
  ]);
});

test('options are read, and those that are wrong are named', () => {
  const syn = tcp({from: 1, to: 2, flags: 2});
  const withOptions = (options: string, d = new Decoded()) => {
    const header = Buffer.concat([syn, hex(options)]);
    header[12] = (header.length / 4) << 4;
    decodePacket(d, raw(ethernet(0x0800, ipv4({...outer, protocol: 6}, header))));
    return d;
  };
  const good = withOptions('020405b4 01030307');
  expect([good.tcpMss, good.tcpWindowScale, good.event]).toEqual([1460, 7, -1]);
  expect(describe(withOptions('02060000 00000000'))).toContain('!tcp.invalid_option');
  expect(describe(withOptions('03ff0000'))).toContain('!tcp.option_truncated');
  expect(describe(withOptions('05000000'))).toContain('!tcp.invalid_option');
});

test('community ids are those of the reference implementation, the same for both directions', () => {
  const words = [0, 0, 0, 0x80e86e78 | 0, 0, 0, 0, 0x4223facc];
  const ends = {family: 4 as const, protocol: 6, words, sourcePort: 34_855, destinationPort: 80};
  const back = {...ends, words: [...words.slice(4), ...words.slice(0, 4)], sourcePort: 80, destinationPort: 34_855};
  expect(communityId(ends)).toBe('1:LQU9qZlK+B5F3KDmev6m5PMibrg=');
  expect(communityId(back)).toBe('1:LQU9qZlK+B5F3KDmev6m5PMibrg=');
  const local = [0, 0, 0, 0xc0a80059 | 0, 0, 0, 0, 0xc0a80001 | 0];
  const ping = {family: 4 as const, protocol: 1, words: local, sourcePort: 0, destinationPort: 0};
  expect(communityId({...ping, icmpType: 8})).toBe('1:X0snYXpgwiv9TZtqg64sgzUn6Dk=');
  expect(communityId({...ping, icmpType: 3, icmpCode: 1})).toBe('1:LXCfhMUFbYXe+CEMrQuZCbiLY3o=');
});
