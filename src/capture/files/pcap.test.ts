import {numbers, pcapFile} from '../../../bench/packet-builder.ts';
import type {CaptureParser} from './capture-parser.ts';
import {openParser} from './open-parser.ts';

const first = Buffer.from('first packet');
const second = Buffer.from('second');
const packets = [
  {time: 1_700_000_000_123_456, bytes: first},
  {time: 1_700_000_001_000_001, bytes: second, wire: 1500},
];
const expected = [
  [1_700_000_000_123_456, 'first packet', 12, 0],
  [1_700_000_001_000_001, 'second', 1500, 0],
];

/** Everything a file gives, fed in pieces of `size` bytes that all lie in the same buffer, as a reader has them. */
function read(bytes: Uint8Array, size = bytes.length): {rows: unknown[]; parser: CaptureParser | undefined} {
  const parser = openParser(bytes);
  const rows: unknown[] = [];
  const buffer = Buffer.alloc(Math.max(1, size));
  for (let at = 0; at < bytes.length; at += size) {
    const length = Math.min(size, bytes.length - at);
    buffer.set(bytes.subarray(at, at + length));
    parser?.push(buffer.subarray(0, length));
    for (let packet = parser?.next(); packet; packet = parser?.next()) {
      const text = Buffer.from(packet.bytes.slice(packet.start, packet.end)).toString();
      rows.push([packet.time, text, packet.wire, parser?.interfaceIndex]);
    }
  }
  return {rows, parser};
}

function block(littleEndian: boolean, type: number, body: Buffer): Buffer {
  const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
  const length = padded.length + 12;
  return Buffer.concat([numbers(littleEndian, [type, length]), padded, numbers(littleEndian, [length])]);
}

function u16(littleEndian: boolean, ...values: readonly number[]): Buffer {
  return Buffer.concat(
    values.map(value => Buffer.from(littleEndian ? [value & 255, value >> 8] : [value >> 8, value & 255])),
  );
}

/** A section with one Ethernet interface whose time is in `exponent` (as the option says it). */
function section(littleEndian: boolean, exponent: number, ticks: bigint, payload: Buffer, link = 1): Buffer {
  const n = (...values: readonly number[]) => numbers(littleEndian, values);
  const header = Buffer.concat([n(0x1a2b3c4d), u16(littleEndian, 1, 0), n(0xffffffff, 0xffffffff)]);
  const options = Buffer.concat([u16(littleEndian, 9, 1), Buffer.from([exponent, 0, 0, 0]), u16(littleEndian, 0, 0)]);
  const face = Buffer.concat([u16(littleEndian, link, 0), n(0), options]);
  const high = Number(ticks >> 32n);
  const low = Number(ticks & 0xffffffffn);
  const packet = Buffer.concat([n(0, high, low, payload.length, payload.length), payload]);
  return Buffer.concat([
    block(littleEndian, 0x0a0d0d0a, header),
    block(littleEndian, 1, face),
    block(littleEndian, 0xbad, Buffer.from('unknown!')),
    block(littleEndian, 6, packet),
  ]);
}

test.each([
  [true, false],
  [true, true],
  [false, false],
  [false, true],
])('pcap, little endian %s, nanoseconds %s, in pieces of any size', (littleEndian, nanoseconds) => {
  const file = pcapFile(packets, {littleEndian, nanoseconds});
  for (const size of [1, 5, 24, file.length]) {
    const {rows, parser} = read(file, Math.max(size, 4));
    expect(rows).toEqual(expected);
    expect(parser?.end()).toBeUndefined();
  }
});

test('a cut pcap gives what it holds and says that it was cut', () => {
  const file = pcapFile(packets);
  const {rows, parser} = read(file.subarray(0, file.length - 1));
  expect(rows).toHaveLength(1);
  expect(parser?.end()).toBe('the file ends within a packet');
});

test('a record that claims gigabytes ends the reading, not the memory', () => {
  const file = Buffer.concat([pcapFile(packets), numbers(true, [1, 1, 0x7fffffff, 0x7fffffff]), Buffer.alloc(64)]);
  const {rows, parser} = read(file);
  expect(rows).toHaveLength(2);
  expect(parser?.end()).toContain('claims 2147483647 bytes');
});

test('packets of a link type that is not read are given as such, and counted', () => {
  const parser = openParser(pcapFile(packets, {link: 147}));
  parser?.push(pcapFile(packets, {link: 147}));
  expect([parser?.next()?.link, parser?.next()?.link, parser?.next()]).toEqual([
    'unsupported',
    'unsupported',
    undefined,
  ]);
  expect(parser?.unsupported).toBe(2);
});

test('nanoseconds beyond the microsecond are kept apart', () => {
  const file = pcapFile([packets[0] ?? {time: 0, bytes: first}], {nanoseconds: true});
  file.writeUInt32LE(123_456_789, 28);
  const {rows, parser} = read(file);
  expect([rows[0], parser?.nanoseconds]).toEqual([[1_700_000_000_123_456, 'first packet', 12, 0], 789]);
});

test('records of the patched libpcap have eight bytes more', () => {
  const plain = pcapFile(packets);
  const patched = [numbers(true, [0xa1b2cd34]), plain.subarray(4, 40), Buffer.alloc(8, 1), plain.subarray(40, 68)];
  const file = Buffer.concat([...patched, Buffer.alloc(8, 1), plain.subarray(68)]);
  const {rows, parser} = read(file);
  expect([rows, parser?.end()]).toEqual([expected, undefined]);
});

test('files of version 2.2 have the two lengths the other way round', () => {
  const file = pcapFile(packets);
  file.writeUInt16LE(2, 6);
  const at = 24 + 16 + first.length;
  file.writeUInt32LE(1500, at + 8);
  file.writeUInt32LE(second.length, at + 12);
  expect(read(file).rows).toEqual(expected);
});

test('pcapng with sections in both byte orders and other units of time', () => {
  const micros = 1_700_000_000_123_456n;
  const file = Buffer.concat([
    section(true, 6, micros, first),
    section(false, 9, micros * 1000n + 789n, second),
    section(true, 0x80 | 20, (1_700_000_000n << 20n) + (1n << 19n), first),
  ]);
  for (const size of [4, 13, file.length]) {
    expect(read(file, size).rows).toEqual([
      [1_700_000_000_123_456, 'first packet', 12, 0],
      [1_700_000_000_123_456, 'second', 6, 0],
      [1_700_000_000_500_000, 'first packet', 12, 0],
    ]);
  }
});

test('a cut pcapng gives what it holds and says so; a packet of an unknown interface is counted', () => {
  const whole = section(true, 6, 1n, first);
  const {rows, parser} = read(Buffer.concat([whole, whole.subarray(0, 50)]));
  expect(rows).toHaveLength(1);
  expect(parser?.end()).toBe('the file ends within a block');
  const stray = read(
    Buffer.concat([whole, block(true, 6, Buffer.concat([numbers(true, [9, 0, 0, 4, 4]), Buffer.alloc(4)]))]),
  );
  expect([stray.rows.length, stray.parser?.unsupported]).toEqual([1, 1]);
});

test('a pcapng block whose two lengths differ ends the reading, and is told', () => {
  const file = section(true, 6, 1n, first);
  file.writeUInt32LE(48, file.length - 4);
  const {rows, parser} = read(file);
  expect(rows).toHaveLength(0);
  expect(parser?.end()).toBe('a block does not end with the length that it begins with');
});

test('the name that pcapng gives an interface is kept, without what no screen should show', () => {
  const name = Buffer.from('eth\x1b0\0\0\0');
  const header = Buffer.concat([numbers(true, [0x1a2b3c4d]), u16(true, 1, 0), numbers(true, [0xffffffff, 0xffffffff])]);
  const face = Buffer.concat([u16(true, 1, 0), numbers(true, [0]), u16(true, 2, 5), name]);
  const simple = Buffer.concat([numbers(true, [4]), Buffer.from('data')]);
  const {rows, parser} = read(
    Buffer.concat([block(true, 0x0a0d0d0a, header), block(true, 1, face), block(true, 3, simple)]),
  );
  expect([rows, parser?.interfaceName]).toEqual([[[0, 'data', 4, 0]], 'eth0']);
});

test('what is no capture has no parser', () => {
  expect(openParser(Buffer.from('{"a":1}'))).toBeUndefined();
  expect(openParser(Buffer.alloc(0))).toBeUndefined();
});

test('mutated files end by themselves and never give a packet outside their bytes', () => {
  const files = [pcapFile(packets), Buffer.concat([section(true, 6, 1n, first), section(false, 9, 2n, second)])];
  let state = 3;
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
  for (let round = 0; round < 4_000; round++) {
    const bytes = Buffer.from(files[round % 2] ?? '');
    for (let i = 0; i < 4; i++) bytes[random(bytes.length)] = random(256);
    const parser = openParser(bytes);
    parser?.push(bytes);
    for (let packet = parser?.next(); packet; packet = parser?.next()) {
      expect(packet.start <= packet.end && packet.end <= packet.bytes.length).toBe(true);
      expect(Number.isSafeInteger(packet.time)).toBe(true);
    }
    parser?.end();
  }
});
