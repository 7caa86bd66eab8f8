import {ack, fin, psh, rst, syn, urg, us, Wire} from './network.test-helper.ts';

const scanner = '10.9.9.9';

test('a scan is told at its threshold and, when it is over, with what is left', () => {
  const wire = new Wire();
  for (let port = 1; port <= 40; port++) wire.tcp(1 + port / 100, scanner, us, {from: 40_000, to: port, flags: syn});
  wire.finish();
  expect(wire.sums()).toEqual({[`network.scan.vertical ${scanner}`]: 40});
  expect(wire.alerts).toHaveLength(2);
  expect(wire.alerts[1]?.reason).toBe(`${scanner} tried 40 ports of ${us} within a second, none of which accepted.`);
});

test('ten ports are no scan', () => {
  const wire = new Wire();
  for (let port = 1; port <= 10; port++) wire.tcp(port, scanner, us, {from: 40_000, to: port, flags: syn});
  wire.finish();
  expect(wire.alerts).toEqual([]);
});

test('few hosts on several ports are a network scan that names the ports', () => {
  const wire = new Wire({network: {scan_hosts: 5}});
  [80, 80, 8080, 80, 88, 80, 88, 80].forEach((port, n) => {
    wire.tcp(n, scanner, `10.8.0.${n + 1}`, {from: 40_000 + n, to: port, flags: syn});
  });
  wire.finish();
  expect(wire.sums()).toEqual({[`network.scan.horizontal ${scanner}`]: 8});
  expect(wire.reasons()).toContain('8 hosts on 3 ports (80, 8080, 88)');
});

test('a client behind whom hosts answer is no scanner: a NAT gateway, a crawler, a peer among peers', () => {
  const wire = new Wire();
  for (let n = 0; n < 200; n++) {
    const [host, port] = [`10.7.${n >> 6}.${n}`, 30_000 + n];
    if (n % 3 === 0) wire.tcp(n / 10, scanner, host, {from: port, to: 30_303, flags: syn});
    else wire.connection(n / 10, scanner, port, host, 30_303);
  }
  wire.finish();
  expect(wire.alerts).toEqual([]);
});

test('connections that last speak for a client too, and ones that are reset at once do not', () => {
  const wire = new Wire({network: {scan_hosts: 20}});
  for (let n = 0; n < 80; n++) {
    const [host, client] = [`10.7.0.${n}`, n < 40 ? scanner : '10.9.9.8'];
    wire.tcp(n / 10, client, host, {from: 30_000 + n, to: 30_303, flags: syn});
    if (n % 2 === 1) continue;
    wire.tcp(n / 10, host, client, {from: 30_303, to: 30_000 + n, flags: syn | ack});
    wire.tcp(n / 10, client, host, {from: 30_000 + n, to: 30_303, flags: client === scanner ? rst : ack});
  }
  wire.tcp(20, scanner, '10.7.1.1', {from: 29_000, to: 30_303, flags: syn});
  wire.wait(30);
  expect(new Set(wire.alerts.map(({entity}) => entity))).toEqual(new Set([scanner]));
});

test('datagrams to closed ports are a port scan, told by what the host says of them', () => {
  const wire = new Wire();
  for (let n = 0; n < 20; n++) {
    wire.udp(n / 10, scanner, 50_000, us, 100 + n);
    const quoted = Buffer.from('4500001c0001000040110000', 'hex');
    const ends = Buffer.from([10, 9, 9, 9, 192, 168, 1, 10, 50_000 >> 8, 50_000 & 255, 0, 100 + n, 0, 8, 0, 0]);
    wire.icmp(n / 10, us, scanner, 3, 3, Buffer.concat([quoted, ends]));
  }
  wire.finish();
  expect(wire.sums()).toEqual({[`network.scan.vertical ${scanner}`]: 20});
  expect(wire.reasons()).toContain('15 UDP ports');
});

test('datagrams to many ports that nothing answers are a port scan once their time is over', () => {
  const wire = new Wire();
  for (let n = 0; n < 20; n++) wire.udp(n / 10, scanner, 50_000, us, 100 + n);
  wire.wait(90);
  expect(wire.ids()).toEqual(['network.scan.vertical']);
});

test('traceroute, late answers and multicast are no UDP scan', () => {
  const wire = new Wire();
  for (let n = 0; n < 90; n++) wire.udp(n / 10, us, 50_000, '10.1.1.1', 33_434 + n);
  for (let n = 0; n < 60; n++) wire.udp(n / 10, '10.0.0.53', 53, us, 40_000 + n);
  for (let n = 0; n < 60; n++) wire.udp(n / 10, us, 40_000 + n, '239.255.255.250', 1_900 + n);
  wire.wait(120);
  wire.finish();
  expect(wire.alerts).toEqual([]);
});

test('a few ports an hour over hours are a slow scan, and no fast one', () => {
  const wire = new Wire();
  for (let n = 0; n < 20; n++) wire.tcp(n * 600, scanner, us, {from: 40_000 + n, to: 20 + n, flags: syn});
  wire.finish();
  expect(wire.ids()).toEqual(['network.scan.slow']);
  // Counted by a bitmap: about twenty.
  expect(Math.abs((wire.sums()[`network.scan.slow ${scanner}`] ?? 0) - 20)).toBeLessThanOrEqual(1);
  expect(wire.reasons()).toContain(`ports of ${us} over 3 hours`);
});

test('what is left over of a slow scan names the scanner, whoever came since', () => {
  const wire = new Wire();
  for (let n = 0; n < 20; n++) wire.tcp(n * 600, scanner, us, {from: 40_000 + n, to: 20 + n, flags: syn});
  wire.tcp(12_001, '10.9.9.7', '10.8.0.3', {from: 50_000, to: 80, flags: syn});
  wire.finish();
  expect(wire.alerts.length).toBeGreaterThan(1);
  for (const alert of wire.alerts) {
    expect(alert).toMatchObject({entity: scanner, fields: {'source.ip': scanner, 'destination.ip': us}});
  }
});

test('a source that also connects is no slow scanner, nor is one that tries one port again and again', () => {
  const wire = new Wire();
  for (let n = 0; n < 30; n++) {
    wire.tcp(n * 600, scanner, us, {from: 40_000 + n, to: 20 + n, flags: syn});
    wire.connection(n * 600 + 1, scanner, 30_000 + n, us, 443);
    wire.tcp(n * 600, '10.9.9.8', us, {from: 40_000 + n, to: 22, flags: syn});
  }
  wire.finish();
  expect(wire.alerts).toEqual([]);
});

test('NULL, FIN and XMAS probes are each told, from the first on', () => {
  const wire = new Wire();
  [0, fin, fin | psh | urg].forEach((flags, n) => {
    wire.tcp(n, scanner, us, {from: 50_000 + n, to: 3390 + n, flags});
    wire.tcp(n, us, scanner, {from: 3390 + n, to: 50_000 + n, flags: rst | ack});
  });
  wire.finish();
  expect(wire.sums()).toEqual({[`network.scan.stealth ${scanner}`]: 3});
  for (const kind of ['NULL', 'FIN', 'XMAS']) expect(wire.reasons()).toContain(`sends ${kind} probes`);
});

test('bare ACKs to many ports without a connection map a firewall', () => {
  const wire = new Wire();
  for (let n = 0; n < 20; n++) {
    wire.tcp(n / 10, scanner, us, {from: 50_000, to: 100 + n, flags: ack});
    wire.tcp(n / 10, us, scanner, {from: 100 + n, to: 50_000, flags: rst});
  }
  wire.wait(30);
  wire.finish();
  expect(wire.sums()).toEqual({[`network.scan.stealth ${scanner}`]: 20});
});

test('resets, keepalives, urgent data and ECN are ordinary', () => {
  const wire = new Wire();
  wire.connection(0, scanner, 40_000, us, 80);
  for (const flags of [rst, rst | ack, ack | urg, ack | psh | urg, ack | fin | psh, syn | 0xc0, ack | 0x80]) {
    wire.tcp(1, scanner, us, {from: 40_001, to: 80, flags});
  }
  wire.finish();
  expect(wire.alerts).toEqual([]);
});

test('a stealth flood of forged sources is one alert on its victim', () => {
  const wire = new Wire();
  for (let n = 0; n < 400; n++) wire.tcp(n / 1000, `11.0.${n >> 8}.${n & 255}`, us, {from: 1, to: 80, flags: 0});
  wire.finish();
  expect(wire.sums()).toEqual({[`network.scan.stealth ${us}`]: 400});
});

test("nmap's fingerprinting is told as that, and not as stealth scans", () => {
  const wire = new Wire();
  wire.tcp(0, scanner, us, {from: 50_001, to: 22, flags: 0, window: 128});
  wire.tcp(0.1, scanner, us, {from: 50_002, to: 22, flags: syn | fin | urg | psh, window: 256});
  wire.tcp(0.2, scanner, us, {from: 50_003, to: 1, flags: syn, window: 31_337});
  wire.icmp(0.3, scanner, us, 8, 9, Buffer.alloc(120));
  wire.udp(0.4, scanner, 50_004, us, 40_125, Buffer.alloc(300, 'C'));
  wire.finish();
  expect(wire.ids()).toEqual(['network.scan.fingerprint']);
  expect(wire.alerts[0]).toMatchObject({entity: scanner, count: 1});
});

test('echo requests to hosts that do not answer are a sweep; to those that do, monitoring', () => {
  const wire = new Wire();
  for (let n = 1; n <= 60; n++) {
    wire.icmp(n / 10, scanner, `10.8.0.${n}`, 8, 0);
    wire.icmp(n / 10, us, `10.6.0.${n}`, 8, 0);
    wire.icmp(n / 10, `10.6.0.${n}`, us, 0, 0);
  }
  wire.wait(60);
  wire.finish();
  expect(wire.sums()).toEqual({[`network.icmp.sweep ${scanner}`]: 60});
});
