import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {openParser} from '../../src/capture/files/open-parser.ts';
import {type FilterLink, filterLinks} from '../../src/capture/packets/bpf/layout.ts';

/** Packets of one link type, one after the other in `bytes`; packet i lies from ends[i - 1] to ends[i]. */
export interface Packets {
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
  readonly wire: readonly number[];
}

/** Every packet of every capture under a folder, by link type. */
export function packetsUnder(folder: string): ReadonlyMap<FilterLink, Packets> {
  const kept = new Map<FilterLink, {parts: Uint8Array[]; wire: number[]}>(
    filterLinks.map(link => [link, {parts: [], wire: []}]),
  );
  for (const path of capturesUnder(folder)) {
    const content = readFileSync(path);
    const parser = openParser(content);
    if (!parser) continue;
    parser.push(content);
    for (let packet = parser.next(); packet; packet = parser.next()) {
      const of = kept.get(packet.link as FilterLink);
      of?.parts.push(packet.bytes.slice(packet.start, packet.end));
      of?.wire.push(packet.wire);
    }
  }
  return new Map([...kept].map(([link, {parts, wire}]) => [link, joined(parts, wire)]));
}

/** Every so manieth packet as another link layer would give it. */
export function rewrapped(ethernet: Packets, link: FilterLink, every: number): Packets {
  const parts: Uint8Array[] = [];
  const wire: number[] = [];
  for (const [i, length] of ethernet.wire.entries()) {
    const packet = packetOf(ethernet, i);
    if (i % every !== 0 || packet.length < 14) continue;
    const header = headerFor(link, ((packet[12] ?? 0) << 8) | (packet[13] ?? 0), i);
    parts.push(Buffer.concat([header, packet.subarray(14)]));
    wire.push(length - 14 + header.length);
  }
  return joined(parts, wire);
}

function packetOf({bytes, ends}: Packets, i: number): Uint8Array {
  return bytes.subarray(ends[i - 1] ?? 0, ends[i]);
}

function headerFor(link: FilterLink, type: number, i: number): Buffer {
  // LLC is type 4 in cooked captures.
  const protocol = type <= 1500 ? 4 : type;
  const outgoing = i % 5;
  switch (link) {
    case 'sll': {
      const header = Buffer.alloc(16);
      header.writeUInt16BE(outgoing, 0);
      header.writeUInt16BE(protocol, 14);
      return header;
    }
    case 'sll2': {
      const header = Buffer.alloc(20);
      header.writeUInt16BE(protocol, 0);
      header[10] = outgoing;
      return header;
    }
    case 'null': {
      const header = Buffer.alloc(4);
      header.writeUInt32LE(type === 0x0800 ? 2 : type === 0x86dd ? 10 : 7, 0);
      return header;
    }
    default:
      return Buffer.alloc(0);
  }
}

function joined(parts: readonly Uint8Array[], wire: readonly number[]): Packets {
  let end = 0;
  const ends = parts.map(part => {
    end += part.length;
    return end;
  });
  return {bytes: Buffer.concat(parts), ends, wire};
}

function capturesUnder(folder: string): readonly string[] {
  return readdirSync(folder, {withFileTypes: true, recursive: true})
    .filter(entry => entry.isFile() && /\.(pcap|pcapng|trace|cap)$/.test(entry.name))
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}
