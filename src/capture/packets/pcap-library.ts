import {win32} from 'node:path';
import type {Koffi} from './koffi.ts';

type Call = (...args: readonly unknown[]) => number;
type Handle = bigint;

/** The functions of libpcap (Npcap on Windows) that capturing needs. Every one but `create` and `error` answers with a number. */
export interface PcapLibrary {
  /** What pcap_lib_version says, and where it was found. */
  readonly version: string;
  readonly path: string;
  readonly platform: NodeJS.Platform;
  readonly koffi: Koffi;
  create(device: string, problem: Buffer): Handle | null;
  readonly setSnapLength: Call;
  readonly setPromiscuous: Call;
  readonly setTimeout: Call;
  readonly setBufferSize: Call;
  /** Undefined before libpcap 1.5: times are then in microseconds. */
  readonly setTimestampPrecision: Call | undefined;
  readonly activate: Call;
  readonly setNonBlocking: Call;
  readonly dataLink: Call;
  readonly nextPacket: Call;
  readonly dispatch: Call;
  readonly statistics: Call;
  readonly close: (handle: Handle) => void;
  readonly error: (handle: Handle) => string;
  readonly findDevices: Call;
  readonly freeDevices: (list: unknown) => void;
  /** A dumper that writes packets to a C stream, and where `pcap_dump` is; undefined where C streams can't be shared. */
  readonly dump: {open(handle: Handle, stream: unknown): Handle | null; readonly address: bigint} | undefined;
}

/**
 * Where the library may be. Only full paths on Windows: a DLL of that name in the working folder must never be loaded by
 * a privileged process. Npcap's own folder comes first, then where WinPcap and Npcap's compatible mode put it.
 */
export function pcapPaths(platform: NodeJS.Platform, systemRoot = process.env.SystemRoot): readonly string[] {
  if (platform === 'win32') {
    const system = win32.join(systemRoot ?? 'C:\\Windows', 'System32');
    return [win32.join(system, 'Npcap', 'wpcap.dll'), win32.join(system, 'wpcap.dll')];
  }
  if (platform === 'darwin') return ['/usr/lib/libpcap.dylib', 'libpcap.dylib'];
  return ['libpcap.so.1', 'libpcap.so.0.8', 'libpcap.so'];
}

/** libpcap as it is installed here, or what was tried. */
export function loadPcap(koffi: Koffi, platform = process.platform): PcapLibrary | {readonly missing: string} {
  const tried: string[] = [];
  if (platform === 'win32') allowNpcapFolder(koffi);
  for (const path of pcapPaths(platform)) {
    try {
      return bind(koffi, koffi.load(path), path, platform);
    } catch (error) {
      tried.push(`${path}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
  }
  return {missing: tried.join('; ')};
}

/** wpcap.dll needs the Packet.dll beside it, which Windows looks for here. */
function allowNpcapFolder(koffi: Koffi): void {
  const folder = win32.join(pcapPaths('win32')[0] ?? '', '..');
  koffi.load('kernel32.dll').func('bool SetDllDirectoryW(const char16_t*)')(folder);
}

function bind(koffi: Koffi, library: ReturnType<Koffi['load']>, path: string, platform: NodeJS.Platform): PcapLibrary {
  const call = (definition: string) => library.func(definition) as Call;
  const version = (library.func('const char* pcap_lib_version()') as () => string)();
  if (platform === 'win32') askUtf8(call);
  return {
    version,
    path,
    platform,
    koffi,
    create: library.func('void* pcap_create(const char*, void*)') as PcapLibrary['create'],
    setSnapLength: call('int pcap_set_snaplen(void*, int)'),
    setPromiscuous: call('int pcap_set_promisc(void*, int)'),
    setTimeout: call('int pcap_set_timeout(void*, int)'),
    setBufferSize: call('int pcap_set_buffer_size(void*, int)'),
    setTimestampPrecision: optional(() => call('int pcap_set_tstamp_precision(void*, int)')),
    activate: call('int pcap_activate(void*)'),
    setNonBlocking: call('int pcap_setnonblock(void*, int, void*)'),
    dataLink: call('int pcap_datalink(void*)'),
    nextPacket: call('int pcap_next_ex(void*, void*, void*)'),
    dispatch: call('int pcap_dispatch(void*, int, void*, void*)'),
    statistics: call('int pcap_stats(void*, void*)'),
    close: library.func('void pcap_close(void*)') as PcapLibrary['close'],
    error: library.func('const char* pcap_geterr(void*)') as PcapLibrary['error'],
    findDevices: call('int pcap_findalldevs(void*, void*)'),
    freeDevices: library.func('void pcap_freealldevs(void*)') as PcapLibrary['freeDevices'],
    dump: platform === 'win32' ? undefined : optional(() => bindDump(library)),
  };
}

/** A C stream can be handed over only where program and library share one C library, as they do on POSIX. */
function bindDump(library: ReturnType<Koffi['load']>): NonNullable<PcapLibrary['dump']> {
  const open = library.func('void* pcap_dump_fopen(void*, void*)') as NonNullable<PcapLibrary['dump']>['open'];
  return {open, address: library.symbol('pcap_dump')};
}

/** Without it, names and errors come in the code page of the machine. Since libpcap 1.10. */
function askUtf8(call: (definition: string) => Call): void {
  const utf8 = 1;
  optional(() => call('int pcap_init(uint, void*)'))?.(utf8, Buffer.alloc(errorLength));
}

export const errorLength = 256;

/** Text that the library left in a buffer. */
export function textIn(buffer: Buffer): string {
  const end = buffer.indexOf(0);
  return buffer.toString('utf8', 0, end < 0 ? buffer.length : end);
}

/** Older libraries lack it. */
function optional<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}
