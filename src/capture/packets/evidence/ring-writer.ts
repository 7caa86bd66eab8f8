import {writeSync} from 'node:fs';
import {linkKinds, type RawPacket} from '../backend.ts';
import {blockHeader, blockLength, blockTrailer, magic, packetHeader} from './block.ts';

const linkNumbers = new Map(linkKinds.map((link, number) => [link, number]));

/**
 * Keeps recent packets on disk, the oldest overwritten: what happened around an alert can be looked at afterwards.
 * Costs a copy in memory a packet and a write a megabyte. Where the disk refuses, it stops, and `failure` says why.
 */
export class RingWriter {
  failure: string | undefined;
  readonly #fd: number;
  readonly #blocks: number;
  readonly #block = new Uint8Array(blockLength);
  readonly #view = new DataView(this.#block.buffer);
  #used = blockHeader;
  #written = blockHeader;
  #sequence: number;

  /** `sequence`: the newest that the file holds already, 0 where it is new. */
  constructor(fd: number, megabytes: number, sequence = 0) {
    this.#fd = fd;
    this.#blocks = Math.max(2, megabytes);
    this.#sequence = sequence + 1;
  }

  /** Keeps a packet, `most` bytes of it. */
  add(raw: RawPacket, interfaceIndex: number, most: number): void {
    if (this.failure !== undefined) return;
    const captured = Math.min(raw.end - raw.start, most);
    if (this.#used + packetHeader + captured + blockTrailer > blockLength) this.#turn();
    const at = this.#used;
    const view = this.#view;
    view.setFloat64(at, raw.time, true);
    view.setUint32(at + 8, raw.wire, true);
    view.setUint32(at + 12, captured, true);
    view.setUint8(at + 16, linkNumbers.get(raw.link) ?? linkKinds.length - 1);
    view.setUint8(at + 17, interfaceIndex);
    view.setInt16(at + 18, raw.vlan, true);
    view.setUint16(at + 20, raw.etherType, true);
    view.setUint8(at + 22, raw.outgoing ? 1 : 0);
    this.#copy(raw, at + packetHeader, captured);
    this.#used = at + packetHeader + captured;
  }

  /** Writes what was added since the last time. Once a second: who looks for an alert's packets reads the file. */
  flush(): void {
    if (this.#used === this.#written || this.failure !== undefined) return;
    this.#view.setUint32(0, magic, true);
    this.#view.setUint32(4, this.#sequence, true);
    this.#view.setUint32(8, this.#used, true);
    this.#view.setUint32(12, 0, true);
    this.#view.setUint32(this.#used, this.#sequence, true);
    const base = (this.#sequence % this.#blocks) * blockLength;
    const from = this.#written === blockHeader ? 0 : this.#written;
    try {
      writeSync(this.#fd, this.#block, from, this.#used + blockTrailer - from, base + from);
      // The header last: until it is there, the block ends where it ended before.
      if (from > 0) writeSync(this.#fd, this.#block, 0, blockHeader, base);
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
    this.#written = this.#used;
  }

  #turn(): void {
    this.flush();
    this.#sequence++;
    this.#used = this.#written = blockHeader;
  }

  /** Short packets byte by byte: a view of each would cost more than the copy. */
  #copy({bytes, start}: RawPacket, to: number, length: number): void {
    if (length > 96) {
      this.#block.set(bytes.subarray(start, start + length), to);
      return;
    }
    for (let i = 0; i < length; i++) this.#block[to + i] = bytes[start + i] ?? 0;
  }
}
