import {networkInterfaces} from 'node:os';
import {linkOf} from '../files/link-types.ts';
import type {BackendCounters, LinkState, PacketBackend, RawPacket} from './backend.ts';
import {interfaceFlags, interfaceNumber} from './interfaces.ts';
import {SentByUs} from './own-frames.ts';
import {deviceNamed, pcapDevices} from './pcap-devices.ts';
import {errorLength, type PcapLibrary, textIn} from './pcap-library.ts';
import {type PcapReader, pcapReader, recordHeader} from './pcap-reader.ts';
import {noDevice, pcapRefused} from './pcap-words.ts';

export interface PcapOptions {
  readonly interface: string;
  readonly megabytes: number;
  readonly promiscuous: boolean;
  /** Bytes kept of each packet after its link header. */
  readonly snapLength: number;
  /** Fetches packets one by one, as where the faster way is not to be had. */
  readonly oneByOne?: boolean;
}

const linkHeader = 14;
/** Milliseconds that the kernel may collect packets for before it hands them over. */
const collectFor = 30;
const nanoseconds = 1;

/**
 * libpcap, or Npcap on Windows. Opening needs the right to capture; once open it stays so after privileges are dropped.
 * Throws CaptureError.
 */
export function openPcap(library: PcapLibrary, options: PcapOptions): Pcap {
  const device = deviceFor(library, options.interface);
  const problem = Buffer.alloc(errorLength);
  const handle = library.create(device, problem);
  if (handle === null) throw pcapRefused(library, options.interface, -1, textIn(problem));
  try {
    const nano = prepare(library, handle, options);
    activate(library, handle, options.interface);
    if (library.setNonBlocking(handle, 1, problem) !== 0) {
      throw pcapRefused(library, options.interface, -1, textIn(problem));
    }
    const reader = pcapReader(library, handle, options.snapLength + linkHeader, options.oneByOne);
    return new Pcap(library, {handle, name: options.interface, device, reader, nano});
  } catch (error) {
    library.close(handle);
    throw error;
  }
}

interface Opened {
  readonly handle: bigint;
  readonly name: string;
  readonly device: string;
  readonly reader: PcapReader;
  /** Times are in nanoseconds. */
  readonly nano: boolean;
}

/** One open capture. See openPcap. */
export class Pcap implements PacketBackend {
  readonly interface: string;
  error: string | undefined;
  readonly #library: PcapLibrary;
  readonly #opened: Opened;
  readonly #words: DataView;
  readonly #index: number | undefined;
  readonly #sent: SentByUs;
  readonly #packet: RawPacket;
  readonly #statistics = Buffer.alloc(64);
  #lastDropped = 0;
  #dropped = 0;
  #closed = false;

  constructor(library: PcapLibrary, opened: Opened) {
    const {name, handle, reader} = opened;
    this.interface = name;
    this.#library = library;
    this.#opened = opened;
    this.#index = interfaceNumber(name);
    this.#words = new DataView(reader.bytes.buffer, reader.bytes.byteOffset, reader.bytes.byteLength);
    const link = linkOf(library.dataLink(handle));
    this.#sent = new SentByUs(name, link);
    this.#packet = {
      ...{bytes: reader.bytes, start: 0, end: 0, wire: 0, time: 0},
      ...{outgoing: false, vlan: -1, link, etherType: 0},
    };
  }

  take(onPacket: (packet: RawPacket) => void): number {
    if (this.#closed || this.error !== undefined) return 0;
    const {reader, handle} = this.#opened;
    const count = reader.read();
    if (count < 0) {
      this.error = this.#library.error(handle);
      return 0;
    }
    for (let i = 0, at = 0; i < count; i++) {
      at = this.#describe(at);
      onPacket(this.#packet);
    }
    return count;
  }

  counters(): BackendCounters {
    if (!this.#closed && this.#library.statistics(this.#opened.handle, this.#statistics) === 0) {
      // 32 bits that begin again at 0.
      const dropped = this.#statistics.readUInt32LE(4);
      this.#dropped += (dropped - this.#lastDropped) >>> 0;
      this.#lastDropped = dropped;
    }
    return {droppedByKernel: this.#dropped};
  }

  linkState(): LinkState {
    const state = this.#index === undefined ? this.#stateByLibrary() : this.#stateByKernel();
    return state !== 'gone' && this.error !== undefined ? 'broken' : state;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#opened.reader.close();
    this.#library.close(this.#opened.handle);
  }

  /** Describes the packet at `at` of the reader's memory, and returns where the next one begins. */
  #describe(at: number): number {
    const words = this.#words;
    const packet = this.#packet;
    const fraction = words.getUint32(at + 4, true);
    packet.time = words.getUint32(at, true) * 1_000_000 + (this.#opened.nano ? Math.floor(fraction / 1000) : fraction);
    packet.start = at + recordHeader;
    packet.end = packet.start + words.getUint32(at + 8, true);
    packet.wire = words.getUint32(at + 12, true);
    packet.outgoing = this.#sent.has(packet);
    return packet.end;
  }

  #stateByKernel(): LinkState {
    if (interfaceNumber(this.interface) !== this.#index) return 'gone';
    return ((interfaceFlags(this.interface) ?? 1) & 1) === 1 ? 'up' : 'down';
  }

  #stateByLibrary(): LinkState {
    const devices = pcapDevices(this.#library);
    if ('problem' in devices) return 'up';
    const device = devices.find(({name}) => name === this.#opened.device);
    if (!device) return 'gone';
    // An old library never says that an interface is up.
    return device.up || devices.every(({up}) => !up) ? 'up' : 'down';
  }
}

/** libpcap's name for the interface. Where /sys tells what there is, it is the same name. */
function deviceFor(library: PcapLibrary, name: string): string {
  if (library.platform === 'linux') {
    if (interfaceNumber(name) === undefined) throw noDevice(name, library.platform);
    return name;
  }
  const devices = pcapDevices(library);
  if ('problem' in devices) throw pcapRefused(library, name, -1, devices.problem);
  const device = deviceNamed(name, devices, networkInterfaces());
  if (!device) throw noDevice(name, library.platform);
  return device.name;
}

/** Returns whether times will be in nanoseconds. */
function prepare(library: PcapLibrary, handle: bigint, options: PcapOptions): boolean {
  library.setSnapLength(handle, options.snapLength + linkHeader);
  library.setPromiscuous(handle, options.promiscuous ? 1 : 0);
  library.setTimeout(handle, collectFor);
  library.setBufferSize(handle, options.megabytes * 1_048_576);
  return library.setTimestampPrecision?.(handle, nanoseconds) === 0;
}

/** A status above 0 is a warning: the capture works, though not quite as asked. */
function activate(library: PcapLibrary, handle: bigint, name: string): void {
  const status = library.activate(handle);
  if (status === 0) return;
  const said = library.error(handle);
  if (status < 0) throw pcapRefused(library, name, status, said);
  process.stderr.write(`libpcap on ${name}: ${said === '' ? `warning ${status}` : said}\n`);
}
