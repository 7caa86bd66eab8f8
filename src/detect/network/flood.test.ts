import {ethernet, ipv4, udp} from '../../../bench/packet-builder.ts';
import {ack, syn, us, Wire} from './network.test-helper.ts';

const forged = (n: number) => `11.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
const server = '10.0.0.80';

test('SYNs of forged sources are one flood of their victim, and no scan of anybody', () => {
  const wire = new Wire();
  for (let n = 0; n < 3_000; n++) {
    wire.tcp(n / 1_000, forged(n), server, {from: 1_024 + (n % 60_000), to: 80, flags: syn});
    wire.tcp(n / 1_000, server, forged(n), {from: 80, to: 1_024 + (n % 60_000), flags: syn | ack});
  }
  wire.wait(10);
  wire.finish();
  expect(wire.sums()).toEqual({[`network.flood.syn ${server}`]: 3_000});
  expect(wire.alerts[0]?.reason).toMatch(
    /1,000 SYNs within a second, of which 0 became connections, from about [\d,]+ addresses to one port/,
  );
});

test('a flood from a few addresses to random ports is told as a flood, and they are no scanners', () => {
  const wire = new Wire();
  for (let n = 0; n < 16_000; n++) {
    wire.tcp(n / 4_000, forged((n * 7919) % 800), server, {from: n % 60_000, to: (n * 31) % 65_536, flags: syn});
  }
  wire.wait(10);
  wire.finish();
  expect(wire.ids()).toEqual(['network.flood.syn']);
});

test('a busy server with five thousand answered connections a second is no victim', () => {
  const wire = new Wire();
  for (let n = 0; n < 5_000; n++) wire.connection(n / 5_000, `10.1.${n % 40}.1`, 1_024 + (n % 60_000), server, 443);
  wire.wait(10);
  wire.finish();
  expect(wire.alerts).toEqual([]);
});

test('handshakes that take a third of a second are answered too', () => {
  const wire = new Wire();
  const opened = (n: number) => `10.1.${n % 40}.1`;
  for (let n = 0; n < 3_000; n++) {
    wire.tcp(n / 1_000, opened(n), server, {from: 1_024 + n, to: 443, flags: syn});
    if (n < 300) continue;
    wire.tcp(n / 1_000, server, opened(n - 300), {from: 443, to: 724 + n, flags: syn | ack});
    wire.tcp(n / 1_000, opened(n - 300), server, {from: 724 + n, to: 443, flags: ack});
  }
  wire.finish();
  expect(wire.ids()).toEqual([]);
});

test('a fast scan is a scan and no flood', () => {
  const wire = new Wire();
  for (let port = 1; port <= 1_000; port++)
    wire.tcp(port / 1_000, '10.9.9.9', server, {from: 40_000, to: port, flags: syn});
  wire.wait(10);
  wire.finish();
  expect(wire.sums()).toEqual({'network.scan.vertical 10.9.9.9': 1_000});
});

test('datagrams of forged sources are a flood; of one source to many ports, a scan', () => {
  const wire = new Wire();
  for (let n = 0; n < 4_500; n++) {
    wire.udp(n / 1_500, '10.9.9.9', 1_024 + (n % 50_000), server, 9_000 + ((n * 31) % 50_000));
    wire.udp(n / 1_500, forged(n), 4_000, '10.0.0.81', 7_000);
  }
  wire.wait(10);
  wire.finish();
  expect(new Set(Object.keys(wire.sums()))).toEqual(
    new Set(['network.flood.udp 10.0.0.81', 'network.scan.vertical 10.9.9.9']),
  );
});

test('bulk in datagrams is no flood: QUIC, a bandwidth test, voice, video to a group, syslog of many hosts', () => {
  const wire = new Wire();
  for (let n = 0; n < 4_500; n++) {
    const at = n / 1_500;
    wire.udp(at, '10.0.0.5', 5_000, server, 5_201);
    wire.udp(at, '10.0.0.6', 443, '10.0.0.90', 50_000);
    if (n % 8 === 0) wire.udp(at, '10.0.0.90', 50_000, '10.0.0.6', 443);
    wire.udp(at, `10.3.0.${n % 200}`, 33_000, '10.0.0.91', 514);
    wire.udp(at, '10.0.0.7', 16_384, '239.1.1.1', 16_384);
  }
  wire.wait(10);
  expect(wire.ids()).toEqual([]);
});

test('a name server that answers is no victim', () => {
  const wire = new Wire();
  for (let n = 0; n < 4_500; n++) {
    wire.udp(n / 1_500, forged(n % 3_000), 1_024 + (n % 60_000), server, 53, query);
    wire.udp(n / 1_500, server, 53, forged(n % 3_000), 1_024 + (n % 60_000), answer(120));
  }
  wire.wait(10);
  expect(wire.ids()).toEqual([]);
});

test('echo requests that are not answered are a flood, a flood of pings that is answered is not', () => {
  const wire = new Wire();
  for (let n = 0; n < 1_500; n++) {
    wire.icmp(n / 500, forged(n), server, 8, 0);
    wire.icmp(n / 500, '10.0.0.5', '10.0.0.6', 8, 0);
    wire.icmp(n / 500, '10.0.0.6', '10.0.0.5', 0, 0);
    wire.icmp(n / 500, forged(n), '10.0.0.7', 0, 0);
  }
  wire.wait(10);
  expect(new Set(wire.alerts.map(({rule, entity}) => `${rule.id} ${entity}`))).toEqual(
    new Set([`network.flood.icmp ${server}`, 'network.flood.icmp 10.0.0.7']),
  );
});

const query = Buffer.from('000101000001000000000000', 'hex');
function answer(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes[2] = 0x81;
  return bytes;
}

test('answers that nobody asked for are a reflection attack on whom they strike, with their bytes', () => {
  const wire = new Wire();
  wire.udp(0, server, 1_000, '10.0.0.1', 1_000);
  for (let n = 0; n < 2_000; n++) wire.udp(5 + n / 500, forged(n), 53, us, 40_000, answer(1_200));
  wire.wait(20);
  wire.finish();
  expect(wire.sums()).toEqual({[`network.reflection ${us}`]: 2_000});
  expect(wire.alerts[0]?.reason).toMatch(/500 DNS answers, [\d,]+ bytes, within a second that it did not ask for/);
});

test('SYN-ACKs that nobody asked for: of many servers to one host an attack, of one to all over backscatter', () => {
  const wire = new Wire();
  wire.udp(0, server, 1_000, '10.0.0.1', 1_000);
  for (let n = 0; n < 1_000; n++) wire.tcp(5 + n / 500, forged(n), us, {from: 443, to: 40_000 + n, flags: syn | ack});
  for (let n = 0; n < 100; n++)
    wire.tcp(20 + n, '10.9.9.9', `10.8.0.${n}`, {from: 80, to: 2_000 + n, flags: syn | ack});
  wire.finish();
  expect(wire.sums()).toEqual({[`network.reflection ${us}`]: 1_000, 'network.backscatter 10.9.9.9': 100});
  expect(wire.alerts.find(({rule}) => rule.id === 'network.backscatter')?.rule.level).toBe('informational');
});

test('answers that were asked for are none, however many: a resolver, a time server, web servers', () => {
  const wire = new Wire();
  for (let n = 0; n < 4_000; n++) {
    const [at, port] = [5 + n / 1_000, 1_024 + n];
    wire.udp(at, us, port, '10.0.0.53', 53, query);
    wire.udp(at, '10.0.0.53', 53, us, port, answer(300));
    wire.tcp(at, us, '10.0.0.2', {from: port, to: 443, flags: syn});
    wire.tcp(at, '10.0.0.2', us, {from: 443, to: port, flags: syn | ack});
    wire.tcp(at, us, '10.0.0.2', {from: port, to: 443, flags: ack});
  }
  wire.wait(20);
  wire.finish();
  expect(wire.ids()).toEqual([]);
});

test('a server that answers with many times of what it was asked may be turned against others', () => {
  const wire = new Wire();
  wire.udp(0, server, 1_000, '10.0.0.1', 1_000);
  for (let n = 0; n < 400; n++) {
    wire.udp(5 + n / 100, '203.0.114.9', 80, us, 11_211, Buffer.alloc(15));
    for (let part = 0; part < 2; part++) wire.udp(5 + n / 100, us, 11_211, '203.0.114.9', 80, Buffer.alloc(1_400));
  }
  wire.wait(20);
  expect(wire.ids()).toEqual(['network.reflection']);
  expect(wire.alerts[0]).toMatchObject({entity: us});
  expect(wire.alerts[0]?.reason).toMatch(
    /from memcached \(11211\) with [\d,]+ bytes for [\d,]+ within a second, 5\d times/,
  );
});

test('an answer to NTP monlist is told', () => {
  const wire = new Wire();
  const message = Buffer.alloc(440);
  message.set([0xd7, 0, 3, 42]);
  wire.udp(5, us, 123, '203.0.114.9', 40_000, message);
  expect(wire.alerts).toMatchObject([{rule: {id: 'network.reflection'}, entity: us}]);
  expect(wire.alerts[0]?.reason).toContain('monlist');
});

test('what a tunnel carries is counted like anything else', () => {
  const wire = new Wire();
  for (let n = 0; n < 600; n++) {
    const inner = ipv4({from: '10.9.9.9', to: '10.8.0.1', protocol: 17}, udp(1, 2));
    wire.frame(n / 300, ethernet(0x0800, ipv4({from: '10.0.0.2', to: us, protocol: 4}, inner)));
  }
  expect(wire.ids()).toEqual([]);
});
