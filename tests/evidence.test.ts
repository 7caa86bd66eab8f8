import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, statSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {join} from 'node:path';
import {ethernet, icmp, ipv4, pcapFile} from '../bench/packet-builder.ts';
import {linux, needs, program, root} from './needs.ts';
import {cleanUp, configure, monitor, query, siem, until, watches, workFolder} from './support/siem.ts';

afterEach(cleanUp);

/** 40 packets between two machines, one of them an ICMP packet larger than the link allows. */
function capture(): Buffer {
  const ping = (from: string, to: string, length: number) =>
    ethernet(0x0800, ipv4({from, to, protocol: 1}, icmp(8, 0, 1, 1, Buffer.alloc(length))));
  const packets = Array.from({length: 40}, (_, n) => ({
    time: 1_700_000_000_000_000 + n * 100_000,
    bytes: n % 4 === 3 ? ping('10.0.0.8', '10.0.0.9', 56) : ping('10.0.0.1', '10.0.0.2', n === 20 ? 4_000 : 56),
  }));
  return pcapFile(packets);
}

test('a network alert keeps its own packets, which siem alerts export writes out once', async () => {
  const folder = workFolder();
  const dataDir = join(folder, 'data');
  const file = join(folder, 'ping.pcap');
  const out = join(folder, 'out.pcapng');
  writeFileSync(file, capture());
  expect(await siem(['import', file, '--data-dir', dataDir]).ended).toMatchObject({status: 0});
  const [alert] = await query(dataDir, '-k', 'alerts', '--since', '2023-11-14', 'rule:network.icmp.oversized');
  const id = String(alert?.['event.id']);
  const exported = () => siem(['alerts', 'export', id.slice(0, 10), '-o', out, '--data-dir', dataDir]).ended;
  expect(await exported()).toMatchObject({status: 0, out: `${out}\n`});
  const read = await siem(['read', out]).ended;
  const flows = read.out.split('\n').filter(line => line.includes('"flow"'));
  expect(flows).toHaveLength(1);
  expect(JSON.parse(flows[0] ?? '{}')).toMatchObject({'source.ip': '10.0.0.1', 'destination.ip': '10.0.0.2'});
  expect(JSON.parse(flows[0] ?? '{}')).toMatchObject({'source.packets': 30});
  expect(await exported()).toMatchObject({status: 1, err: expect.stringContaining('is there already')});
});

test('an alert without packets, and what is no id, are told as such', async () => {
  const dataDir = join(workFolder(), 'data');
  const none = await siem(['alerts', 'export', 'abcdef', '--data-dir', dataDir]).ended;
  expect(none).toMatchObject({status: 1, err: expect.stringContaining('no packets are kept')});
  const wrong = await siem(['alerts', 'export', '../etc', '--data-dir', dataDir]).ended;
  expect(wrong).toMatchObject({status: 2, err: expect.stringContaining('Expected the id of an alert')});
});

needs(
  linux,
  root,
  program('tshark'),
)('live, the packets of a port scan are kept, and a packet analyser opens them', async () => {
  const dataDir = join(workFolder(), 'data');
  configure(dataDir, {monitor: {sources: 'packets'}, capture: {interfaces: 'lo', evidence_megabytes: 4}});
  await watches(await monitor(dataDir), 'packets');
  for (let port = 1; port <= 40; port++) await refused(port);
  const folder = join(dataDir, 'evidence');
  const kept = () => (existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.pcapng')) : []);
  await until('the packets are kept', async () => kept().length);
  const path = join(folder, kept()[0] ?? '');
  const {stdout} = spawnSync('tshark', ['-r', path, '-Y', 'tcp.flags.syn==1 && tcp.flags.ack==0'], {encoding: 'utf8'});
  expect(stdout.split('\n').filter(line => line.includes('127.0.0.1')).length).toBeGreaterThanOrEqual(15);
  expect(statSync(join(folder, 'recent.ring')).size).toBeLessThanOrEqual(4 << 20);
});

function refused(port: number): Promise<void> {
  return new Promise(resolve => {
    connect(port, '127.0.0.1')
      .on('error', () => resolve())
      .on('connect', function (this: {destroy(): void}) {
        this.destroy();
        resolve();
      });
  });
}
