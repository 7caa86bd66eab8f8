import type {Kernel} from './kernel.ts';
import {dropCapabilities, forbidNewPrivileges} from './privilege.ts';
import {pipeFd, type SensorArguments} from './sensor-arguments.ts';

const F_SETFD = 2;

/**
 * Replaces this program by itself without any capability: what a file capability or an ambient one gave to all threads,
 * only a new program image loses in all of them. The pipe and the descriptors `kept` stay open. Throws where the kernel
 * refuses.
 */
export function startAfresh(kernel: Kernel, args: SensorArguments, kept: readonly number[]): never {
  dropCapabilities(kernel);
  forbidNewPrivileges(kernel);
  // Node marks its standard streams to be closed when another program starts.
  for (const fd of [0, 1, 2, pipeFd, ...kept]) kernel.fcntl(fd, F_SETFD, 0);
  const script = process.argv[1] ?? '';
  const words = [process.execPath, ...process.execArgv, script, JSON.stringify(args), null];
  const environment = Object.entries(process.env).map(([name, value]) => `${name}=${value ?? ''}`);
  kernel.execve(process.execPath, words, [...environment, null]);
  throw new Error(`execve refused with error ${kernel.errno()}`);
}
