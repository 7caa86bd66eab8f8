import type {Machine} from './network.ts';

export interface Endpoint {
  readonly machine: Machine;
  readonly port: number;
}

/** TCP flags as they stand in the header. */
export const Tcp = {fin: 0x01, syn: 0x02, rst: 0x04, push: 0x08, ack: 0x10} as const;

/** An Ethernet frame with an IPv4 TCP segment; `payload` bytes of zeros stand for data. */
export function tcpFrame(from: Endpoint, to: Endpoint, flags: number, sequence: number, payload = 0): Buffer {
  const segment = Buffer.alloc(20 + payload);
  segment.writeUInt16BE(from.port, 0);
  segment.writeUInt16BE(to.port, 2);
  segment.writeUInt32BE(sequence >>> 0, 4);
  segment[12] = 5 << 4;
  segment[13] = flags;
  segment.writeUInt16BE(64_240, 14);
  return ipFrame(from.machine, to.machine, 6, segment);
}

export function udpFrame(from: Endpoint, to: Endpoint, payload: Buffer): Buffer {
  const datagram = Buffer.alloc(8 + payload.length);
  datagram.writeUInt16BE(from.port, 0);
  datagram.writeUInt16BE(to.port, 2);
  datagram.writeUInt16BE(8 + payload.length, 4);
  payload.copy(datagram, 8);
  return ipFrame(from.machine, to.machine, 17, datagram);
}

/** An ICMP echo request (`type` 8) or reply (0) that carries `payload` bytes. */
export function icmpFrame(from: Machine, to: Machine, type: 0 | 8, sequence: number, payload: number): Buffer {
  const message = Buffer.alloc(8 + payload, 0x61);
  message.fill(0, 0, 8);
  message[0] = type;
  message.writeUInt16BE(0x5349, 4);
  message.writeUInt16BE(sequence & 0xffff, 6);
  message.writeUInt16BE(checksum(message), 2);
  return ipFrame(from, to, 1, message);
}

export function arpRequest(from: Machine, wanted: Machine): Buffer {
  const frame = Buffer.alloc(42);
  frame.fill(0xff, 0, 6);
  mac(from).copy(frame, 6);
  frame.writeUInt16BE(0x0806, 12);
  frame.writeUInt16BE(1, 14);
  frame.writeUInt16BE(0x0800, 16);
  frame[18] = 6;
  frame[19] = 4;
  frame.writeUInt16BE(1, 20);
  mac(from).copy(frame, 22);
  address(from).copy(frame, 28);
  address(wanted).copy(frame, 38);
  return frame;
}

/** A DNS question for the A record of a name. */
export function dnsQuestion(id: number, name: string): Buffer {
  const labels = name
    .split('.')
    .map(label => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'ascii')]));
  const header = Buffer.alloc(12);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(0x0100, 2);
  header.writeUInt16BE(1, 4);
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, 1, 0, 1])]);
}

function ipFrame(from: Machine, to: Machine, protocol: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(34);
  mac(to).copy(header, 0);
  mac(from).copy(header, 6);
  header.writeUInt16BE(0x0800, 12);
  header[14] = 0x45;
  header.writeUInt16BE(20 + payload.length, 16);
  header.writeUInt16BE(0x4000, 20);
  header[22] = 64;
  header[23] = protocol;
  address(from).copy(header, 26);
  address(to).copy(header, 30);
  header.writeUInt16BE(checksum(header.subarray(14)), 24);
  return Buffer.concat([header, payload]);
}

/** The Internet checksum (RFC 1071) over an even or odd number of bytes. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index += 2) sum += ((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function mac({mac: text}: Machine): Buffer {
  return Buffer.from(text.replaceAll(':', ''), 'hex');
}

function address({ip}: Machine): Buffer {
  return Buffer.from(ip.split('.').map(Number));
}
