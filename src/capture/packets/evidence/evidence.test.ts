import {closeSync, fstatSync, mkdtempSync, openSync, rmSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {ethernet, ipv4, udp} from '../../../../bench/packet-builder.ts';
import {openParser} from '../../files/open-parser.ts';
import type {RawPacket} from '../backend.ts';
import {blockLength, type PacketOfInterface, packetHeader} from './block.ts';
import {extract} from './extract.ts';
import type {EvidenceRequest} from './request.ts';
import {newestSequence, packetsOfRing} from './ring-reader.ts';
import {RingWriter} from './ring-writer.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, {recursive: true});
});

function ringFile(): number {
  const folder = mkdtempSync(join(tmpdir(), 'siem-ring-'));
  folders.push(folder);
  return openSync(join(folder, 'ring'), 'w+');
}

function packet(from: string, to: string, time: number, length = 20, more: Partial<RawPacket> = {}): RawPacket {
  const bytes = ethernet(0x0800, ipv4({from, to, protocol: 17}, udp(1, 2, Buffer.alloc(length))));
  const own = {bytes, start: 0, end: bytes.length, wire: bytes.length, time, outgoing: false, vlan: -1};
  return {...own, link: 'ethernet', etherType: 0, ...more};
}

function all(fd: number): PacketOfInterface[] {
  return Array.from(packetsOfRing(fd), found => ({...found}));
}

const request = (more: Partial<EvidenceRequest>): EvidenceRequest => ({
  id: 'a1',
  addresses: [],
  macs: [],
  time: 0,
  from: 0,
  until: 1e15,
  comment: 'why',
  ...more,
});

test('what is written is read again, also before the block is full, with a VLAN tag and the direction', () => {
  const fd = ringFile();
  const ring = new RingWriter(fd, 4);
  ring.add(packet('10.0.0.1', '10.0.0.2', 1, 20, {vlan: 7, outgoing: true}), 3, 2_048);
  ring.flush();
  ring.add(packet('10.0.0.1', '10.0.0.2', 2, 900), 0, 128);
  expect(all(fd)).toHaveLength(1);
  ring.flush();
  expect(all(fd)).toMatchObject([
    {time: 1, interfaceIndex: 3, vlan: 7, outgoing: true, wire: 62},
    {time: 2, interfaceIndex: 0, vlan: -1, wire: 942},
  ]);
  const [, second] = all(fd);
  expect((second?.end ?? 0) - (second?.start ?? 0)).toBe(128);
  closeSync(fd);
});

test('the ring never grows beyond its bound, forgets the oldest, and goes on after a restart', () => {
  const fd = ringFile();
  const ring = new RingWriter(fd, 3);
  const large = packet('10.0.0.1', '10.0.0.2', 0, 1_400);
  for (let n = 0; n < 5_000; n++) ring.add({...large, time: n}, 0, 2_048);
  ring.flush();
  expect(fstatSync(fd).size).toBeLessThanOrEqual(3 << 20);
  const times = all(fd).map(({time}) => time);
  expect(times.at(-1)).toBe(4_999);
  expect(times.length).toBeGreaterThan(1_000);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  const again = new RingWriter(fd, 3, newestSequence(fd));
  again.add({...large, time: 9_999}, 0, 2_048);
  again.flush();
  expect(all(fd).at(-1)?.time).toBe(9_999);
  closeSync(fd);
});

test('a disk that refuses ends the keeping and is said, and capture goes on', () => {
  const fd = ringFile();
  const ring = new RingWriter(fd, 3);
  closeSync(fd);
  ring.add(packet('10.0.0.1', '10.0.0.2', 1), 0, 2_048);
  ring.flush();
  expect(ring.failure).toMatch(/EBADF/);
  expect(() => ring.add(packet('10.0.0.1', '10.0.0.2', 1), 0, 2_048)).not.toThrow();
});

test('an alert gets the packets between its two ends, or all of the one it is about, some before and more after', () => {
  const packets = Array.from({length: 1_000}, (_, n) => ({
    ...packet('10.0.0.1', n % 2 === 0 ? '10.0.0.2' : '10.0.0.3', n),
    interfaceIndex: 0,
  }));
  const [pair, one, other] = extract(
    packets,
    [
      request({id: 'a', addresses: ['10.0.0.2', '10.0.0.1'], time: 500}),
      request({id: 'b', addresses: ['10.0.0.3'], time: 500, from: 400, until: 600}),
      request({id: 'c', addresses: ['192.0.2.1']}),
    ],
    ['eth0'],
  );
  expect(pair).toMatchObject({id: 'a', matched: 500, packets: 300});
  expect(one).toMatchObject({id: 'b', matched: 100, packets: 100});
  expect(other).toMatchObject({id: 'c', matched: 0, packets: 0, file: new Uint8Array(0)});
});

test('the file that is written is one that our own reader opens, tags put back', () => {
  const packets = [
    {...packet('10.0.0.1', '10.0.0.2', 1_700_000_000_000_001, 20, {vlan: 7}), interfaceIndex: 1},
    {...packet('10.0.0.2', '10.0.0.1', 1_700_000_000_000_002), interfaceIndex: 0},
  ];
  const [evidence] = extract(packets, [request({addresses: ['10.0.0.1'], until: 2e15})], ['eth0', 'eth1']);
  const parser = openParser(evidence?.file ?? new Uint8Array(0));
  parser?.push(evidence?.file ?? new Uint8Array(0));
  const read = [];
  for (let found = parser?.next(); found; found = parser?.next()) {
    read.push([found.time, found.wire, found.end - found.start, parser?.interfaceName]);
  }
  expect(read).toEqual([
    [1_700_000_000_000_001, 66, 66, 'eth1'],
    [1_700_000_000_000_002, 62, 62, 'eth0'],
  ]);
});

test('a damaged ring gives what is whole of it', () => {
  const fd = ringFile();
  const ring = new RingWriter(fd, 3);
  for (let n = 0; n < 20; n++) ring.add(packet('10.0.0.1', '10.0.0.2', n), 0, 2_048);
  ring.flush();

  writeSync(fd, Buffer.alloc(8, 0xff), 0, 8, blockLength + 16 + (packetHeader + 62) * 5 + 8);
  expect(all(fd)).toHaveLength(5);
  closeSync(fd);
});
