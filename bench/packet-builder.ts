/** Builds frames byte by byte, for benchmarks and tests: nothing here is ever sent anywhere but to an own interface. */
export interface IpOptions {
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  readonly ttl?: number;
  /** Claimed total length, where it is to differ from the true one. */
  readonly length?: number;
  readonly id?: number;
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number;
  readonly moreFragments?: boolean;
}

export interface LinkOptions {
  readonly fromMac?: string;
  readonly toMac?: string;
  /** Outermost first. */
  readonly vlans?: readonly number[];
}

export function ethernet(type: number, payload: Uint8Array, options: LinkOptions = {}): Buffer {
  const {fromMac = '02:00:00:00:00:01', toMac = '02:00:00:00:00:02', vlans = []} = options;
  const tags = vlans.flatMap(id => [0x81, 0x00, id >> 8, id & 255]);
  return Buffer.concat([mac(toMac), mac(fromMac), Buffer.from([...tags, type >> 8, type & 255]), payload]);
}

export function ipv4(options: IpOptions, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(options.length ?? 20 + payload.length, 2);
  header.writeUInt16BE(options.id ?? 1, 4);
  header.writeUInt16BE((options.moreFragments ? 0x2000 : 0) | ((options.fragmentOffset ?? 0) >> 3), 6);
  header[8] = options.ttl ?? 64;
  header[9] = options.protocol;
  ipv4Bytes(options.from).copy(header, 12);
  ipv4Bytes(options.to).copy(header, 16);
  return Buffer.concat([header, payload]);
}

/** Addresses as 32 hexadecimal digits. */
export function ipv6(from: string, to: string, nextHeader: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header[0] = 0x60;
  header.writeUInt16BE(payload.length, 4);
  header[6] = nextHeader;
  header[7] = 64;
  return Buffer.concat([header, Buffer.from(from, 'hex'), Buffer.from(to, 'hex'), payload]);
}

export interface TcpOptions {
  readonly from: number;
  readonly to: number;
  readonly flags: number;
  readonly sequence?: number;
  readonly acknowledged?: number;
  readonly window?: number;
}

export function tcp(options: TcpOptions, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(options.from, 0);
  header.writeUInt16BE(options.to, 2);
  header.writeUInt32BE((options.sequence ?? 0) >>> 0, 4);
  header.writeUInt32BE((options.acknowledged ?? 0) >>> 0, 8);
  header[12] = 0x50;
  header[13] = options.flags;
  header.writeUInt16BE(options.window ?? 501, 14);
  return Buffer.concat([header, payload]);
}

export function udp(from: number, to: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(from, 0);
  header.writeUInt16BE(to, 2);
  header.writeUInt16BE(8 + payload.length, 4);
  return Buffer.concat([header, payload]);
}

export function icmp(type: number, code: number, id: number, sequence: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header[0] = type;
  header[1] = code;
  header.writeUInt16BE(id, 4);
  header.writeUInt16BE(sequence, 6);
  return Buffer.concat([header, payload]);
}

export function arp(operation: number, fromMac: string, from: string, to: string): Buffer {
  const start = Buffer.from([0, 1, 8, 0, 6, 4, 0, operation]);
  return Buffer.concat([start, mac(fromMac), ipv4Bytes(from), Buffer.alloc(6), ipv4Bytes(to)]);
}

export interface CapturedPacket {
  readonly time: number;
  readonly bytes: Uint8Array;
  /** Length on the wire where the capture cut the packet. */
  readonly wire?: number;
}

export interface PcapOptions {
  readonly littleEndian?: boolean;
  readonly nanoseconds?: boolean;
  readonly link?: number;
}

/** A classic pcap file. */
export function pcapFile(packets: readonly CapturedPacket[], options: PcapOptions = {}): Buffer {
  const {littleEndian = true, nanoseconds = false, link = 1} = options;
  const u32 = (...values: readonly number[]) => numbers(littleEndian, values);
  const header = Buffer.concat([
    u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4),
    littleEndian ? Buffer.from([2, 0, 4, 0]) : Buffer.from([0, 2, 0, 4]),
    u32(0, 0, 262_144, link),
  ]);
  const records = packets.flatMap(({time, bytes, wire}) => {
    const fraction = (time % 1_000_000) * (nanoseconds ? 1000 : 1);
    return [u32(Math.floor(time / 1_000_000), fraction, bytes.length, wire ?? bytes.length), bytes];
  });
  return Buffer.concat([header, ...records]);
}

export function numbers(littleEndian: boolean, values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    if (littleEndian) bytes.writeUInt32LE(value >>> 0, i * 4);
    else bytes.writeUInt32BE(value >>> 0, i * 4);
  });
  return bytes;
}

function mac(text: string): Buffer {
  return Buffer.from(text.replaceAll(':', ''), 'hex');
}

function ipv4Bytes(text: string): Buffer {
  return Buffer.from(text.split('.').map(Number));
}
