import {readSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import type {CaptureParser} from '../../files/capture-parser.ts';
import {isGzip, openParser} from '../../files/open-parser.ts';
import type {PacketOfInterface} from './block.ts';

const pieceLength = 1 << 18;
/** A packed file is read again only where it is small enough to be unpacked at once. */
const largestPacked = 64 << 20;

/** The packets of a capture file in its order. What cannot be read ends it. */
export function* packetsOfCapture(fd: number): Generator<PacketOfInterface> {
  let parser: CaptureParser | undefined;
  for (const piece of pieces(fd)) {
    parser ??= openParser(piece);
    if (!parser) return;
    parser.push(piece);
    for (let packet = parser.next(); packet; packet = parser.next()) {
      yield Object.assign(packet, {interfaceIndex: parser.interfaceIndex});
    }
  }
}

function* pieces(fd: number): Generator<Uint8Array> {
  const buffer = Buffer.alloc(pieceLength);
  let length = readSync(fd, buffer, 0, pieceLength, 0);
  if (isGzip(buffer)) {
    yield* unpacked(fd);
    return;
  }
  for (let position = 0; length > 0; length = readSync(fd, buffer, 0, pieceLength, position)) {
    position += length;
    yield buffer.subarray(0, length);
  }
}

function* unpacked(fd: number): Generator<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  for (let more = -1; more !== 0 && size < largestPacked; size += more) {
    const part = Buffer.alloc(pieceLength);
    more = readSync(fd, part, 0, pieceLength, size);
    parts.push(part.subarray(0, more));
  }
  try {
    yield gunzipSync(Buffer.concat(parts), {maxOutputLength: 4 * largestPacked});
  } catch {
    // Damaged, or too large to be read twice: the alert stays without its packets.
  }
}
