import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {LinuxSampler} from './linux-sampler.ts';
import type {Sample} from './sampler.ts';

let root: string;
let sampler: LinuxSampler;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'siem-proc-'));
  mkdirSync(join(root, 'proc', 'net'), {recursive: true});
  mkdirSync(join(root, 'proc', 'self'));
  for (const disk of ['sda', 'dm-0', 'loop0']) mkdirSync(join(root, 'sys', 'block', disk), {recursive: true});
  mkdirSync(join(root, 'sys', 'class', 'net'), {recursive: true});
  symlinkSync('../../devices/pci0/net/eth0', join(root, 'sys', 'class', 'net', 'eth0'));
  symlinkSync('../../devices/virtual/net/docker0', join(root, 'sys', 'class', 'net', 'docker0'));
  symlinkSync('../../devices/virtual/net/veth1', join(root, 'sys', 'class', 'net', 'veth1'));
  write('meminfo', 'MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 400 kB\nSwapTotal: 200 kB\nSwapFree: 150 kB\n');
  write('loadavg', '0.52 0.58 0.59 1/257 1\n');
  write('self/mounts', mounts);
  const sizes: Record<string, number> = {'/': 30, '/srv/my data': 80};
  sampler = new LinuxSampler({
    proc: join(root, 'proc'),
    sys: join(root, 'sys'),
    statfs: async mount => ({blocks: 110, bfree: 110 - (sizes[mount] ?? 0), bavail: 100 - (sizes[mount] ?? 0)}),
  });
});

afterEach(() => rmSync(root, {recursive: true}));

const mounts = [
  'proc /proc proc rw 0 0',
  'overlay / overlay rw 0 0',
  '/dev/sda2 /srv/my\\040data ext4 rw 0 0',
  '/dev/sda2 /very/long/bind/mount ext4 rw 0 0',
  '/dev/loop0 /snap/x squashfs ro 0 0',
  'server:/home /home nfs rw 0 0',
].join('\n');

function write(path: string, text: string): void {
  writeFileSync(join(root, 'proc', path), text);
}

function counters(cpu: readonly number[], disk: number, net: number): void {
  const columns = (busy: number, idle: number) => `${busy} 0 0 ${idle} 0 0 0 0 0 0`;
  const [busy0 = 0, busy1 = 0] = cpu;
  const all = 1000;
  write(
    'stat',
    `cpu  ${columns(busy0 + busy1, 2 * all * disk - busy0 - busy1)}\ncpu0 ${columns(busy0, all * disk - busy0)}\ncpu1 ${columns(busy1, all * disk - busy1)}\nintr 1 2 3\n`,
  );
  const line = (name: string) => `   8 0 ${name} 9 9 ${disk * 100} 9 9 9 ${disk * 10} 9 0 9 9\n`;
  write('diskstats', ['sda', 'sda1', 'dm-0', 'loop0'].map(line).join(''));
  const device = (name: string, bytes: number) => `${name}: ${bytes} 1 0 0 0 0 0 0 ${bytes / 2} 1 0 0 0 0 0 0\n`;
  write(
    'net/dev',
    `Inter-|\n face |\n${device('    lo', net)}${device('  eth0', net)}${device('docker0', net)}${device('veth1', net)}`,
  );
}

async function twoSeconds(): Promise<Sample> {
  counters([100, 200], 1, 1_000);
  await sampler.sample(0);
  await sampler.mountsMeasured();
  counters([350, 950], 2, 5_000);
  return sampler.sample(2);
}

test('processor use is what was not idle between two readings, of all and of each core', async () => {
  const {live} = await twoSeconds();
  expect(live.cpu).toBeCloseTo(50);
  expect(live.cores).toEqual([25, 75]);
});

test('memory in use is what is not available, and swap counts by itself', async () => {
  const {live} = await twoSeconds();
  expect(live).toMatchObject({memory: 60, swap: 25, load: 0.52});
});

test('bytes count once: whole disks, and interfaces that lead outside', async () => {
  const {live} = await twoSeconds();
  expect(live).toMatchObject({diskRead: 25_600, diskWrite: 2_560, networkReceived: 2_000, networkSent: 1_000});
});

test('file systems on disks are measured as df does, once each, under a readable name', async () => {
  const {live, measurements} = await twoSeconds();
  const disks = measurements.filter(({name}) => /^disk\..*used$/.test(name));
  expect(disks).toEqual([
    {name: 'disk./.used', value: 30, unit: 'percent'},
    {name: 'disk./srv/my data.used', value: 80, unit: 'percent'},
  ]);
  expect(live.diskUsed).toBe(80);
});

test('interfaces have metrics of their own, except those that come and go with containers', async () => {
  const {measurements} = await twoSeconds();
  const names = measurements.map(({name}) => name).filter(name => name.startsWith('network.'));
  expect(names).toContain('network.eth0.received');
  expect(names).toContain('network.docker0.sent');
  expect(names.join()).not.toContain('veth');
});

test('the first sample and a counter that began anew measure nothing rather than something wrong', async () => {
  counters([100, 100], 5, 9_000);
  const first = await sampler.sample(0);
  expect(first.live).toMatchObject({cpu: null, cores: [], diskRead: null, networkReceived: null});
  counters([0, 0], 1, 10);
  const reset = await sampler.sample(1);
  expect(reset.live).toMatchObject({cpu: null, diskRead: null, networkReceived: null});
  expect(reset.measurements.every(({value}) => value >= 0)).toBe(true);
});

test('what this machine does not tell is named and not measured', async () => {
  const empty = new LinuxSampler({proc: join(root, 'none'), sys: join(root, 'none'), statfs: () => Promise.reject()});
  const {live} = await empty.sample(0);
  expect(live).toMatchObject({cpu: null, memory: null, load: null, diskUsed: null});
  expect(empty.missing).toEqual(['processor', 'memory', 'disk', 'network']);
});

test('processes are ranked by what they used between two looks, a reused id not mixed up', async () => {
  process1(10, '(a) b)', 100, 7, 50);
  process1(11, 'idle', 500, 8, 10);
  process1(12, 'old', 900, 9, 10);
  await sampler.processes(0);
  process1(10, '(a) b)', 1_100, 7, 50);
  process1(12, 'new', 950, 10, 10);
  const rows = await sampler.processes(10);
  expect(rows).toMatchObject([
    {pid: 10, name: '(a) b)', cpu: 100, memory: 20},
    {pid: 11, name: 'idle', cpu: 0},
    {pid: 12, name: 'new', cpu: 0},
  ]);
});

function process1(pid: number, name: string, ticks: number, started: number, pages: number): void {
  mkdirSync(join(root, 'proc', String(pid)), {recursive: true});
  write(`${pid}/stat`, `${pid} (${name}) S 1 1 1 0 -1 0 0 0 0 0 ${ticks} 0 0 0 20 0 1 0 ${started} 0 ${pages} 0\n`);
}
