// Filters in the kernel, on real interfaces of a network of their own.
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {ethernet, ipv4, pcapFile, udp} from '../bench/packet-builder.ts';
import {linux, needs, program, root} from './needs.ts';

const driver = join(__dirname, 'capture-driver.mjs');
/** Frames go round and round from siemA to siemB; the network and its view of /sys end with the command. */
const network = `
  mount -t sysfs sysfs /sys
  ip link add siemA type veth peer name siemB && ip link set siemA up && ip link set siemB up
  tcpreplay -q -i siemA --pps=40 --loop=0 "$0" > /dev/null 2>&1 & trap "kill $!" EXIT
  "$@"`;
const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.stdin?.end();
    if (child.exitCode === null) await once(child, 'exit');
  }
});

const live = needs(linux, root, program('ip', '-V'), program('tcpreplay'), canUnshare());
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-filter-'));
  writeFileSync(join(folder, 'frames.pcap'), pcapFile(frames().map(bytes => ({bytes, time: 0}))));
});
afterAll(() => rmSync(folder, {recursive: true}));

/** To the ports 9 and 10, at .2 in VLAN 7, at .3 in none. */
function frames(): readonly Buffer[] {
  return [2, 3].flatMap(host =>
    [9, 10].map(port => {
      const datagram = udp(40_000, port, Buffer.from('ping'));
      const packet = ipv4({from: '10.77.0.1', to: `10.77.0.${host}`, protocol: 17}, datagram);
      return ethernet(0x0800, packet, host === 2 ? {vlans: [7]} : {});
    }),
  );
}

live('only what the filter accepts is handed over', async () => {
  const {flows, seen} = await captured('siemB', 'udp dst port 9', 2);
  expect(flows).toEqual(['10.77.0.2 9', '10.77.0.3 9']);
  expect(seen).toBeGreaterThan(0);
});

live('a tag that the kernel took out of a packet is seen by the filter', async () => {
  expect((await captured('siemB', 'vlan 7 and udp dst port 9', 1)).flows).toEqual(['10.77.0.2 9']);
  expect((await captured('siemB', 'vlan and udp', 2)).flows).toEqual(['10.77.0.2 10', '10.77.0.2 9']);
  expect((await captured('siemB', 'udp and not vlan 7', 2)).flows).toEqual(['10.77.0.3 10', '10.77.0.3 9']);
});

live('so is a tag in the packets that this machine sends, which are outbound', async () => {
  expect((await captured('siemA', 'outbound and vlan 7 and udp dst port 9', 1)).flows).toEqual(['10.77.0.2 9']);
  expect((await captured('siemB', 'inbound and udp dst port 10', 2)).flows).toEqual(['10.77.0.2 10', '10.77.0.3 10']);
});

live('a filter that is wrong is said with its place', async () => {
  const {error} = await captured('siemB', 'udp dst port', 0);
  expect(error).toBe('udp dst port\n            ^\nExpected a port such as 443, got the end.');
});

interface Captured {
  /** Destinations of the flows. */
  readonly flows: readonly string[];
  readonly seen: number;
  readonly error: string;
}

/** Captures until so many destinations were seen and the counters came after, then ends. */
async function captured(name: string, filter: string, wanted: number): Promise<Captured> {
  const words = [
    '-n',
    '-m',
    'bash',
    '-c',
    network,
    join(folder, 'frames.pcap'),
    process.execPath,
    driver,
    'live',
    name,
  ];
  const env = {...process.env, CAPTURE_FILTER: filter};
  const child = spawn('unshare', words, {env, stdio: ['pipe', 'pipe', 'inherit']});
  running.push(child);
  const flows = new Set<string>();
  let seen = 0;
  let error = '';
  let enough = 0;
  for await (const line of createInterface({input: child.stdout})) {
    const {type, value} = JSON.parse(line);
    if (type === 'flow') flows.add(`${value.destinationIp} ${value.destinationPort}`);
    if (type === 'counters') seen = value.seen;
    if (type === 'counters' && flows.size >= wanted) enough++;
    if (type === 'error') error = value.message;
    if (enough === 3 || type === 'error') child.stdin.end();
  }
  return {flows: [...flows].sort(), seen, error};
}

function canUnshare(): string {
  return spawnSync('unshare', ['-n', '-m', 'true']).status === 0 ? '' : 'needs a network namespace';
}
