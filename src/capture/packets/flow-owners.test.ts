import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {FlowOwners} from './flow-owners.ts';

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
