import {arp, ethernet, icmp, ipv4, type LinkOptions, tcp, udp} from '../../../bench/packet-builder.ts';
import {Decoded} from '../../capture/packets/decode/decoded.ts';
import {decodePacket} from '../../capture/packets/decode/packet.ts';
import {FlowTable} from '../../capture/packets/flows.ts';
import type {SensorAlert} from '../../capture/packets/messages.ts';
import {settingsSchema} from '../../config/settings.ts';
import type {InterfaceFacts} from './interface-facts.ts';
import {NetworkDetectors} from './network-detectors.ts';

const wired: InterfaceFacts = {name: 'eth0', mtu: 1500, aggregates: true, loopback: false};
const noOffload: InterfaceFacts = {...wired, aggregates: false};
const loopback: InterfaceFacts = {name: 'lo', mtu: 65_536, aggregates: true, loopback: true};
const syn = 0x02;
const second = 1_000_000;
const us = '192.168.1.10';
const ourMac = '02:00:00:00:00:aa';
const them = {from: '192.168.1.20', to: us};

function setUp() {
  const alerts: SensorAlert[] = [];
  const detectors = new NetworkDetectors(alert => alerts.push(alert), settingsSchema.parse({}).network);
  detectors.setOwn({ip: [us, 'fe80::aa'], mac: [ourMac, '00:00:00:00:00:00']});
  const flows = new FlowTable(10_000, 1, {
    room: () => true,
    flow: () => undefined,
    about: () => ({service: '', fields: {}}),
    forget: () => undefined,
    unanswered: flow => detectors.onUnanswered(flow),
  });
  const send = (bytes: Uint8Array, facts = wired, time = 0, outgoing = false) => {
    const d = new Decoded();
    const {length} = bytes;
    decodePacket(d, {
      bytes,
      start: 0,
      end: length,
      wire: length,
      time,
      outgoing,
      vlan: -1,
      link: 'ethernet',
      etherType: 0,
    });
    flows.add(d, 0);
    detectors.onPacket(d, facts);
  };
  const ids = () => alerts.map(alert => alert.rule.id);
  return {alerts, detectors, flows, send, ids};
}

function ip(protocol: number, payload: Uint8Array, more: object = {}, link: LinkOptions = {}): Buffer {
  return ethernet(0x0800, ipv4({...them, protocol, ...more}, payload), link);
}

function attempt(from: string, to: string, port: number): Buffer {
  return ethernet(0x0800, ipv4({from, to, protocol: 6}, tcp({from: 40_000, to: port, flags: syn})));
}

test('TCP and UDP joined by offload are a statistic and never an alert', () => {
  const {alerts, detectors, send} = setUp();
  for (let n = 0; n < 1_000; n++) send(ip(6, tcp({from: 1, to: 2, flags: 0x10}, Buffer.alloc(18_000))));
  send(ip(6, tcp({from: 1, to: 2, flags: 0x10}, Buffer.alloc(60_000)), {length: 0}));
  send(ip(17, udp(1, 2, Buffer.alloc(9_000))));
  send(ip(1, icmp(8, 0, 1, 1, Buffer.alloc(9_000))), loopback);
  expect(alerts).toEqual([]);
  expect(detectors.aggregatedByOffload).toBe(1_002);
});

test('ICMP over the MTU is an anomaly; up to the MTU, tagged or with a frame checksum, it is not', () => {
  const {alerts, send} = setUp();
  send(ip(1, icmp(8, 0, 1, 1, Buffer.alloc(1_472)), {}, {vlans: [7]}));
  send(Buffer.concat([ip(1, icmp(8, 0, 1, 1, Buffer.alloc(1_472))), Buffer.alloc(4)]));
  expect(alerts).toEqual([]);
  send(ip(1, icmp(8, 0, 1, 1, Buffer.alloc(4_000))));
  expect(alerts).toMatchObject([{rule: {id: 'network.icmp.oversized'}, entity: '192.168.1.20', count: 1}]);
  expect(alerts[0]?.reason).toContain('1500');
});

test('TCP over the MTU with every offload off is an anomaly', () => {
  const {ids, send} = setUp();
  send(ip(6, tcp({from: 1, to: 2, flags: 0x10}, Buffer.alloc(3_000))), noOffload);
  expect(ids()).toEqual(['network.frame.oversized']);
});

test('a length beyond the wire and fragments past 65,535 bytes are told', () => {
  const {ids, send} = setUp();
  send(ip(17, udp(1, 2, Buffer.alloc(10)), {length: 900}));
  send(ip(1, Buffer.alloc(1_000), {fragmentOffset: 65_000}));
  send(ip(1, Buffer.alloc(400), {fragmentOffset: 65_000}));
  expect(ids()).toEqual(['network.ip.length', 'network.fragment.oversized']);
});

test('many findings of one cause are one alert, raised again at each power of ten, and the counts add up', () => {
  const {alerts, detectors, send} = setUp();
  for (let n = 0; n < 157; n++) send(ip(1, icmp(8, 0, 1, 1, Buffer.alloc(4_000))), wired, n);
  expect(alerts.map(({count}) => count)).toEqual([1, 9, 90]);
  detectors.onTick(120 * second);
  expect(alerts.reduce((sum, {count}) => sum + count, 0)).toBe(157);
});

test('our own address from a foreign MAC is spoofed; from our own, sent by us, or on lo it is not', () => {
  const {ids, send} = setUp();
  const own = (link: LinkOptions) =>
    ethernet(0x0800, ipv4({from: us, to: '192.168.1.1', protocol: 17}, udp(1, 2)), link);
  send(own({fromMac: ourMac}));
  send(own({}), wired, 0, true);
  send(own({}), loopback);
  expect(ids()).toEqual([]);
  send(own({}));
  expect(ids()).toEqual(['network.spoof.own']);
});

test('bogon sources are one low alert on the victim; private, link-local and unset addresses are no bogons', () => {
  const {alerts, send} = setUp();
  for (const from of ['10.1.1.1', '169.254.1.1', '0.0.0.0', '100.64.0.1', '172.16.0.1']) {
    send(ethernet(0x0800, ipv4({from, to: us, protocol: 17}, udp(1, 2))));
  }
  expect(alerts).toEqual([]);
  for (let n = 1; n <= 50; n++) send(ethernet(0x0800, ipv4({from: `240.0.0.${n}`, to: us, protocol: 17}, udp(1, 2))));
  expect(alerts.map(alert => [alert.rule.id, alert.rule.level, alert.entity, alert.count])).toEqual([
    ['network.spoof.bogon', 'low', us, 1],
    ['network.spoof.bogon', 'low', us, 9],
  ]);
});

test('a land attack is a SYN with both ends equal on a real interface', () => {
  const {ids, send} = setUp();
  const land = (from: number, to: number, flags: number, address = '10.0.0.5') =>
    ethernet(0x0800, ipv4({from: address, to: address, protocol: 6}, tcp({from, to, flags})));
  send(land(80, 80, 0x10));
  send(land(81, 80, syn));
  send(land(80, 80, syn), loopback);
  expect(ids()).toEqual([]);
  send(land(80, 80, syn, '127.0.0.1'));
  expect(ids()).toEqual(['network.spoof.bogon']);
  send(land(80, 80, syn | 0xc0));
  expect(ids()).toEqual(['network.spoof.bogon', 'network.spoof.land']);
});

test('ARP is never taken for a spoofed packet', () => {
  const {alerts, send} = setUp();
  send(ethernet(0x0806, arp(1, '02:00:00:00:00:01', us, us)));
  expect(alerts).toEqual([]);
});

test('fifteen unanswered ports of one host are a port scan, told again at a hundred', () => {
  const {alerts, flows, send} = setUp();
  for (let port = 1; port <= 14; port++) send(attempt('10.9.9.9', us, port), wired, port);
  flows.advance(3 * second);
  expect(alerts).toEqual([]);
  for (let port = 15; port <= 120; port++) send(attempt('10.9.9.9', us, port), wired, 4 * second);
  flows.advance(8 * second);
  expect(alerts.map(alert => [alert.rule.id, alert.entity, alert.count])).toEqual([
    ['network.scan.vertical', '10.9.9.9', 15],
    ['network.scan.vertical', '10.9.9.9', 85],
  ]);
  expect(alerts[0]?.reason).toContain(`15 ports of ${us}`);
});

test('ports that answer, ports tried again and attempts a minute apart make no fast scan', () => {
  const {alerts, flows, send} = setUp();
  for (let port = 1; port <= 40; port++) {
    send(attempt('10.9.9.9', us, port), wired, 0);
    const answer = tcp({from: port, to: 40_000, flags: 0x12});
    send(ethernet(0x0800, ipv4({from: us, to: '10.9.9.9', protocol: 6}, answer)), wired, 1, true);
  }
  for (let n = 0; n < 40; n++) send(attempt('10.9.9.8', us, 22), wired, n * 61 * second);
  for (let n = 0; n < 40; n++) {
    send(attempt('10.9.9.7', us, 1_000 + n), wired, 3_000 * second + n * 60 * second);
    flows.advance(3_000 * second + n * 60 * second + 3 * second);
  }
  flows.finish();
  expect(alerts.map(alert => [alert.rule.id, alert.entity])).toEqual([['network.scan.slow', '10.9.9.7']]);
});

test('one port of twenty-five unanswering hosts is a network scan', () => {
  const {alerts, flows, send} = setUp();
  for (let host = 1; host <= 30; host++) send(attempt('10.9.9.9', `10.8.0.${host}`, 445), wired, host);
  flows.finish();
  expect(alerts).toMatchObject([{rule: {id: 'network.scan.horizontal'}, entity: '10.9.9.9', count: 25}]);
  expect(alerts[0]?.reason).toContain('port 445 of 25 hosts');
});

test('a flood from a million spoofed sources is no scan and takes bounded memory', () => {
  const {alerts, flows, send} = setUp();
  for (let n = 0; n < 60_000; n++) {
    send(attempt(`11.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`, us, 80), wired, n);
  }
  flows.finish();
  expect(alerts).toEqual([]);
});
