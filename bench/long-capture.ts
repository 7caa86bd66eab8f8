import {closeSync, openSync, writeSync} from 'node:fs';
import {linkNumberOf} from '../src/capture/files/link-types.ts';
import type {LinkKind} from '../src/capture/packets/backend.ts';
import {packetsOfCapture} from '../src/capture/packets/evidence/capture-reader.ts';
import {numbers} from './packet-builder.ts';
import {mixedTraffic} from './traffic.ts';

const enough = 1_000_000;
const wanted = 3_000_000;

interface KeptPacket {
  readonly time: number;
  readonly bytes: Uint8Array;
  readonly wire: number;
}

/**
 * A capture of a million packets or more: the given one where it has so many, else at `file` the given one (or generated
 * traffic) again and again, each time later.
 */
export function longCapture(given: string | undefined, file: string): {file: string; packets: number} {
  if (given !== undefined) {
    const packets = count(given);
    if (packets >= enough) return {file: given, packets};
    if (packets === 0) throw new Error(`Expected packets in ${given}, found none.`);
  }
  return {file, packets: writeRepeated(file, given === undefined ? generated() : kept(given))};
}

function count(path: string): number {
  let packets = 0;
  for (const _packet of opened(path)) packets++;
  return packets;
}

function* opened(path: string): ReturnType<typeof packetsOfCapture> {
  const fd = openSync(path, 'r');
  try {
    yield* packetsOfCapture(fd);
  } finally {
    closeSync(fd);
  }
}

interface Traffic {
  readonly packets: readonly KeptPacket[];
  readonly link: LinkKind;
}

/** Of a file with several link types the packets of the first. */
function kept(path: string): Traffic {
  const packets: KeptPacket[] = [];
  let first: LinkKind | undefined;
  for (const {bytes, start, end, wire, time, link} of opened(path)) {
    first ??= link;
    if (link === first) packets.push({time, bytes: bytes.slice(start, end), wire});
  }
  return {packets, link: first ?? 'ethernet'};
}

function generated(): Traffic {
  const all = mixedTraffic(4_000);
  const begin = all[0]?.time ?? 0;
  // At a speed that is no flood.
  const slowly = (time: number) => begin + (time - begin) * 1_000;
  return {packets: all.map(({time, bytes}) => ({time: slowly(time), bytes, wire: bytes.length})), link: 'ethernet'};
}

function writeRepeated(file: string, {packets, link}: Traffic): number {
  const times = Math.ceil(wanted / packets.length);
  const newest = packets.reduce((latest, {time}) => Math.max(latest, time), 0);
  const span = newest - (packets[0]?.time ?? 0) + 1_000_000;
  const fd = openSync(file, 'w');
  const version = Buffer.from([2, 0, 4, 0]);
  writeSync(
    fd,
    Buffer.concat([numbers(true, [0xa1b2c3d4]), version, numbers(true, [0, 0, 262_144, linkNumberOf(link)])]),
  );
  for (let round = 0; round < times; round++) {
    writeSync(fd, Buffer.concat(packets.flatMap(packet => record(packet, packet.time + round * span))));
  }
  closeSync(fd);
  return packets.length * times;
}

function record({bytes, wire}: KeptPacket, time: number): Uint8Array[] {
  return [numbers(true, [Math.floor(time / 1e6), time % 1e6, bytes.length, wire]), bytes];
}
