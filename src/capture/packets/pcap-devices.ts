import {isIPv6} from 'node:net';
import type {NetworkInterfaceInfo} from 'node:os';
import type {Koffi} from './koffi.ts';
import {errorLength, type PcapLibrary, textIn} from './pcap-library.ts';

/** An interface as libpcap names it. */
export interface PcapDevice {
  /** `eth0`, `en0`; with Npcap `\Device\NPF_{GUID}`. */
  readonly name: string;
  /** `Intel(R) Ethernet Connection`; '' where the system has none. */
  readonly description: string;
  readonly addresses: readonly string[];
  readonly loopback: boolean;
  readonly up: boolean;
}

const loopbackFlag = 1;
const upFlag = 2;
/** A broken list must not hold us up for ever. */
const mostDevices = 1_000;

/** Every interface that can be captured on, or the library's own words for why it cannot tell. */
export function pcapDevices(library: PcapLibrary): readonly PcapDevice[] | {readonly problem: string} {
  const first = Buffer.alloc(8);
  const problem = Buffer.alloc(errorLength);
  if (library.findDevices(first, problem) !== 0) return {problem: textIn(problem)};
  const list = first.readBigUInt64LE(0);
  try {
    return deviceList(library.koffi, list, library.platform);
  } finally {
    if (list !== 0n) library.freeDevices(list);
  }
}

/**
 * The device that a person means by `wanted`: libpcap's name, its description, or the name that the system shows, which
 * Npcap does not know: there the addresses tell. Undefined where there is none.
 */
export function deviceNamed(
  wanted: string,
  devices: readonly PcapDevice[],
  system: Readonly<Record<string, readonly Pick<NetworkInterfaceInfo, 'address'>[] | undefined>>,
): PcapDevice | undefined {
  const exact = devices.find(({name}) => name === wanted) ?? devices.find(({description}) => description === wanted);
  if (exact) return exact;
  const addresses = system[wanted]?.map(({address}) => address) ?? [];
  return devices.find(device => device.addresses.some(address => addresses.includes(address)));
}

/** `struct pcap_if`: next, name, description, addresses, flags; all pointers of eight bytes. */
function deviceList(koffi: Koffi, first: bigint, platform: NodeJS.Platform): PcapDevice[] {
  const devices: PcapDevice[] = [];
  for (let at = first; at !== 0n && devices.length < mostDevices; at = pointer(koffi, at, 0)) {
    const flags = bytesAt(koffi, at, 36).readUInt32LE(32);
    devices.push({
      name: text(koffi, pointer(koffi, at, 8)),
      description: text(koffi, pointer(koffi, at, 16)),
      addresses: addressList(koffi, pointer(koffi, at, 24), platform),
      loopback: (flags & loopbackFlag) !== 0,
      up: (flags & upFlag) !== 0,
    });
  }
  return devices;
}

/** `struct pcap_addr`: next, address, netmask, broadcast, destination. */
function addressList(koffi: Koffi, first: bigint, platform: NodeJS.Platform): string[] {
  const addresses: string[] = [];
  for (let at = first; at !== 0n && addresses.length < mostDevices; at = pointer(koffi, at, 0)) {
    const address = pointer(koffi, at, 8);
    if (address !== 0n) addresses.push(addressText(koffi, address, platform));
  }
  return addresses.filter(address => address !== '');
}

/** '' for what is neither IPv4 nor IPv6. The family of a `sockaddr` is one byte after a length on macOS and the BSDs. */
function addressText(koffi: Koffi, at: bigint, platform: NodeJS.Platform): string {
  const head = bytesAt(koffi, at, 8);
  const family = platform === 'linux' || platform === 'win32' ? head.readUInt16LE(0) : head[1];
  if (family === 2) return head.subarray(4, 8).join('.');
  if (family !== inet6(platform)) return '';
  const bytes = bytesAt(koffi, at, 24).subarray(8, 24);
  const words = Array.from({length: 8}, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  return shortened(words.join(':'));
}

function inet6(platform: NodeJS.Platform): number {
  const families: Partial<Record<NodeJS.Platform, number>> = {
    linux: 10,
    win32: 23,
    darwin: 30,
    freebsd: 28,
    openbsd: 24,
  };
  return families[platform] ?? 30;
}

/** As Node writes it, so that the two can be compared. */
function shortened(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : '';
}

function pointer(koffi: Koffi, at: bigint, offset: number): bigint {
  return bytesAt(koffi, at + BigInt(offset), 8).readBigUInt64LE(0);
}

const longestText = 512;

function text(koffi: Koffi, at: bigint): string {
  if (at === 0n) return '';
  const bytes: number[] = [];
  for (let i = 0; i < longestText; i++) {
    const byte = bytesAt(koffi, at + BigInt(i), 1)[0] ?? 0;
    if (byte === 0) break;
    bytes.push(byte);
  }
  return Buffer.from(bytes).toString('utf8');
}

/** A copy: the memory is the library's. */
function bytesAt(koffi: Koffi, at: bigint, length: number): Buffer {
  return Buffer.from(Buffer.from(koffi.view(at, length)));
}
