import {isVirtual} from './interfaces.ts';
import type {Kernel} from './kernel.ts';

const AF_INET = 2;
const SOCK_DGRAM = 2;
const SIOCETHTOOL = 0x8946;
const commands = {TSO: 0x1e, GSO: 0x23, GRO: 0x2b} as const;
const flags = 0x25;
const largeReceive = 1 << 15;

/** What makes packets of an interface larger than its MTU without anything being wrong. */
export interface Offloads {
  /** Of TSO, GSO, GRO and LRO those that are on. */
  readonly on: readonly string[];
  /** Those that the driver does not tell about. */
  readonly unknown: readonly string[];
  /** lo, veth, tun, bridge: no hardware behind it, so nothing is cut to the MTU on the way. */
  readonly virtual: boolean;
}

/** Asks the driver. Needs no privilege. */
export function readOffloads(kernel: Kernel, name: string): Offloads {
  const virtual = isVirtual(name);
  const fd = kernel.socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) return {on: [], unknown: [...Object.keys(commands), 'LRO'], virtual};
  try {
    const bits = ask(kernel, fd, name, flags);
    const states: (readonly [string, boolean | undefined])[] = [
      ...Object.entries(commands).map(([offload, command]) => [offload, isOn(ask(kernel, fd, name, command))] as const),
      ['LRO', bits === undefined ? undefined : (bits & largeReceive) !== 0],
    ];
    const those = (wanted: boolean | undefined) =>
      states.filter(([, state]) => state === wanted).map(([offload]) => offload);
    return {on: those(true), unknown: those(undefined), virtual};
  } finally {
    kernel.close(fd);
  }
}

/** Whether TCP and UDP may exceed the MTU. True where the driver does not say: no false alarm is raised on a guess. */
export function aggregates({on, unknown, virtual}: Offloads): boolean {
  return virtual || on.length > 0 || unknown.length > 0;
}

function isOn(value: number | undefined): boolean | undefined {
  return value === undefined ? undefined : value !== 0;
}

/** One `struct ethtool_value`, or undefined where the driver refuses. */
function ask(kernel: Kernel, fd: number, name: string, command: number): number | undefined {
  const value = Buffer.alloc(8);
  value.writeUInt32LE(command, 0);
  const request = Buffer.alloc(40);
  request.write(name.slice(0, 15), 0, 'latin1');
  request.writeBigUInt64LE(kernel.addressOf(value), 16);
  return kernel.ioctl(fd, SIOCETHTOOL, request) === 0 ? value.readUInt32LE(4) : undefined;
}
