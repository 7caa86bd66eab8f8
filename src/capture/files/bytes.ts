import {open} from 'node:fs/promises';
import {gunzipFile, isDamage, UnpackLimitError} from '../logs/tail/gunzip.ts';
import {fingerprint} from '../logs/tail/place.ts';
import {SourceError} from '../source.ts';

export const headSize = 4096;

/** A file's bytes in pieces of 64 KiB at most, unpacked where it is packed with gzip (told by its content). */
export async function* readBytes(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path, 'r');
  try {
    const magic = Buffer.alloc(2);
    await handle.read(magic, 0, 2, 0);
    if (magic[0] === 0x1f && magic[1] === 0x8b) {
      yield* unpacked(path);
      return;
    }
    for (let position = 0; ; ) {
      const buffer = Buffer.allocUnsafe(64 * 1024);
      const {bytesRead} = await handle.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function* unpacked(path: string): AsyncGenerator<Buffer> {
  try {
    yield* gunzipFile(path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    const reason = error instanceof UnpackLimitError ? error.message : `${path}: packed with gzip, and damaged`;
    throw new SourceError(reason);
  }
}

/** The first bytes of a file, 4 KiB where nothing else is said, or all where there are fewer. */
export async function readHead(path: string, size = headSize): Promise<Buffer> {
  let head = Buffer.alloc(0);
  for await (const piece of readBytes(path)) {
    head = Buffer.concat([head, piece.subarray(0, size - head.length)]);
    if (head.length >= size) break;
  }
  return head;
}

/** Names a file by its beginning: the same for every copy of it, packed or not. */
export async function contentId(path: string): Promise<string> {
  return fingerprint(await readHead(path)).hash;
}
