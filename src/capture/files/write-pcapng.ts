import type {LinkKind, RawPacket} from '../packets/backend.ts';
import {linkNumberOf} from './link-types.ts';

export type WrittenPacket = RawPacket & {readonly interfaceIndex: number};

export interface PcapngOptions {
  /** Names by the packets' interface numbers. */
  readonly interfaces: readonly string[];
  /** Of the whole file, for whoever opens it. */
  readonly comment: string;
}

const byteOrder = 0x1a2b3c4d;
const blocks = {section: 0x0a0d0d0a, interface: 1, packet: 6} as const;
const options = {end: 0, comment: 1, name: 2, flags: 2, application: 4} as const;

/**
 * A pcapng file (draft-ietf-opsawg-pcapng) in this order of packets: times in microseconds, each packet with its
 * interface and direction. VLAN tags that the kernel took out are put back; packets without a link header get Linux's
 * cooked one.
 */
export function pcapngFile(packets: readonly WrittenPacket[], {interfaces, comment}: PcapngOptions): Buffer {
  const known = new Map<string, number>();
  const parts: Buffer[] = [section(comment)];
  for (const packet of packets) {
    const {link, bytes, added} = framed(packet);
    const key = `${packet.interfaceIndex} ${link}`;
    let number = known.get(key);
    if (number === undefined) {
      number = known.size;
      known.set(key, number);
      parts.push(face(linkNumberOf(link), interfaces[packet.interfaceIndex] ?? ''));
    }
    parts.push(packetBlock(packet, number, bytes, packet.wire + added));
  }
  return Buffer.concat(parts);
}

function section(comment: string): Buffer {
  const body = Buffer.concat([
    u32(byteOrder),
    u16(1, 0),
    Buffer.alloc(8, 0xff),
    text(options.comment, comment),
    text(options.application, 'siem'),
    u32(0),
  ]);
  return block(blocks.section, body);
}

function face(link: number, name: string): Buffer {
  return block(blocks.interface, Buffer.concat([u16(link, 0), u32(0), text(options.name, name), u32(0)]));
}

function packetBlock(packet: WrittenPacket, number: number, bytes: Uint8Array, wire: number): Buffer {
  const direction = Buffer.concat([u16(options.flags, 4), u32(packet.outgoing ? 2 : 1), u32(0)]);
  const [high, low] = [Math.floor(packet.time / 2 ** 32), packet.time % 2 ** 32];
  return block(blocks.packet, Buffer.concat([u32(number, high, low, bytes.length, wire), padded(bytes), direction]));
}

/** The packet's bytes as its link type has them, and how many were put in. */
function framed(packet: WrittenPacket): {link: LinkKind; bytes: Uint8Array; added: number} {
  const bytes = packet.bytes.subarray(packet.start, packet.end);
  if (packet.link === 'network') return {link: 'sll', bytes: Buffer.concat([cooked(packet), bytes]), added: 16};
  if (packet.link !== 'ethernet' || packet.vlan < 0 || bytes.length < 12) return {link: packet.link, bytes, added: 0};
  const tag = Buffer.from([0x81, 0, packet.vlan >> 8, packet.vlan & 255]);
  return {link: 'ethernet', bytes: Buffer.concat([bytes.subarray(0, 12), tag, bytes.subarray(12)]), added: 4};
}

/** Packet type, hardware type (none), no address, protocol. */
function cooked({outgoing, etherType}: WrittenPacket): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt16BE(outgoing ? 4 : 0, 0);
  header.writeUInt16BE(0xfffe, 2);
  header.writeUInt16BE(etherType, 14);
  return header;
}

function block(type: number, body: Buffer): Buffer {
  const length = body.length + 12;
  return Buffer.concat([u32(type, length), body, u32(length)]);
}

function text(option: number, value: string): Buffer {
  const bytes = Buffer.from(value.slice(0, 8_000));
  return Buffer.concat([u16(option, bytes.length), padded(bytes)]);
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function u16(...values: readonly number[]): Buffer {
  return Buffer.from(values.flatMap(value => [value & 255, value >> 8]));
}

function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, i * 4);
  return bytes;
}
