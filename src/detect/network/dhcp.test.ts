import {ethernet, ipv4, udp} from '../../../bench/packet-builder.ts';
import {Wire} from './network.test-helper.ts';

const bytesOf = (address: string) => address.split('.').map(Number);

interface Message {
  readonly operation: number;
  readonly type: number;
  readonly mac?: string;
  readonly offered?: string;
  readonly relay?: string;
  readonly options?: readonly number[];
}

function message({
  operation,
  type,
  mac = '020000000001',
  offered = '0.0.0.0',
  relay = '0.0.0.0',
  options = [],
}: Message): Buffer {
  const bytes = Buffer.alloc(240);
  bytes.set([operation, 1, 6, 0, 0, 0, 0, 1]);
  bytes.set(bytesOf(offered), 16);
  bytes.set(bytesOf(relay), 24);
  bytes.set(Buffer.from(mac, 'hex'), 28);
  bytes.set([0x63, 0x82, 0x53, 0x63], 236);
  return Buffer.concat([bytes, Buffer.from([53, 1, type, ...options, 255])]);
}

function offer(wire: Wire, at: number, server: string, router: string, offered: string, relay = '0.0.0.0'): void {
  const options = [54, 4, ...bytesOf(server), 3, 4, ...bytesOf(router), 6, 4, ...bytesOf('192.168.1.53')];
  const payload = message({operation: 2, type: 2, offered, relay, options});
  const from = relay === '0.0.0.0' ? server : relay;
  wire.frame(at, ethernet(0x0800, ipv4({from, to: '255.255.255.255', protocol: 17}, udp(67, 68, payload))));
}

test('a second server that gives another router is a rogue', () => {
  const wire = new Wire();
  offer(wire, 0, '192.168.1.2', '192.168.1.1', '192.168.1.100');
  offer(wire, 1, '192.168.1.66', '192.168.1.66', '192.168.1.101');
  expect(wire.alerts).toMatchObject([{rule: {id: 'network.dhcp.rogue'}, entity: '192.168.1.66'}]);
  expect(wire.alerts[0]?.reason).toContain(
    'router 192.168.1.66 and name server 192.168.1.53, where 192.168.1.2 does with',
  );
});

test('a pair that fails over, and servers of other networks behind relays, are in order', () => {
  const wire = new Wire();
  offer(wire, 0, '192.168.1.2', '192.168.1.1', '192.168.1.100');
  offer(wire, 1, '192.168.1.3', '192.168.1.1', '192.168.1.201');
  offer(wire, 2, '10.0.0.3', '10.7.0.1', '10.7.0.9', '10.7.0.1');
  offer(wire, 3, '10.0.0.4', '10.8.0.1', '10.8.0.9', '10.8.0.1');
  expect(wire.alerts).toEqual([]);
});

function discover(wire: Wire, at: number, n: number): void {
  const mac = (0x020000000000 + n).toString(16).padStart(12, '0');
  const payload = message({operation: 1, type: 1, mac});
  wire.frame(at, ethernet(0x0800, ipv4({from: '0.0.0.0', to: '255.255.255.255', protocol: 17}, udp(68, 67, payload))));
}

test('ever new clients use the addresses up; a few that ask again and again do not', () => {
  const wire = new Wire();
  for (let n = 0; n < 400; n++) discover(wire, n / 10, n % 20);
  expect(wire.alerts).toEqual([]);
  for (let n = 0; n < 200; n++) discover(wire, 100 + n / 100, 1_000 + n);
  wire.finish();
  expect(wire.sums()).toEqual({'network.dhcp.starvation eth0': 200});
  expect(wire.alerts[0]?.reason).toContain('50 clients, each with a MAC of its own');
});
