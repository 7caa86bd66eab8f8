import {QueryError} from '../../query/expression.ts';
import {CaptureError, type LinkKind} from './backend.ts';
import {compileFilter} from './bpf/compile.ts';
import {attachBytes, type FilterProgram} from './bpf/program.ts';
import type {Kernel} from './kernel.ts';

const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;
const etherTypeLength = 14;
const instructionLength = 8;

export interface SocketFilter {
  readonly interface: string;
  /** In tcpdump's language; blank: every packet. */
  readonly filter: string;
  /** Bytes kept of each packet. */
  readonly snapLength: number;
}

/** Whether the kernel filters packets of this kind: it does where their link header is known. */
export function filtersInKernel(link: LinkKind): link is 'ethernet' | 'raw' {
  return link === 'ethernet' || link === 'raw';
}

/**
 * Gives a packet socket its filter, which also says how many bytes the kernel copies of a packet that it accepts. Throws
 * a CaptureError where the filter asks what this interface's packets cannot answer, or the kernel refuses it.
 */
export function attachFilter(kernel: Kernel, fd: number, link: LinkKind, wanted: SocketFilter): void {
  const instructions = attachBytes(programFor(link, wanted), wanted.snapLength + etherTypeLength);
  const filter = Buffer.alloc(16);
  filter.writeUInt16LE(instructions.length / instructionLength, 0);
  filter.writeBigUInt64LE(kernel.addressOf(instructions), 8);
  if (kernel.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, filter, 16) === 0 || wanted.filter.trim() === '') return;
  throw new CaptureError(
    'filter-refused',
    `Expected the kernel to take the filter of ${instructions.length / instructionLength} instructions, refused with error ${kernel.errno()}.`,
    'a shorter filter in [capture], or sysctl -w net.core.optmem_max=1048576',
  );
}

function programFor(link: LinkKind, {interface: name, filter}: SocketFilter): FilterProgram {
  if (!filtersInKernel(link)) return compileFilter('', 'raw');
  try {
    return compileFilter(filter, link, true);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw new CaptureError(
      'filter-refused',
      `Expected a filter that fits packets of ${name}, got ${filter}: ${error.message}`,
      'correct filter in [capture]',
    );
  }
}
