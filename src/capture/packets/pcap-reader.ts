import type {Koffi} from './koffi.ts';
import type {PcapLibrary} from './pcap-library.ts';

/**
 * Fetches packets into memory, one after the other, each as a capture file has it: 16 bytes of header (seconds, fraction,
 * bytes kept, bytes on the wire) and the bytes.
 */
export interface PcapReader {
  readonly bytes: Uint8Array;
  /** How many packets are in `bytes` now; 0 none waits, below 0 the library's error. */
  read(): number;
  close(): void;
}

export const recordHeader = 16;
const length = 1 << 20;
const finished = -2;

/** The fast one where the system has it. `one` asks for the other. */
export function pcapReader(library: PcapLibrary, handle: bigint, snapLength: number, one = false): PcapReader {
  const most = Math.floor(length / (snapLength + recordHeader));
  const {dump} = library;
  if (dump && !one) {
    const batches = readBatches(library, dump, handle, most);
    if (batches) return batches;
  }
  return readOnes(library, handle, most);
}

/**
 * One call for up to hundreds of packets: `pcap_dispatch` gets as its callback the library's own `pcap_dump`, which
 * writes to a stream, which writes to our memory. 0.13 µs a packet, where a callback into JavaScript or a call for each
 * packet costs 0.55 (measured).
 */
function readBatches(
  library: PcapLibrary,
  dump: NonNullable<PcapLibrary['dump']>,
  handle: bigint,
  most: number,
): PcapReader | undefined {
  const memory = new Uint8Array(length);
  const stream = openStream(library.koffi, memory);
  const dumper = stream && dump.open(handle, stream.address);
  if (!dumper) {
    stream?.close();
    return undefined;
  }
  return {
    bytes: memory,
    read: () => {
      stream.rewind();
      const count = library.dispatch(handle, most, dump.address, dumper);
      if (count > 0) stream.flush();
      return count === finished ? 0 : count;
    },
    close: () => stream.close(),
  };
}

interface Stream {
  readonly address: bigint;
  readonly rewind: () => void;
  readonly flush: () => void;
  readonly close: () => void;
}

/** A C stream whose file is our memory. The memory is kept by its buffer, which the stream's functions hold. */
function openStream(koffi: Koffi, memory: Uint8Array): Stream | undefined {
  const c = koffi.load(null);
  const open = c.func('void* fmemopen(void*, size_t, const char*)') as (...args: unknown[]) => bigint | null;
  const buffer = Buffer.from(memory.buffer);
  const address = open(buffer, buffer.length, 'w');
  if (!address) return undefined;
  const [rewind, flush, close] = ['void rewind(void*)', 'int fflush(void*)', 'int fclose(void*)'].map(text =>
    c.func(text),
  );
  return {
    address,
    rewind: () => rewind?.(address),
    flush: () => flush?.(address),
    close: () => {
      close?.(address);
      buffer.fill(0, 0, 1);
    },
  };
}

/** A call a packet. The library's memory is copied at once: it may be another packet's after the next call. */
function readOnes(library: PcapLibrary, handle: bigint, most: number): PcapReader {
  const bytes = Buffer.alloc(length);
  const {header, copy} = layout(library);
  const [headerAt, dataAt] = [Buffer.alloc(8), Buffer.alloc(8)];
  const native = Buffer.alloc(header.length);
  return {
    bytes,
    read: () => {
      let at = 0;
      let count = 0;
      for (; count < most; count++) {
        const answer = library.nextPacket(handle, headerAt, dataAt);
        if (answer !== 1) return count > 0 || answer === finished ? count : answer;
        copy(native, headerAt.readBigUInt64LE(0), header.length);
        const kept = native.readUInt32LE(header.kept);
        bytes.writeUInt32LE(native.readUInt32LE(0), at);
        bytes.writeUInt32LE(native.readUInt32LE(header.fraction), at + 4);
        bytes.writeUInt32LE(kept, at + 8);
        bytes.writeUInt32LE(native.readUInt32LE(header.kept + 4), at + 12);
        copy(bytes.subarray(at + recordHeader), dataAt.readBigUInt64LE(0), kept);
        at += recordHeader + kept;
      }
      return count;
    },
    close: () => undefined,
  };
}

type Copy = (to: Buffer, from: bigint, length: number) => void;

/** `struct pcap_pkthdr`: its `timeval` has 32-bit words on Windows and 64-bit ones elsewhere. */
function layout({koffi, platform}: PcapLibrary) {
  if (platform === 'win32') {
    const copy = koffi.load('kernel32.dll').func('void RtlMoveMemory(void*, void*, size_t)') as Copy;
    return {header: {length: 16, fraction: 4, kept: 8}, copy};
  }
  const copy = koffi.load(null).func('void* memcpy(void*, void*, size_t)') as Copy;
  return {header: {length: 24, fraction: 8, kept: 16}, copy};
}
