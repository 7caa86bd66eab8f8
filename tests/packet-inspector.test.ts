import {spawnSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {ethernet, ipv4, pcapFile, tcp} from '../bench/packet-builder.ts';
import type {RawPacket} from '../src/capture/packets/backend.ts';
import {explainPacket} from '../src/capture/packets/decode/explain.ts';
import {PacketInspector, type PacketInspectorOptions} from '../src/capture/packets/inspect/packet-inspector.ts';
import {SensorProcess} from '../src/capture/packets/sensor-process.ts';
import {program as installed, linux, needs, root} from './needs.ts';
import {cleanUp, program, workFolder} from './support/siem.ts';

const entry = join(process.cwd(), 'dist', 'src', 'capture', 'packets', 'inspect', 'inspector-main.js');
const request = Buffer.from('GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n');
const segment = tcp({from: 40_000, to: 80, flags: 0x18}, request);
const bytes = ethernet(0x0800, ipv4({from: '10.0.0.1', to: '10.0.0.2', protocol: 6}, segment));
const packet: RawPacket = {
  bytes,
  start: 0,
  end: bytes.length,
  wire: bytes.length,
  time: 1,
  outgoing: false,
  vlan: -1,
  link: 'ethernet',
  etherType: 0,
};

const started: SensorProcess[] = [];
const inspectors: PacketInspector[] = [];
afterEach(async () => {
  for (const inspector of inspectors.splice(0)) await inspector.close();
  for (const one of started.splice(0)) await one.exited;
  await cleanUp();
});

function inspectorWith(options: Partial<PacketInspectorOptions> = {}): PacketInspector {
  const launch = () => {
    const one = new SensorProcess(entry, {mode: 'inspect', user: 'nobody'}, () => {});
    started.push(one);
    return one;
  };
  const inspector = new PacketInspector({launch, rest: 0, ...options});
  inspectors.push(inspector);
  return inspector;
}

test('a packet is decoded and filtered by another process as it would be here', async () => {
  const inspector = inspectorWith();
  expect(await inspector.explain(packet)).toEqual(explainPacket(packet));
  const other = {...packet, bytes: ethernet(0x0806, Buffer.alloc(28)), end: 42};
  expect(await inspector.match('tcp port 80', [packet, other, packet])).toEqual([true, false, true]);
  expect(started).toHaveLength(1);
});

needs(linux)('that process has no right at all, and can get none', async () => {
  await inspectorWith().explain(packet);
  const status = readFileSync(`/proc/${started[0]?.pid}/status`, 'utf8');
  expect(status).toMatch(/^CapEff:\s+0+$/m);
  expect(status).toMatch(/^CapPrm:\s+0+$/m);
  expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
  expect(status).not.toMatch(/^Uid:.*\t0\b/m);
});

needs(linux)('one that is killed is said so, and the next packet is decoded by another', async () => {
  const inspector = inspectorWith();
  await inspector.explain(packet);
  process.kill(started[0]?.pid ?? 0, 'SIGSTOP');
  const asked = expect(inspector.explain(packet)).rejects.toThrow(/ended \(SIGKILL\)/);
  started[0]?.kill();
  await asked;
  expect(await inspector.explain(packet)).toEqual(explainPacket(packet));
});

needs(linux)('one that hangs is ended and said so; none is left behind', async () => {
  const inspector = inspectorWith({patience: 3_000});
  await inspector.explain(packet);
  const pid = started[0]?.pid ?? 0;
  process.kill(pid, 'SIGSTOP');
  await expect(inspector.explain(packet)).rejects.toThrow('gave no answer within 3 s');
  expect(await started[0]?.exited).toMatchObject({killedBy: 'SIGKILL'});
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('one that nobody asks any more ends by itself', async () => {
  await inspectorWith({idle: 1}).explain(packet);
  expect(await started[0]?.exited).toMatchObject({status: 0, killedBy: null});
});

needs(
  linux,
  root,
  installed('setpriv'),
)('a user whose node may capture packets reads captures as well: the capability is lost first', async () => {
  const file = join(workFolder(), 'one.pcap');
  writeFileSync(file, pcapFile([{time: 1_700_000_000_000_000, bytes}]));
  const asNobody = [
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    '--inh-caps=+net_raw',
    '--ambient-caps=+net_raw',
  ];
  const run = (...words: string[]) =>
    spawnSync('setpriv', [...asNobody, process.execPath, ...words], {encoding: 'utf8'});
  // In a clone under root's home nobody cannot even start the program.
  if (run('-e', `require('node:fs').readFileSync(${JSON.stringify(program)})`).status !== 0) return;
  const read = run(program, 'read', file);
  expect([read.status, read.stderr]).toEqual([0, '']);
  expect(read.stdout).toContain('"source.ip":"10.0.0.1"');
});
