import type {RawPacket} from '../packets/backend.ts';
import {type CaptureParser, Carry, emptyPacket, largestRecord} from './capture-parser.ts';
import {type CaptureInterface, readInterface} from './pcapng-interface.ts';
import {type PacketTime, readTime} from './pcapng-time.ts';

const sectionHeader = 0x0a0d0d0a;
const byteOrderMagic = 0x1a2b3c4d;
const interfaceBlock = 1;
const packetBlock = 2;
const simplePacket = 3;
const enhancedPacket = 6;
const maxInterfaces = 256;

export function isPcapng(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x0a && bytes[1] === 0x0d && bytes[2] === 0x0d && bytes[3] === 0x0a;
}

/**
 * pcapng: any number of sections, each in its own byte order, with interfaces of their own. Names that the file resolves,
 * statistics, secrets and unknown blocks are skipped.
 */
export class PcapngParser implements CaptureParser {
  interfaceIndex = 0;
  unsupported = 0;
  readonly #carry = new Carry();
  readonly #packet = emptyPacket();
  readonly #time: PacketTime = {micros: 0, nanoseconds: 0};
  #littleEndian = true;
  #interfaces: CaptureInterface[] = [];
  #sections = 0;
  #broken: string | undefined;

  get interfaceName(): string {
    return this.#interfaces[this.interfaceIndex]?.name ?? '';
  }

  get nanoseconds(): number {
    return this.#time.nanoseconds;
  }

  push(chunk: Uint8Array): void {
    if (this.#broken === undefined) this.#carry.add(chunk);
  }

  next(): RawPacket | undefined {
    const carry = this.#carry;
    while (this.#broken === undefined && carry.left >= 12) {
      const {view, at} = carry;
      const type = view.getUint32(at, this.#littleEndian);
      if (type === sectionHeader && !this.#beginSection(view, at)) return undefined;
      const length = view.getUint32(at + 4, this.#littleEndian);
      if (length < 12 || length % 4 !== 0 || length > largestRecord) {
        this.#broken = `a block claims ${length} bytes`;
        return undefined;
      }
      if (carry.left < length) return undefined;
      if (view.getUint32(at + length - 4, this.#littleEndian) !== length) {
        this.#broken = 'a block does not end with the length that it begins with';
        return undefined;
      }
      carry.at += length;
      if (this.#block(view, type, at + 8, at + length - 4)) return this.#packet;
    }
    return undefined;
  }

  end(): string | undefined {
    if (this.#broken !== undefined) return this.#broken;
    if (this.#sections === 0) return 'the file ends within its header';
    return this.#carry.left > 0 ? 'the file ends within a block' : undefined;
  }

  #beginSection(view: DataView, at: number): boolean {
    const little = view.getUint32(at + 8, true) === byteOrderMagic;
    if (!little && view.getUint32(at + 8, false) !== byteOrderMagic) {
      this.#broken = 'a section does not say its byte order';
      return false;
    }
    // Set again when the rest of the block comes with a later chunk: the same answer.
    this.#littleEndian = little;
    return true;
  }

  /** True where the block was a packet, which then is in #packet. */
  #block(view: DataView, type: number, from: number, to: number): boolean {
    const room = to - from;
    if (type === enhancedPacket && room >= 20) {
      return this.#readTimed(view, view.getUint32(from, this.#littleEndian), from, to);
    }
    // The obsolete packet block has a 16-bit interface number and a drop count where the newer has 32 bits.
    if (type === packetBlock && room >= 20) {
      return this.#readTimed(view, view.getUint16(from, this.#littleEndian), from, to);
    }
    if (type === simplePacket && room >= 4) return this.#readSimple(view, from, to);
    if (type === interfaceBlock && room >= 8) this.#addInterface(view, from, to);
    else if (type === sectionHeader) {
      this.#sections++;
      this.#interfaces = [];
    }
    return false;
  }

  #addInterface(view: DataView, from: number, to: number): void {
    if (this.#interfaces.length === maxInterfaces) {
      this.#broken = `a section has more than ${maxInterfaces} interfaces`;
      return;
    }
    this.#interfaces.push(readInterface(view, from, to, this.#littleEndian));
  }

  #readTimed(view: DataView, index: number, from: number, to: number): boolean {
    const known = this.#interfaces[index];
    const high = view.getUint32(from + 4, this.#littleEndian);
    const low = view.getUint32(from + 8, this.#littleEndian);
    const captured = view.getUint32(from + 12, this.#littleEndian);
    const wire = view.getUint32(from + 16, this.#littleEndian);
    if (known) readTime(high, low, known, this.#time);
    return this.#fill(index, from + 20, Math.min(captured, to - from - 20), wire);
  }

  /** Has no time of its own: the last packet's stands for it. */
  #readSimple(view: DataView, from: number, to: number): boolean {
    const snapLength = this.#interfaces[0]?.snapLength ?? 0;
    const wire = view.getUint32(from, this.#littleEndian);
    const kept = snapLength > 0 ? Math.min(wire, snapLength) : wire;
    return this.#fill(0, from + 4, Math.min(kept, to - from - 4), wire);
  }

  #fill(index: number, start: number, captured: number, wire: number): boolean {
    const link = this.#interfaces[index]?.link;
    if (link === undefined || link === 'unsupported') this.unsupported++;
    if (link === undefined) return false;
    const packet = this.#packet;
    packet.bytes = this.#carry.bytes;
    packet.start = start;
    packet.end = start + captured;
    packet.wire = Math.max(captured, wire);
    packet.time = this.#time.micros;
    packet.link = link;
    this.interfaceIndex = index;
    return true;
  }
}
