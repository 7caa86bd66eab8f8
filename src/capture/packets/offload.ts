import {isVirtual} from './interfaces.ts';
import type {Kernel} from './kernel.ts';

const AF_INET = 2;
const SOCK_DGRAM = 2;
const SIOCETHTOOL = 0x8946;
const commands = {segmentation: 0x1e, generic: 0x23, receive: 0x2b, flags: 0x25} as const;
const largeReceive = 1 << 15;

/**
 * Whether packets of this interface may be larger than its MTU without anything being wrong: some segmentation or
 * receive offload is on, or there is no hardware behind it. True where the driver does not say. Needs no privilege.
 */
export function aggregates(kernel: Kernel, name: string): boolean {
  if (isVirtual(name)) return true;
  const fd = kernel.socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) return true;
  try {
    const {segmentation, generic, receive, flags} = commands;
    if ([segmentation, generic, receive].some(command => ask(kernel, fd, name, command) !== 0)) return true;
    const bits = ask(kernel, fd, name, flags);
    return bits === undefined || (bits & largeReceive) !== 0;
  } finally {
    kernel.close(fd);
  }
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
