import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {FlowOwners} from './flow-owners.ts';
import type {BegunFlow} from './messages.ts';

let root: string;
let time: number;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'siem-owners-'));
  time = 0;
  mkdirSync(join(root, 'proc', 'net'), {recursive: true});
  mkdirSync(join(root, 'etc'));
  writeFileSync(join(root, 'etc', 'passwd'), 'root:x:0:0::/root:/bin/sh\nbob:x:1000:1000::/home/bob:/bin/sh\n');
});

afterEach(() => rmSync(root, {recursive: true}));

/** Addresses as the kernel of a little-endian machine prints them. */
const us = '0A01A8C0';
const them = '070200C0';

function row(local: string, port: number, remote: string, remotePort: number, uid: number, inode: number): string {
  const end = (address: string, number: number) => `${address}:${number.toString(16).toUpperCase().padStart(4, '0')}`;
  return `  0: ${end(local, port)} ${end(remote, remotePort)} 01 00000000:00000000 00:00000000 00000000  ${uid}  0 ${inode} 1`;
}

function table(name: string, ...rows: readonly string[]): void {
  writeFileSync(join(root, 'proc', 'net', name), ['  sl  local_address', ...rows, ''].join('\n'));
}

function owns(pid: number, name: string, inode: number): void {
  mkdirSync(join(root, 'proc', String(pid), 'fd'), {recursive: true});
  writeFileSync(join(root, 'proc', String(pid), 'comm'), `${name}\n`);
  symlinkSync(`socket:[${inode}]`, join(root, 'proc', String(pid), 'fd', '3'));
}

const owners = () => new FlowOwners({root, own: () => ['192.168.1.10'], now: () => time});
const flow = (more = {}) => ({
  position: 1,
  ended: false,
  transport: 'tcp',
  sourceIp: '192.168.1.10',
  sourcePort: 50_000,
  destinationIp: '192.0.2.7',
  destinationPort: 443,
  ...more,
});

test('the next report of a flow tells its process and user, and the end still does', async () => {
  table('tcp', row(us, 50_000, them, 443, 1000, 77));
  owns(42, 'curl', 77);
  const known = owners();
  expect(known.of(flow())).toBeUndefined();
  await known.idle();
  expect(known.of(flow())).toMatchObject({'process.pid': 42, 'process.name': 'curl', 'user.name': 'bob'});
  table('tcp');
  expect(known.of(flow({ended: true}))).toMatchObject({'process.name': 'curl'});
  expect(known.of(flow({ended: true}))).toBeUndefined();
});

test('a connection that processes share is of the one that opened it, not of what it started', async () => {
  const runs = (pid: number, parent: number, name: string) => {
    owns(pid, name, 77);
    writeFileSync(join(root, 'proc', String(pid), 'stat'), `${pid} (${name}) S ${parent} 9 9 0 -1\n`);
  };
  table('tcp', row(us, 50_000, them, 443, 1000, 77));
  runs(42, 7, 'bash');
  runs(60, 42, 'a) S 1 (b');
  runs(61, 60, 'cat');
  // Has another socket there.
  owns(7, 'sshd', 5);
  const known = owners();
  known.of(flow());
  await known.idle();
  expect(known.of(flow())).toMatchObject({'process.pid': 42, 'process.name': 'bash'});
});

test('a flow that others began, and datagrams to a socket of any address, are told too', async () => {
  table('tcp', row(us, 22, them, 60_000, 0, 5));
  table('udp', row('00000000', 53, '00000000', 0, 0, 6));
  owns(1, 'sshd', 5);
  owns(2, 'named', 6);
  const known = owners();
  const incoming = flow({
    sourceIp: '192.0.2.7',
    sourcePort: 60_000,
    destinationIp: '192.168.1.10',
    destinationPort: 22,
  });
  const asked = {...incoming, position: 2, transport: 'udp', destinationPort: 53};
  known.of(incoming);
  known.of(asked);
  await known.idle();
  expect(known.of(incoming)).toMatchObject({'process.name': 'sshd'});
  expect(known.of(asked)).toMatchObject({'process.name': 'named'});
  expect(known.ofEnds(incoming)).toMatchObject({'process.pid': 1});
});

test('a TCP connection is never given to whoever listens on its port', async () => {
  table('tcp', row('00000000', 443, '00000000', 0, 0, 5));
  owns(1, 'nginx', 5);
  const known = owners();
  const forwarded = flow({sourceIp: '192.0.2.7', destinationIp: '192.168.1.10'});
  known.of(forwarded);
  await known.idle();
  expect(known.of(forwarded)).toBeUndefined();
});

test("another machine's conversations are not looked up", async () => {
  table('tcp', row(us, 50_000, them, 443, 1000, 77));
  owns(42, 'curl', 77);
  const known = owners();
  const foreign = flow({sourceIp: '192.168.1.99'});
  known.of(foreign);
  await known.idle();
  expect(known.of(foreign)).toBeUndefined();
});

test('a question to another machine is never given to who listens here on the same port', async () => {
  table('udp', row('00000000', 53, '00000000', 0, 0, 6));
  owns(2, 'named', 6);
  const known = owners();
  const asked = flow({transport: 'udp', destinationPort: 53});
  known.of(asked);
  await known.idle();
  expect(known.of(asked)).toBeUndefined();
  expect(known.ofEnds(asked)).toBeUndefined();
});

const begun: BegunFlow = {
  number: 1,
  family: 4,
  protocol: 6,
  words: [0, 0, 0, 0xc0a8010a, 0, 0, 0, 0xc0000207],
  sourcePort: 50_000,
  destinationPort: 443,
};

test('a flow that has just begun is looked up before its first report, which then tells', async () => {
  table('tcp', row(us, 50_000, them, 443, 1000, 77));
  owns(42, 'curl', 77);
  const known = owners();
  known.begun([begun]);
  await known.idle();
  table('tcp');
  expect(known.of(flow())).toMatchObject({'process.pid': 42, 'user.name': 'bob'});
});

test('whose socket is not accepted yet is looked for again, whose socket is gone is not', async () => {
  const [accepting, waiting] = [row(us, 50_000, them, 443, 0, 0), row(us, 50_001, them, 443, 0, 0)];
  table('tcp', accepting, waiting.replace(' 01 ', ' 06 '));
  const known = owners();
  const gone = {...begun, number: 2, sourcePort: 50_001};
  known.begun([begun, gone]);
  await known.idle();
  table('tcp', row(us, 50_000, them, 443, 1000, 77), row(us, 50_001, them, 443, 1000, 77));
  owns(42, 'curl', 77);
  const flows = [flow(), flow({position: 2, sourcePort: 50_001})];
  for (const one of flows) expect(known.of(one)).toBeUndefined();
  await known.idle();
  expect(flows.map(one => known.of(one)?.['process.pid'])).toEqual([42, undefined]);
});

test('a connection from outside that has no socket yet is looked for again', async () => {
  table('tcp');
  const known = owners();
  known.begun([{...begun, words: [0, 0, 0, 0xc0000207, 0, 0, 0, 0xc0a8010a], sourcePort: 60_000, destinationPort: 22}]);
  await known.idle();
  table('tcp', row(us, 22, them, 60_000, 0, 5));
  owns(1, 'sshd', 5);
  const incoming = {sourceIp: '192.0.2.7', sourcePort: 60_000, destinationIp: '192.168.1.10', destinationPort: 22};
  known.of(flow(incoming));
  await known.idle();
  expect(known.of(flow(incoming))).toMatchObject({'process.name': 'sshd'});
});

test('connections over IPv4 are found in the table of both versions too', async () => {
  const mapped = (address: string) => `0000000000000000FFFF0000${address}`;
  table('tcp', row(us, 1, them, 2, 0, 5));
  table('tcp6', row(mapped(us), 50_000, mapped(them), 443, 1000, 77));
  owns(42, 'java', 77);
  const known = owners();
  known.begun([begun]);
  await known.idle();
  expect(known.of(flow())).toMatchObject({'process.name': 'java'});
});

test('looking takes a twentieth of the time: what costs more is looked up later, with what came meanwhile', async () => {
  jest.useFakeTimers({doNotFake: ['setImmediate', 'performance']});
  try {
    table('tcp', row(us, 50_000, them, 443, 1000, 77), row(us, 50_001, them, 443, 1000, 77));
    owns(42, 'curl', 77);
    // Each time the clock is asked 30 ms have passed: the table takes as long, and so do the processes.
    const known = new FlowOwners({root, own: () => ['192.168.1.10'], now: () => (time += 30)});
    time = 5_000;
    known.begun([begun]);
    await known.idle();
    expect(known.of(flow())).toBeDefined();
    known.begun([{...begun, number: 2, sourcePort: 50_001}]);
    await new Promise(resolve => setImmediate(resolve));
    expect(known.of(flow({position: 2, sourcePort: 50_001}))).toBeUndefined();
    await jest.advanceTimersByTimeAsync(2_000);
    await known.idle();
    expect(known.of(flow({position: 2, sourcePort: 50_001}))).toBeDefined();
  } finally {
    jest.useRealTimers();
  }
});

test('a look that fails costs the owners that it was for, is told, and the next look goes on', async () => {
  table('tcp', row(us, 50_000, them, 443, 1000, 77));
  owns(42, 'curl', 77);
  const told: string[] = [];
  let fails = true;
  const own = () => {
    if (fails) throw new Error('EMFILE: too many open files');
    return ['192.168.1.10'];
  };
  const known = new FlowOwners({root, own, now: () => time, log: line => told.push(line)});
  known.of(flow());
  await known.idle();
  expect(told).toEqual(['who has the newest flows is not known: EMFILE: too many open files']);
  fails = false;
  expect(known.of(flow())).toBeUndefined();
  await known.idle();
  expect(known.of(flow())).toMatchObject({'process.pid': 42});
});
