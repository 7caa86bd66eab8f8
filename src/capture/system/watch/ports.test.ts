import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {LogEvent} from '../../../event/event.ts';
import type {Position} from '../../source.ts';
import {type Harness, harness} from '../test-context.test-helper.ts';
import {PortWatch} from './ports.ts';
import {readListeners} from './proc-net.ts';

const start = Date.UTC(2026, 0, 5, 12) * 1000;
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'siem-ports-'));
  mkdirSync(join(root, 'proc', 'net'), {recursive: true});
  mkdirSync(join(root, 'proc', 'sys', 'net', 'ipv4'), {recursive: true});
  mkdirSync(join(root, 'etc'));
  writeFileSync(join(root, 'etc', 'passwd'), 'root:x:0:0::/root:/bin/sh\nbob:x:1000:1000::/home/bob:/bin/sh\n');
  writeFileSync(join(root, 'proc', 'sys', 'net', 'ipv4', 'ip_local_port_range'), '32768\t60999\n');
  table('tcp', [ssh]);
});

afterEach(() => rmSync(root, {recursive: true}));

const ssh = row('00000000', 22, '0A', 0, 100);
const evil = row('00000000', 4444, '0A', 1000, 200);

function row(address: string, port: number, state: string, uid: number, inode: number): string {
  const local = `${address}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const remote = `${'0'.repeat(address.length)}:0000`;
  return `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 1 0000 100`;
}

function table(name: string, rows: readonly string[]): void {
  writeFileSync(join(root, 'proc', 'net', name), ['  sl  local_address rem_address', ...rows, ''].join('\n'));
}

function owner(pid: number, name: string, inode: number): void {
  mkdirSync(join(root, 'proc', String(pid), 'fd'), {recursive: true});
  writeFileSync(join(root, 'proc', String(pid), 'comm'), `${name}\n`);
  symlinkSync(`socket:[${inode}]`, join(root, 'proc', String(pid), 'fd', '3'));
}

async function watch(run: Harness, position?: Position): Promise<LogEvent[]> {
  const source = new PortWatch({seconds: 5, root, pause: run.pause, ownPid: 77});
  await source.start(run.emit, run.signal, run.context(position));
  return run.batches.flatMap(batch => batch.events) as LogEvent[];
}

const actions = (events: readonly LogEvent[]) =>
  events.map(event => [event.fields?.['event.action'], event.fields?.['server.port']]);

test('the first run takes the listeners as they are', async () => {
  const run = harness(start, 1);
  expect(await watch(run)).toEqual([]);
  expect(run.batches).toHaveLength(1);
  expect(run.news).toMatchObject([{state: 'running', detail: '1 listening, looked at each 5 s'}]);
});

test('a port that opens is reported with its program, process and user, and again when it closes', async () => {
  owner(31, 'nc', 200);
  const run = harness(start, 3, count => table('tcp', count === 1 ? [ssh, evil] : [ssh]));
  const events = await watch(run);
  expect(actions(events)).toEqual([
    ['port_opened', 4444],
    ['port_closed', 4444],
  ]);
  expect(events[0]).toMatchObject({
    provider: 'siem',
    user: 'bob',
    pid: 31,
    message: 'Port 4444/tcp on 0.0.0.0 opened by nc (process 31) of bob',
    fields: {'server.ip': '0.0.0.0', 'network.transport': 'tcp', 'process.name': 'nc', 'siem.watch.ephemeral': false},
  });
  expect(events[1]?.fields).toMatchObject({'process.name': 'nc'});
});

test('a port opened while the program was down is found at the next start, with positions that go on', async () => {
  const first = harness(start, 3, count => table('tcp', count === 1 ? [ssh, evil] : [ssh]));
  await watch(first);
  table('tcp', [ssh, evil]);
  const again = harness(start, 1);
  const events = await watch(again, JSON.parse(JSON.stringify(first.batches.at(-1)?.position)));
  expect(actions(events)).toEqual([['port_opened', 4444]]);
  expect(events[0]).toMatchObject({position: 2, origin: {epoch: String(start)}});
});

test('this program’s own listener is no news', async () => {
  owner(77, 'siem', 200);
  expect(await watch(harness(start, 2, () => table('tcp', [ssh, evil])))).toEqual([]);
});

test('a datagram socket that the kernel numbered counts once it has stayed a minute', async () => {
  const lookup = row('00000000', 40_000, '07', 0, 300);
  const service = row('00000000', 69, '07', 0, 301);
  const brief = harness(start, 6, count => table('udp', count < 5 ? [lookup, service] : []));
  expect(actions(await watch(brief))).toEqual([
    ['port_opened', 69],
    ['port_closed', 69],
  ]);
  const lasting = harness(start, 20, () => table('udp', [lookup]));
  expect(actions(await watch(lasting))).toEqual([['port_opened', 40_000]]);
});

test('without /proc/net the watch says so and ends', async () => {
  rmSync(join(root, 'proc', 'net', 'tcp'));
  const run = harness(start, 5);
  await watch(run);
  expect(run.news).toMatchObject([{state: 'failed', detail: expect.stringContaining('Linux only')}]);
});

test.each([
  ['0100007F', '127.0.0.1'],
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000001000000', '::1'],
  ['0000000000000000FFFF00000100007F', '127.0.0.1'],
  ['B80D0120000000000000000001000000', '2001:db8::1'],
  ['000080FE00000000FF57A6705DC771FE', 'fe80::70a6:57ff:fe71:c75d'],
])('the kernel’s address %s reads %s', (hex, address) => {
  expect(readListeners(`head\n${row(hex, 80, '0A', 0, 1)}`, 'tcp', 'LE')).toMatchObject([{address, port: 80}]);
});

test('an established connection, a connected datagram socket and garbage are no listeners', () => {
  expect(readListeners(`head\n${row('0100007F', 80, '01', 0, 1)}\ngarbage\n\n0: zz:zz`, 'tcp')).toEqual([]);
  const connected = row('0100007F', 80, '07', 0, 1).replace('00000000:0000', '0100007F:0035');
  expect(readListeners(`head\n${connected}`, 'udp')).toEqual([]);
});
