import type {RawPacket} from '../packets/backend.ts';
import {type CaptureParser, Carry, emptyPacket, largestRecord, linkOf, safeTime} from './capture-parser.ts';

const sectionHeader = 0x0a0d0d0a;
const byteOrderMagic = 0x1a2b3c4d;
const interfaceBlock = 1;
const packetBlock = 2;
const simplePacket = 3;
const enhancedPacket = 6;
const maxInterfaces = 256;

interface Interface {
  readonly link: RawPacket['link'] | undefined;
  readonly snapLength: number;
  readonly ticksPerSecond: number;
  readonly offsetSeconds: number;
}

export function isPcapng(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x0a && bytes[1] === 0x0d && bytes[2] === 0x0d && bytes[3] === 0x0a;
}

/** pcapng: any number of sections, each in its own byte order, with interfaces of their own. Unknown blocks are skipped. */
export class PcapngParser implements CaptureParser {
  interfaceIndex = 0;
  unsupported = 0;
  readonly #carry = new Carry();
  readonly #packet = emptyPacket();
  #littleEndian = true;
  #interfaces: Interface[] = [];
  #sections = 0;
  #lastTime = 0;
  #broken: string | undefined;

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
    const link = linkOf(view.getUint16(from, this.#littleEndian));
    const snapLength = view.getUint32(from + 4, this.#littleEndian);
    this.#interfaces.push({link, snapLength, ...this.#timeOptions(view, from + 8, to)});
  }

  /** Options 9 (resolution: a power of ten, or of two with the top bit) and 14 (seconds to add). */
  #timeOptions(view: DataView, from: number, to: number): Pick<Interface, 'ticksPerSecond' | 'offsetSeconds'> {
    let ticksPerSecond = 1_000_000;
    let offsetSeconds = 0;
    for (let at = from; at + 4 <= to; ) {
      const code = view.getUint16(at, this.#littleEndian);
      const length = view.getUint16(at + 2, this.#littleEndian);
      if (code === 0 || at + 4 + length > to) break;
      if (code === 9 && length >= 1) ticksPerSecond = resolution(view.getUint8(at + 4));
      if (code === 14 && length >= 8) offsetSeconds = Number(view.getBigInt64(at + 4, this.#littleEndian));
      at += 4 + Math.ceil(length / 4) * 4;
    }
    return {ticksPerSecond, offsetSeconds};
  }

  #readTimed(view: DataView, index: number, from: number, to: number): boolean {
    const known = this.#interfaces[index];
    const high = view.getUint32(from + 4, this.#littleEndian);
    const low = view.getUint32(from + 8, this.#littleEndian);
    const captured = view.getUint32(from + 12, this.#littleEndian);
    const wire = view.getUint32(from + 16, this.#littleEndian);
    if (known) this.#lastTime = micros(high, low, known);
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
    if (link === undefined) {
      this.unsupported++;
      return false;
    }
    const packet = this.#packet;
    packet.bytes = this.#carry.bytes;
    packet.start = start;
    packet.end = start + captured;
    packet.wire = Math.max(captured, wire);
    packet.time = this.#lastTime;
    packet.link = link;
    this.interfaceIndex = index;
    return true;
  }
}

function resolution(value: number): number {
  return (value & 0x80) === 0 ? 10 ** value : 2 ** (value & 0x7f);
}

/** Exact where ticks divide into microseconds; a double's 53 bits are not enough for nanoseconds since 1970. */
function micros(high: number, low: number, on: Interface): number {
  const ticks = (BigInt(high) << 32n) | BigInt(low);
  const perSecond = BigInt(on.ticksPerSecond);
  return safeTime(Number((ticks * 1_000_000n) / perSecond) + on.offsetSeconds * 1_000_000);
}
