import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {createSocket} from 'node:dgram';
import {once} from 'node:events';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as sleep} from 'node:timers/promises';
import {gzipSync} from 'node:zlib';
import {pcapFile} from '../bench/packet-builder.ts';
import {mixedTraffic} from '../bench/traffic.ts';

interface Said {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the program printed, looked at by the assertions
  readonly value: any;
}

const driver = join(__dirname, 'capture-driver.mjs');
const shared = ['../shared/data/pcap', '../../shared/data/pcap'].find(folder => existsSync(folder));
const data = shared ?? '';
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
if (shared === undefined) process.stderr.write('known captures skipped: ../shared/data is not there\n');
if (!isRoot) process.stderr.write('live capture skipped: needs root on Linux\n');

let folder = '';
const running: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-capture-'));
});
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, {recursive: true});
});

function read(file: string, threshold?: number): readonly Said[] {
  const words = ['read', file, ...(threshold === undefined ? [] : [String(threshold)])];
  const done = spawnSync(process.execPath, [driver, ...words], {encoding: 'utf8', maxBuffer: 1 << 28});
  return done.stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Said);
}

function of(said: readonly Said[], type: string): readonly Said['value'][] {
  return said.filter(entry => entry.type === type).map(entry => entry.value);
}

describe('capture files', () => {
  test('a second reading gives the same events, and so does the file in gzip', () => {
    const path = join(folder, 'mixed.pcap');
    const bytes = pcapFile(mixedTraffic(20));
    writeFileSync(path, bytes);
    writeFileSync(`${path}.gz`, gzipSync(bytes));
    const names = (said: readonly Said[]) =>
      of(said, 'flow').map(({position, time, last, packetsOut, history, ended}) => [
        position,
        time,
        last,
        packetsOut,
        history,
        ended,
      ]);
    const [first, second, zipped] = [read(path), read(path), read(`${path}.gz`)];
    expect(of(first, 'flow').length).toBeGreaterThan(20);
    expect(names(second)).toEqual(names(first));
    expect(of(second, 'flow')[0].origin).toEqual(of(first, 'flow')[0].origin);
    expect(names(zipped)).toEqual(names(first));
    const counters = of(first, 'counters').at(-1);
    const tallied = of(first, 'tally').reduce((sum: number, {count}: {count: number}) => sum + count, 0);
    expect([counters.seen, counters.decoded, tallied]).toEqual(new Array(3).fill(mixedTraffic(20).length));
  });

  test('a file that is cut or no capture is said in words', () => {
    const cut = join(folder, 'cut.pcap');
    writeFileSync(cut, pcapFile(mixedTraffic(2)).subarray(0, -3));
    expect(of(read(cut), 'news').at(-1)).toEqual({state: 'ended', detail: '33 packets; the file ends within a packet'});
    const text = join(folder, 'text.pcap');
    writeFileSync(text, 'hello');
    expect(of(read(text), 'error')[0].message).toContain('Expected a pcap or pcapng file, but it begins with 68656c6c');
    expect(of(read(join(folder, 'none')), 'error')[0].message).toContain('ENOENT');
  });

  const known: readonly (readonly [string, number | undefined, readonly string[]])[] = [
    ['445_scan.pcap', 5, ['network.scan.horizontal 176.192.150.3']],
    ['multiport_scan.pcap', 5, ['network.scan.horizontal 125.27.226.209']],
    [
      'oversized-icmp.pcap',
      undefined,
      ['oversized', 'redirect', 'unknown']
        .map(what => `network.icmp.${what} 204.252.102.11`)
        .concat('network.ip.length 204.252.102.11'),
    ],
    ['gro-pgsql.pcap', undefined, []],
    ['modbusSmall.pcap', undefined, []],
    ['backscatter.trace', undefined, ['network.backscatter 202.229.120.98']],
    ['ethereum.pcap', undefined, []],
  ];
  const needed = shared === undefined ? ' (needs ../shared/data)' : '';
  (shared === undefined ? test.skip : test).each(known)(
    `%s at threshold %s raises %j${needed}`,
    (name, threshold, expected) => {
      const said = read(join(data, 'detect', name), threshold);
      expect(of(said, 'news').at(-1).state).toBe('ended');
      const alerts = of(said, 'alert');
      expect([...new Set(alerts.map(alert => `${alert.rule.id} ${alert.entity}`))].sort()).toEqual(expected);
    },
  );
});

(isRoot ? describe : describe.skip)(`live on lo${isRoot ? '' : ' (needs root)'}`, () => {
  test('unprivileged, each packet once, the gap before it recorded, gone with its parent', async () => {
    const before = Date.now() * 1000 - 60_000_000;
    const {child, said, seen} = start(['live', 'lo', String(before)]);
    const [hello] = await seen('hello');
    expect(hello).toMatchObject({capabilitiesZero: true, noNewPrivileges: true});
    expect(hello.uid).not.toBe(0);
    const port = await sendDatagrams(3);
    const [flow] = await seen('flow', value => value.sourcePort === port && value.packetsOut === 3);
    expect(flow).toMatchObject({sourceIp: '127.0.0.1', interface: 'lo', packetsIn: 0, bytesOut: 3 * 32, state: 'S0'});
    expect(flow.origin.source).toBe('packets:lo');
    const rows = of(said, 'packet').filter(row => row.sourcePort === port);
    expect(rows.map(row => row.information)).toEqual(new Array(3).fill(`${port} → 9 Len=4`));
    expect(of(said, 'gap')[0]).toMatchObject({from: before, reason: 'not capturing'});
    child.kill('SIGKILL');
    await goneOf(hello.pid);
  });

  test('a sensor that dies is started again, and what it missed is a gap', async () => {
    const {child, seen} = start(['live', 'lo']);
    const [first] = await seen('hello');
    await seen('counters');
    process.kill(first.pid, 'SIGKILL');
    const [again] = await seen('hello', value => value.pid !== first.pid);
    const [gap] = await seen('gap');
    expect(gap.to).toBeGreaterThan(gap.from);
    child.stdin?.end();
    await seen('news', value => value.state === 'ended');
    await goneOf(again.pid);
  });

  test('without the right, the capability and the commands are named', async () => {
    if (!nobodyCanRead()) return;
    const {seen} = start(['live', 'lo'], asNobody);
    const [error] = await seen('error');
    expect(error.message).toContain('CAP_NET_RAW');
    expect(error.mend).toContain('sudo setcap cap_net_raw+ep');
    expect(error.mend).toContain('packets = no');
  });

  test('a user with nothing but the capability captures, and the capture keeps none of it', async () => {
    if (!nobodyCanRead()) return;
    const {child, seen} = start(['live', 'lo'], [...asNobody, '--inh-caps=+net_raw', '--ambient-caps=+net_raw']);
    const [hello] = await seen('hello');
    expect(hello).toMatchObject({uid: 65_534, capabilitiesZero: true, noNewPrivileges: true});
    const port = await sendDatagrams(1);
    await seen('flow', value => value.sourcePort === port);
    child.stdin?.end();
    await goneOf(hello.pid);
  });

  test('an interface that is not there is waited for', async () => {
    const {child, seen} = start(['live', 'siem-none']);
    const [news] = await seen('news', value => value.state === 'waiting');
    expect(news.detail).toBe('No interface called siem-none.');
    child.stdin?.end();
    await seen('news', value => value.state === 'ended');
  });
});

function start(words: readonly string[], before: readonly string[] = []) {
  const [command = '', ...rest] = [...before, process.execPath, driver, ...words];
  const child = spawn(command, rest, {stdio: ['pipe', 'pipe', 'inherit']});
  running.push(child);
  const said: Said[] = [];
  createInterface({input: child.stdout}).on('line', line => said.push(JSON.parse(line) as Said));
  const seen = async (type: string, wanted: (value: Said['value']) => boolean = () => true) => {
    for (;;) {
      const found = of(said, type).filter(wanted);
      if (found.length > 0) return found;
      await sleep(20);
    }
  };
  return {child, said, seen};
}

const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** In a clone under root's home nobody cannot even start the program. */
function nobodyCanRead(): boolean {
  const [command = '', ...words] = asNobody;
  const look = `require('node:fs').readFileSync(${JSON.stringify(driver)})`;
  if (spawnSync(command, [...words, process.execPath, '-e', look]).status === 0) return true;
  process.stderr.write('capture as nobody skipped: nobody may not read this folder, or there is no setpriv\n');
  return false;
}

/** Sends to the discard port and returns the port that it came from. */
async function sendDatagrams(count: number): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const {port} = socket.address();
  for (let n = 0; n < count; n++) await new Promise(resolve => socket.send('ping', 9, '127.0.0.1', resolve));
  socket.close();
  return port;
}

async function goneOf(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}`)) await sleep(20);
}
