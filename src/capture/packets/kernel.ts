import {type Koffi, loadKoffi} from './koffi.ts';

type Call = (...args: readonly unknown[]) => number;

/** The few C functions that Node has no way to reach. Buffers are passed as pointers. */
export interface Kernel {
  readonly socket: Call;
  readonly bind: Call;
  readonly setsockopt: Call;
  readonly getsockopt: Call;
  readonly ioctl: Call;
  readonly fcntl: Call;
  readonly close: Call;
  readonly prctl: Call;
  readonly capset: Call;
  readonly execve: Call;
  readonly munmap: (address: unknown, length: number) => number;
  readonly mmap: (
    address: null,
    length: number,
    protection: number,
    flags: number,
    fd: number,
    offset: number,
  ) => unknown;
  /** The memory at an address that mmap gave, undefined where mmap failed. */
  view(address: unknown, length: number): ArrayBuffer | undefined;
  /** Where a buffer's bytes are, valid while the buffer lives. */
  addressOf(buffer: Buffer): bigint;
  errno(): number;
}

export const Errno = {EPERM: 1, ENXIO: 6, ENOMEM: 12, EACCES: 13, ENODEV: 19, EINVAL: 22, ENETDOWN: 100} as const;

/** The C library through the optional package koffi, or why it cannot be had. */
export async function loadKernel(): Promise<Kernel | {readonly missing: string}> {
  const koffi = await loadKoffi();
  if ('missing' in koffi) return koffi;
  try {
    return bindKernel(koffi);
  } catch (error) {
    // Not Linux: its C library has no such calls.
    return {missing: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)};
  }
}

function bindKernel(koffi: Koffi): Kernel {
  // null: the symbols this process has already, the C library's among them, whichever it is.
  const c = koffi.load(null);
  const call = (definition: string) => c.func(definition) as Call;
  return {
    socket: call('int socket(int, int, int)'),
    bind: call('int bind(int, void*, uint32)'),
    setsockopt: call('int setsockopt(int, int, int, void*, uint32)'),
    getsockopt: call('int getsockopt(int, int, int, void*, void*)'),
    ioctl: call('int ioctl(int, ulong, void*)'),
    fcntl: call('int fcntl(int, int, int)'),
    close: call('int close(int)'),
    prctl: call('int prctl(int, ulong, ulong, ulong, ulong)'),
    capset: call('int capset(void*, void*)'),
    execve: call('int execve(const char*, const char**, const char**)'),
    munmap: call('int munmap(void*, size_t)') as Kernel['munmap'],
    mmap: call('void* mmap(void*, size_t, int, int, int, long)') as Kernel['mmap'],
    view: (address, length) => (failed(address) ? undefined : koffi.view(address, length)),
    addressOf: buffer => koffi.address(buffer),
    errno: () => koffi.errno(),
  };
}

/** mmap's answer for failure is the pointer -1. koffi gives pointers as bigint. */
function failed(address: unknown): boolean {
  return typeof address !== 'bigint' || BigInt.asIntN(64, address) === -1n;
}
