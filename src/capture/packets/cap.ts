import {createRequire} from 'node:module';
import {networkInterfaces} from 'node:os';
import {linkOf} from '../files/link-types.ts';
import {
  type BackendCounters,
  CaptureError,
  type LinkKind,
  type LinkState,
  type PacketBackend,
  type RawPacket,
} from './backend.ts';
import {interfaceFlags, interfaceNumber} from './interfaces.ts';
import {SentByUs} from './own-frames.ts';
import {noDevice, pcapGrant, upCommand} from './pcap-words.ts';

/** What is used of the optional package cap. Its decoders are not: one of them never returns on some packets. */
export interface CapPackage {
  readonly Cap: new () => CapHandle;
  readonly findDevice?: (address: string) => string | undefined;
}

interface CapHandle {
  open(device: string, filter: string, kernelBytes: number, packet: Buffer): string;
  on(event: 'packet', handler: (length: number, truncated: boolean) => void): void;
  close(): void;
}

export interface CapOptions {
  readonly interface: string;
  readonly megabytes: number;
  readonly snapLength: number;
}

/** With the 10 MB of its own instructions it loses 12 % of 100,000 packets a second, with this none (measured). */
const leastMegabytes = 128;
const longestPacket = 65_536;
const linkHeader = 14;
/** It writes to its buffer as long as the process lives, referenced by JavaScript or not: so they are never let go. */
const everyBuffer: Buffer[] = [];

/** Where cap is installed, by the ordinary rules of Node; undefined where it is not. */
export function findCap(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('cap');
  } catch {
    return undefined;
  }
}

/** Throws CaptureError where its native part does not load. */
export function loadCap(path: string): CapPackage {
  try {
    return createRequire(import.meta.url)(path) as CapPackage;
  } catch (error) {
    throw new CaptureError(
      'no-library',
      `Expected the package cap to load, but: ${firstLine(error)}`,
      'npm rebuild cap (needs a compiler and libpcap-dev); or backend = auto in [capture]',
    );
  }
}

/**
 * The npm package cap 0.2.1. It tells neither when a packet was captured nor how many were lost, always captures
 * promiscuously, ends the process when its interface goes down, and keeps the event loop while packets keep coming: it
 * is used in the sensor process only, one open for each process. Throws CaptureError.
 */
export function openCap(cap: CapPackage, options: CapOptions): CapCapture {
  const {interface: name, megabytes} = options;
  if (process.platform === 'linux') {
    // It could not be opened a second time in this process, so what can be known beforehand is looked at.
    const flags = interfaceFlags(name);
    if (flags === undefined) throw noDevice(name, 'linux');
    if ((flags & 1) === 0) throw new CaptureError('interface-down', `${name} is down`, upCommand(name, 'linux'));
  }
  const handle = new cap.Cap();
  const packet = Buffer.alloc(longestPacket);
  everyBuffer.push(packet);
  try {
    const link = handle.open(deviceOf(cap, name), '', Math.max(leastMegabytes, megabytes) * 1_048_576, packet);
    return new CapCapture(handle, options, packet, linkKind(link));
  } catch (error) {
    throw refused(name, firstLine(error));
  }
}

/** One open capture. See openCap. */
export class CapCapture implements PacketBackend {
  readonly interface: string;
  readonly pushes = true;
  readonly #handle: CapHandle;
  readonly #index: number | undefined;
  readonly #kept: number;
  readonly #packet: RawPacket;
  readonly #sent: SentByUs;
  #onPacket: ((packet: RawPacket) => void) | undefined;
  #count = 0;
  #closed = false;

  constructor(handle: CapHandle, {interface: name, snapLength}: CapOptions, bytes: Buffer, link: LinkKind) {
    this.interface = name;
    this.#handle = handle;
    this.#index = interfaceNumber(name);
    this.#kept = snapLength + linkHeader;
    this.#sent = new SentByUs(name, link);
    this.#packet = {
      ...{bytes, start: 0, end: 0, wire: 0, time: 0},
      ...{outgoing: false, vlan: -1, link, etherType: 0},
    };
    handle.on('packet', length => this.#push(length));
  }

  take(onPacket: (packet: RawPacket) => void): number {
    this.#onPacket = onPacket;
    const count = this.#count;
    this.#count = 0;
    return count;
  }

  counters(): BackendCounters {
    return {droppedByKernel: undefined};
  }

  linkState(): LinkState {
    if (this.#index === undefined) return 'up';
    return interfaceNumber(this.interface) === this.#index ? 'up' : 'gone';
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handle.close();
  }

  /** What comes before the first `take` is lost, like all that came before the capture opened. */
  #push(length: number): void {
    if (this.#closed || !this.#onPacket) return;
    const packet = this.#packet;
    packet.end = Math.min(length, this.#kept);
    packet.wire = length;
    packet.time = Date.now() * 1000;
    packet.outgoing = this.#sent.has(packet);
    this.#count++;
    this.#onPacket(packet);
  }
}

/** On Windows its names are Npcap's, which it finds by an address of the interface. */
function deviceOf(cap: CapPackage, name: string): string {
  const address = networkInterfaces()[name]?.[0]?.address;
  if (process.platform !== 'win32' || address === undefined) return name;
  return cap.findDevice?.(address) ?? name;
}

const links: Readonly<Record<string, LinkKind>> = {
  NULL: 'null',
  ETHERNET: 'ethernet',
  IEEE802_11_RADIO: 'radiotap',
  LINKTYPE_LINUX_SLL: 'sll',
  RAW: 'raw',
};

function linkKind(said: string): LinkKind {
  const number = /^Unknown linktype (\d+)$/.exec(said)?.[1];
  return links[said] ?? (number === undefined ? 'unsupported' : linkOf(Number(number)));
}

function refused(name: string, said: string): CaptureError {
  const {platform} = process;
  if (/permi|privilege|root/i.test(said)) {
    return new CaptureError(
      'no-permission',
      `Expected the right to capture on ${name}, but cap says: ${said}.`,
      pcapGrant(platform),
    );
  }
  if (/not up/i.test(said)) return new CaptureError('interface-down', `${name} is down`, upCommand(name, platform));
  if (/no such device|doesn't exist/i.test(said)) return noDevice(name, platform);
  return new CaptureError(
    'capture-refused',
    `Expected cap to capture on ${name}, but it says: ${said}.`,
    'backend = auto in [capture]',
  );
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
