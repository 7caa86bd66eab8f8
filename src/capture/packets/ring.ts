import {attachFilter, filtersInKernel} from './attach-filter.ts';
import {type BackendCounters, CaptureError, type LinkState, type PacketBackend, type RawPacket} from './backend.ts';
import {interfaceFlags, interfaceNumber, interfaceType} from './interfaces.ts';
import {Errno, type Kernel} from './kernel.ts';
import {grantCommand} from './privilege-words.ts';

const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_RX_RING = 5;
const PACKET_STATISTICS = 6;
const PACKET_VERSION = 10;
const TPACKET_V3 = 2;
const PACKET_MR_PROMISC = 1;
const PACKET_OUTGOING = 4;
const STATUS_VLAN_VALID = 1 << 4;
const blockLength = 1 << 18;
const frameLength = 2048;
/**
 * Milliseconds after which the kernel hands over a block that is not full: soon, so that who has a new connection can be
 * looked up while it lasts; but in a small ring later, for all its blocks must last a second while we are kept from reading.
 */
const retireAfter = (blocks: number) => Math.min(30, Math.max(10, Math.ceil(1_280 / blocks)));
const addressFamilyOffset = 48;

/** `sysfs` type of interfaces (ARPHRD_*). */
const linkTypes: Readonly<Record<number, RawPacket['link']>> = {1: 'ethernet', 772: 'ethernet', 65534: 'raw'};

export interface RingOptions {
  readonly interface: string;
  readonly megabytes: number;
  readonly promiscuous: boolean;
  /** Bytes kept of each packet. */
  readonly snapLength: number;
  /** In tcpdump's language; blank: every packet. */
  readonly filter: string;
  /** A packet socket opened already, by the privileged half of a sensor that had to start afresh to lose privilege. */
  readonly inheritedFd?: number;
}

/**
 * AF_PACKET with a TPACKET_V3 ring mapped into this process: the kernel fills blocks, we read them in place and hand
 * them back by storing 0 in their status. Needs CAP_NET_RAW to open and nothing afterwards. Throws CaptureError.
 */
export function openRing(kernel: Kernel, options: RingOptions): Ring {
  const name = options.interface;
  const index = interfaceNumber(name);
  if (index === undefined) throw noInterface(name);
  if (options.inheritedFd !== undefined) return mapRing(kernel, options, options.inheritedFd, index);
  const fd = kernel.socket(AF_PACKET, SOCK_RAW, 0);
  if (fd < 0) throw noPermission(kernel.errno());
  try {
    setRing(kernel, fd, options);
    attachFilter(kernel, fd, linkOf(name), options);
    if (options.promiscuous) joinPromiscuous(kernel, fd, index);
    const ring = mapRing(kernel, options, fd, index);
    // Bound last: nothing arrives before the ring and the filter stand.
    if (kernel.bind(fd, linkAddress(index), 20) < 0) throw bindError(name, kernel.errno());
    return ring;
  } catch (error) {
    kernel.close(fd);
    throw error;
  }
}

/** One mapped ring. See openRing. */
export class Ring implements PacketBackend {
  readonly interface: string;
  readonly fd: number;
  readonly #kernel: Kernel;
  readonly #index: number;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #blocks: number;
  readonly #address: unknown;
  readonly #loopback: boolean;
  readonly #packet: RawPacket;
  readonly #statistics = Buffer.alloc(12);
  #block = 0;
  #dropped = 0;
  #closed = false;

  constructor(kernel: Kernel, name: string, fd: number, index: number, address: unknown, memory: ArrayBuffer) {
    const type = interfaceType(name) ?? 1;
    this.interface = name;
    this.fd = fd;
    this.#kernel = kernel;
    this.#index = index;
    this.#address = address;
    this.#bytes = new Uint8Array(memory);
    this.#words = new Int32Array(memory);
    this.#blocks = memory.byteLength / blockLength;
    this.#loopback = type === 772;
    const link = linkOf(name);
    this.#packet = {
      bytes: this.#bytes,
      start: 0,
      end: 0,
      wire: 0,
      time: Number.NaN,
      outgoing: false,
      vlan: -1,
      link,
      etherType: 0,
    };
  }

  /** The kernel runs the filter on this interface's packets. */
  get filtered(): boolean {
    return filtersInKernel(this.#packet.link);
  }

  take(onPacket: (packet: RawPacket) => void): number {
    const at = this.#block * blockLength;
    const status = (at + 8) >> 2;
    if (this.#closed || (Atomics.load(this.#words, status) & 1) === 0) return 0;
    const count = this.#word(at + 12);
    let packet = at + this.#word(at + 16);
    for (let i = 0; i < count; i++) {
      if (this.#read(packet)) onPacket(this.#packet);
      packet += this.#word(packet);
    }
    Atomics.store(this.#words, status, 0);
    this.#block = (this.#block + 1) % this.#blocks;
    return Math.max(1, count);
  }

  counters(): BackendCounters {
    if (!this.#closed) {
      const length = Buffer.from([12, 0, 0, 0]);
      // Reading resets the kernel's counts, so they are added up here.
      const answer = this.#kernel.getsockopt(this.fd, SOL_PACKET, PACKET_STATISTICS, this.#statistics, length);
      if (answer === 0) this.#dropped += this.#statistics.readUInt32LE(4);
    }
    return {droppedByKernel: this.#dropped};
  }

  linkState(): LinkState {
    if (interfaceNumber(this.interface) !== this.#index) return 'gone';
    // A socket whose interface went down holds ENETDOWN until it is asked, and works again once the interface is up.
    this.#kernel.getsockopt(this.fd, SOL_SOCKET, SO_ERROR, Buffer.alloc(4), Buffer.from([4, 0, 0, 0]));
    const flags = interfaceFlags(this.interface);
    return flags === undefined || (flags & 1) === 1 ? 'up' : 'down';
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#kernel.munmap(this.#address, this.#blocks * blockLength);
    this.#kernel.close(this.fd);
  }

  /** Describes the packet whose header stands at `at`; false where it is not to be looked at. */
  #read(at: number): boolean {
    const {bytes} = this.#packet;
    const kind = bytes[at + addressFamilyOffset + 10] ?? 0;
    // On lo each packet comes twice: sent and received.
    if (this.#loopback && kind === PACKET_OUTGOING) return false;
    const packet = this.#packet;
    const networkOnly = packet.link === 'network';
    const header = (bytes[at + 24] ?? 0) | ((bytes[at + 25] ?? 0) << 8);
    const network = (bytes[at + 26] ?? 0) | ((bytes[at + 27] ?? 0) << 8);
    const skipped = networkOnly ? Math.max(0, network - header) : 0;
    packet.start = at + header + skipped;
    packet.end = Math.max(packet.start, at + header + this.#word(at + 12));
    packet.wire = Math.max(0, this.#word(at + 16) - skipped);
    packet.time = (this.#word(at + 4) >>> 0) * 1_000_000 + Math.floor((this.#word(at + 8) >>> 0) / 1000);
    packet.outgoing = kind === PACKET_OUTGOING;
    const tagged = (this.#word(at + 20) & STATUS_VLAN_VALID) !== 0;
    packet.vlan = tagged ? this.#word(at + 32) & 0xfff : -1;
    packet.etherType = ((bytes[at + addressFamilyOffset + 2] ?? 0) << 8) | (bytes[at + addressFamilyOffset + 3] ?? 0);
    return true;
  }

  #word(at: number): number {
    return this.#words[at >> 2] ?? 0;
  }
}

function mapRing(kernel: Kernel, options: RingOptions, fd: number, index: number): Ring {
  const length = ringLength(options);
  const readWrite = 3;
  const shared = 1;
  const address = kernel.mmap(null, length, readWrite, shared, fd, 0);
  const memory = kernel.view(address, length);
  if (!memory) throw ringRefused(options, kernel.errno());
  return new Ring(kernel, options.interface, fd, index, address, memory);
}

function setRing(kernel: Kernel, fd: number, options: RingOptions): void {
  const blocks = ringLength(options) / blockLength;
  kernel.setsockopt(fd, SOL_PACKET, PACKET_VERSION, words(TPACKET_V3), 4);
  const framesInAll = blocks * (blockLength / frameLength);
  const request = words(blockLength, blocks, frameLength, framesInAll, retireAfter(blocks), 0, 0);
  if (kernel.setsockopt(fd, SOL_PACKET, PACKET_RX_RING, request, request.length) < 0) {
    throw ringRefused(options, kernel.errno());
  }
}

function linkOf(name: string): RawPacket['link'] {
  return linkTypes[interfaceType(name) ?? 1] ?? 'network';
}

function joinPromiscuous(kernel: Kernel, fd: number, index: number): void {
  const request = Buffer.alloc(16);
  request.writeInt32LE(index, 0);
  request.writeUInt16LE(PACKET_MR_PROMISC, 4);
  kernel.setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, request, 16);
}

function ringLength(options: RingOptions): number {
  return Math.floor((options.megabytes * 1024 * 1024) / blockLength) * blockLength;
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    bytes.writeUInt32LE(value, i * 4);
  });
  return bytes;
}

/** A `sockaddr_ll` for every protocol on one interface. */
export function linkAddress(index: number): Buffer {
  const address = Buffer.alloc(20);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(3, 2);
  address.writeInt32LE(index, 4);
  return address;
}

function noPermission(errno: number): CaptureError {
  const found = errno === Errno.EPERM || errno === Errno.EACCES ? 'it does not have it' : `error ${errno}`;
  return new CaptureError(
    'no-permission',
    `Expected the capability CAP_NET_RAW to capture packets, but ${found}.`,
    grantCommand(process.execPath),
  );
}

function noInterface(name: string): CaptureError {
  return new CaptureError(
    'no-interface',
    `Expected a network interface called ${name}, found none.`,
    'ip link lists the interfaces; name one under interfaces in [capture], or leave it at auto',
  );
}

function bindError(name: string, errno: number): CaptureError {
  return errno === Errno.ENODEV || errno === Errno.ENXIO ? noInterface(name) : noPermission(errno);
}

function ringRefused(options: RingOptions, errno: number): CaptureError {
  return new CaptureError(
    'ring-refused',
    `Expected ${options.megabytes} MB of kernel memory for the packets of ${options.interface}, refused with error ${errno}.`,
    'set a smaller ring_megabytes in [capture]',
  );
}
