import {ethernet, ipv4} from '../../../bench/packet-builder.ts';
import {us, Wire} from './network.test-helper.ts';

const [mac1, mac2, mac3] = ['02:00:00:00:00:01', '02:00:00:00:00:02', '02:00:00:00:00:03'];
const host = '192.168.1.20';
const gateway = '192.168.1.1';

test('an address that two machines claim in turn is taken over', () => {
  const wire = new Wire();
  for (let n = 0; n < 6; n++) wire.arp(n, 1, n % 2 === 0 ? mac1 : mac2, host, gateway);
  wire.finish();
  expect(wire.sums()).toEqual({[`network.arp.spoof ${host}`]: 3});
  expect(wire.alerts[0]?.reason).toBe(`${mac2} claims ${host}, which ${mac1} had, both claim it in turn.`);
});

test('an answer that nobody asked for and that changes who has an address is told at once', () => {
  const wire = new Wire();
  wire.arp(0, 1, mac1, host, gateway);
  wire.arp(20, 2, mac2, host, '192.168.1.30');
  expect(wire.alerts).toMatchObject([{rule: {id: 'network.arp.spoof'}, entity: host, count: 1}]);
});

test('one machine that says unasked to be two, again and again, poisons both', () => {
  const wire = new Wire();
  for (let n = 0; n < 5; n++) {
    wire.arp(n * 2, 2, mac2, host, gateway);
    wire.arp(n * 2, 2, mac2, gateway, host);
    wire.arp(n * 2, 2, mac3, '192.168.1.40', host);
  }
  expect(wire.ids()).toEqual(['network.arp.spoof']);
  expect(wire.alerts[0]).toMatchObject({entity: mac2});
  expect(wire.alerts[0]?.reason).toContain(`to be ${host} and ${gateway}`);
});

test('a machine that takes over says so and is believed; there and back too; and a lease that went to another', () => {
  const wire = new Wire();
  wire.arp(0, 2, mac1, host, host);
  for (let n = 0; n < 5; n++) wire.arp(10 + n, 2, mac2, host, host);
  wire.arp(60, 1, mac1, host, host);
  wire.arp(2_000, 1, mac3, host, gateway);
  expect(wire.alerts).toEqual([]);
});

test('routers that share a virtual MAC hand it to each other without alarm', () => {
  const wire = new Wire({facts: {gateways: [{ip: gateway, mac: '00:00:5e:00:01:0a'}]}});
  const virtual = ['00:00:5e:00:01:0a', '00:00:0c:07:ac:01', '00:00:0c:9f:f0:01'];
  for (let n = 0; n < 9; n++) wire.arp(n, 2, virtual[n % 3] ?? '', gateway, gateway, {fromMac: mac1});
  for (let n = 0; n < 4; n++)
    wire.arp(10 + n, 2, n % 2 ? mac1 : '00:00:5e:00:01:0a', gateway, gateway, {fromMac: mac1});
  expect(wire.alerts).toEqual([]);
});

test('a machine with an address of its own that claims the gateway is told as that, even if it announces it', () => {
  const wire = new Wire({facts: {gateways: [{ip: gateway, mac: mac1}]}});
  wire.arp(0, 1, mac2, host, gateway);
  wire.arp(1, 2, mac2, gateway, gateway);
  expect(wire.alerts).toMatchObject([{rule: {id: 'network.arp.gateway', level: 'high'}, entity: gateway}]);
  expect(wire.alerts[0]?.reason).toBe(
    `${mac2} claims the gateway ${gateway}, which ${mac1} had, and has another address of its own.`,
  );
});

test('an ARP sender that is not who sent the frame is told, low', () => {
  const wire = new Wire();
  wire.arp(0, 1, mac1, host, gateway, {fromMac: mac2});
  expect(wire.alerts).toMatchObject([{rule: {id: 'network.arp.mismatch', level: 'low'}, entity: mac2}]);
});

test('one machine that asks for everybody is a scan; a router that does, and one that looks for a few, are not', () => {
  const wire = new Wire({facts: {gateways: [{ip: gateway, mac: mac1}]}});
  for (let n = 1; n < 200; n++) {
    wire.arp(n / 100, 1, mac2, host, `192.168.1.${n}`);
    wire.arp(n / 100, 1, mac1, gateway, `192.168.1.${n}`);
    wire.arp(n / 100, 1, mac3, '192.168.1.30', `192.168.1.${n % 40}`);
  }
  wire.finish();
  expect(wire.sums()).toEqual({[`network.arp.scan ${host}`]: 198});
});

test('unicast questions, probes for a free address and ARP in a tunnel claim nothing', () => {
  const wire = new Wire();
  wire.arp(0, 1, mac1, host, gateway);
  for (let n = 0; n < 5; n++) wire.arp(1 + n, 1, n % 2 ? mac2 : mac3, '0.0.0.0', host);
  wire.arp(9, 1, mac1, host, gateway, {fromMac: mac1, toMac: mac3});
  expect(wire.alerts).toEqual([]);
});

const linkLocal = (end: string) => `fe80${'0'.repeat(27 - end.length + 1)}${end}`.padEnd(32, '0');
const allNodes = 'ff020000000000000000000000000001';

function advertisement(target: string, mac: string, flags: number): Buffer {
  const head = Buffer.from([136, 0, 0, 0, flags, 0, 0, 0]);
  return Buffer.concat([
    head,
    Buffer.from(target, 'hex'),
    Buffer.from([2, 1]),
    Buffer.from(mac.replaceAll(':', ''), 'hex'),
  ]);
}

test('an IPv6 neighbour that two machines claim in turn is taken over; one that moves is not', () => {
  const wire = new Wire();
  const [victim, other] = [linkLocal('20'), linkLocal('30')];
  for (let n = 0; n < 6; n++) wire.icmp6(n, victim, other, advertisement(victim, n % 2 ? mac2 : mac1, 0x60));
  wire.icmp6(10, other, allNodes, advertisement(other, mac1, 0x20));
  wire.icmp6(11, other, allNodes, advertisement(other, mac2, 0x20));
  wire.finish();
  expect(wire.ids()).toEqual(['network.ipv6.spoof']);
  expect(new Set(wire.alerts.map(({entity}) => entity)).size).toBe(1);
});

const routerAdvertisement = Buffer.from([134, 0, 0, 0, 64, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0]);

test('a second IPv6 router is told once; a flood of forged ones is one alert about the interface', () => {
  const wire = new Wire();
  for (let n = 0; n < 3; n++) wire.icmp6(n, linkLocal('1'), allNodes, routerAdvertisement);
  expect(wire.alerts).toEqual([]);
  for (let n = 0; n < 3; n++) wire.icmp6(5 + n, linkLocal('bad'), allNodes, routerAdvertisement);
  expect(wire.alerts).toHaveLength(1);
  for (let n = 0; n < 2_000; n++) {
    wire.icmp6(20, linkLocal((0x1000 + n).toString(16)), allNodes, routerAdvertisement);
  }
  wire.finish();
  expect(wire.ids()).toEqual(['network.ipv6.router']);
  expect(new Set(wire.alerts.map(({entity}) => entity)).size).toBeLessThanOrEqual(8);
});

test('a source that belongs to another interface is told, low; one of this network, or in a tunnel, is not', () => {
  const elsewhere = [{interface: 'eth1', network: 10 << 24, mask: 0xff000000 | 0}];
  const wire = new Wire({facts: {elsewhere}});
  wire.udp(0, '10.1.2.3', 1_000, us, 2_000);
  wire.udp(0, '192.168.1.30', 1_000, us, 2_000);
  const inner = ipv4({from: '10.1.2.4', to: '10.1.2.5', protocol: 99}, Buffer.alloc(30));
  wire.frame(0, ethernet(0x0800, ipv4({from: '192.168.1.30', to: us, protocol: 4}, inner)));
  expect(wire.alerts).toMatchObject([{rule: {id: 'network.spoof.path', level: 'low'}, count: 1}]);
  expect(wire.alerts[0]?.reason).toContain('from 10.1.2.3, which is an address of the network at eth1');
});
