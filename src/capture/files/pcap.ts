import type {LinkKind, RawPacket} from '../packets/backend.ts';
import {type CaptureParser, Carry, emptyPacket, largestRecord, safeTime} from './capture-parser.ts';
import {linkOf} from './link-types.ts';

/** A variant of the format, by its magic number. */
interface Variant {
  readonly nanoseconds: boolean;
  readonly fileHeader: number;
  readonly recordHeader: number;
}

const variants: Readonly<Record<number, Variant>> = {
  2712847316: {nanoseconds: false, fileHeader: 24, recordHeader: 16},
  2712812621: {nanoseconds: true, fileHeader: 24, recordHeader: 16},
  // Alexey Kuznetzov's patched libpcap: each record also has its interface, protocol and packet type.
  2712849716: {nanoseconds: false, fileHeader: 24, recordHeader: 24},
  // Ixia's hardware and software captures: the file header has the file's length as well.
  469762476: {nanoseconds: true, fileHeader: 28, recordHeader: 16},
  469762475: {nanoseconds: false, fileHeader: 28, recordHeader: 16},
};

/** What the first four bytes say: byte order and variant. Undefined where it is no pcap. */
export function pcapForm(bytes: Uint8Array): (Variant & {littleEndian: boolean}) | undefined {
  if (bytes.length < 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const littleEndian of [true, false]) {
    const variant = variants[view.getUint32(0, littleEndian)];
    if (variant) return {...variant, littleEndian};
  }
  return undefined;
}

/** The classic libpcap format, microseconds or nanoseconds, either byte order. */
export class PcapParser implements CaptureParser {
  readonly interfaceIndex = 0;
  readonly interfaceName = '';
  nanoseconds = 0;
  unsupported = 0;
  readonly #carry = new Carry();
  readonly #packet = emptyPacket();
  #littleEndian = true;
  #isNano = false;
  #recordHeader = 16;
  /** Files before version 2.3 have the two lengths the other way round, and 2.3 has both. */
  #swapped: 'no' | 'yes' | 'perhaps' = 'no';
  #link: LinkKind = 'unsupported';
  #begun = false;
  #broken: string | undefined;

  push(chunk: Uint8Array): void {
    if (this.#broken !== undefined) return;
    this.#carry.add(chunk);
    if (!this.#begun) this.#begin(this.#carry.view);
  }

  next(): RawPacket | undefined {
    const carry = this.#carry;
    const header = this.#recordHeader;
    if (!this.#begun || this.#broken !== undefined || carry.left < header) return undefined;
    const {view, at} = carry;
    let captured = view.getUint32(at + 8, this.#littleEndian);
    let wire = view.getUint32(at + 12, this.#littleEndian);
    if (this.#swapped === 'yes' || (this.#swapped === 'perhaps' && captured > wire))
      [captured, wire] = [wire, captured];
    if (captured > largestRecord) {
      this.#broken = `a record claims ${captured} bytes`;
      return undefined;
    }
    if (carry.left < header + captured) return undefined;
    this.#read(view, at, captured, wire);
    carry.at += header + captured;
    if (this.#link === 'unsupported') this.unsupported++;
    return this.#packet;
  }

  end(): string | undefined {
    if (this.#broken !== undefined) return this.#broken;
    if (!this.#begun) return 'the file ends within its header';
    return this.#carry.left > 0 ? 'the file ends within a packet' : undefined;
  }

  #begin(view: DataView): void {
    const form = pcapForm(this.#carry.bytes);
    if (!form || this.#carry.left < form.fileHeader) return;
    const {littleEndian} = form;
    this.#littleEndian = littleEndian;
    this.#isNano = form.nanoseconds;
    this.#recordHeader = form.recordHeader;
    const minor = view.getUint16(6, littleEndian);
    if (view.getUint16(4, littleEndian) === 2 && minor <= 3) this.#swapped = minor < 3 ? 'yes' : 'perhaps';
    // The upper bits tell of a frame check sequence.
    this.#link = linkOf(view.getUint32(20, littleEndian) & 0xffff);
    this.#carry.at = form.fileHeader;
    this.#begun = true;
  }

  #read(view: DataView, at: number, captured: number, wire: number): void {
    const packet = this.#packet;
    const fraction = view.getUint32(at + 4, this.#littleEndian);
    if (packet.bytes !== this.#carry.bytes) packet.bytes = this.#carry.bytes;
    packet.start = at + this.#recordHeader;
    packet.end = packet.start + captured;
    packet.wire = Math.max(captured, wire);
    if (packet.link !== this.#link) packet.link = this.#link;
    const micros = this.#isNano ? Math.floor(fraction / 1000) : fraction;
    packet.time = safeTime(view.getUint32(at, this.#littleEndian) * 1_000_000 + micros);
    this.nanoseconds = this.#isNano ? fraction % 1000 : 0;
  }
}
