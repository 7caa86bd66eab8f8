import type {RawPacket} from '../packets/backend.ts';
import {type CaptureParser, Carry, emptyPacket, largestRecord, linkOf, safeTime} from './capture-parser.ts';

const fileHeader = 24;
const recordHeader = 16;

/** What the first four bytes say: byte order and unit of time. Undefined where it is no pcap. */
export function pcapForm(bytes: Uint8Array): {littleEndian: boolean; nanoseconds: boolean} | undefined {
  if (bytes.length < 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const littleEndian of [true, false]) {
    const magic = view.getUint32(0, littleEndian);
    if (magic === 0xa1b2c3d4 || magic === 0xa1b23c4d) return {littleEndian, nanoseconds: magic === 0xa1b23c4d};
  }
  return undefined;
}

/** The classic libpcap format, microseconds or nanoseconds, either byte order. */
export class PcapParser implements CaptureParser {
  readonly interfaceIndex = 0;
  unsupported = 0;
  readonly #carry = new Carry();
  readonly #packet = emptyPacket();
  #littleEndian = true;
  #nanoseconds = false;
  #link: RawPacket['link'] | undefined;
  #begun = false;
  #broken: string | undefined;

  push(chunk: Uint8Array): void {
    if (this.#broken !== undefined) return;
    this.#carry.add(chunk);
    if (!this.#begun) this.#begin(this.#carry.view);
  }

  next(): RawPacket | undefined {
    const carry = this.#carry;
    while (this.#begun && this.#broken === undefined && carry.left >= recordHeader) {
      const captured = carry.view.getUint32(carry.at + 8, this.#littleEndian);
      if (captured > largestRecord) {
        this.#broken = `a record claims ${captured} bytes`;
        return undefined;
      }
      if (carry.left < recordHeader + captured) return undefined;
      this.#read(carry.view, carry.at, captured);
      carry.at += recordHeader + captured;
      if (this.#link !== undefined) return this.#packet;
      this.unsupported++;
    }
    return undefined;
  }

  end(): string | undefined {
    if (this.#broken !== undefined) return this.#broken;
    if (!this.#begun) return 'the file ends within its header';
    return this.#carry.left > 0 ? 'the file ends within a packet' : undefined;
  }

  #begin(view: DataView): void {
    const form = pcapForm(this.#carry.bytes);
    if (!form || this.#carry.left < fileHeader) return;
    this.#littleEndian = form.littleEndian;
    this.#nanoseconds = form.nanoseconds;
    // The upper bits tell of a frame check sequence.
    this.#link = linkOf(view.getUint32(20, form.littleEndian) & 0x0fffffff);
    this.#carry.at = fileHeader;
    this.#begun = true;
  }

  #read(view: DataView, at: number, captured: number): void {
    const packet = this.#packet;
    const fraction = view.getUint32(at + 4, this.#littleEndian);
    packet.bytes = this.#carry.bytes;
    packet.start = at + recordHeader;
    packet.end = packet.start + captured;
    packet.wire = Math.max(captured, view.getUint32(at + 12, this.#littleEndian));
    packet.link = this.#link ?? 'ethernet';
    packet.time = safeTime(
      view.getUint32(at, this.#littleEndian) * 1_000_000 + (this.#nanoseconds ? fraction / 1000 : fraction),
    );
  }
}
