import {createReadStream} from 'node:fs';
import {createGunzip} from 'node:zlib';
import {errorCode} from '../../error-code.ts';

/** More than this is not unpacked from one file: a packed file may name a size without end. */
export const mostUnpackedBytes = 32 * 2 ** 30;

/** The unpacked bytes of a gzip file, in pieces of 64 KiB at most. Throws on damage or when there are too many. */
export async function* gunzipFile(path: string, limit: number = mostUnpackedBytes): AsyncGenerator<Buffer> {
  const file = createReadStream(path, {highWaterMark: 64 * 1024});
  const unpacked = createGunzip({chunkSize: 64 * 1024});
  file.once('error', error => unpacked.destroy(error));
  file.pipe(unpacked);
  let total = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      total += chunk.length;
      if (total > limit) throw new UnpackLimitError(`${path}: unpacks to more than ${limit} bytes; unpack it first`);
      yield chunk;
    }
  } finally {
    file.destroy();
    unpacked.destroy();
  }
}

export class UnpackLimitError extends Error {
  override readonly name = 'UnpackLimitError';
}

/** True where an error says that the packed bytes, and not the disk or the rights, are at fault. */
export function isDamage(error: unknown): boolean {
  if (error instanceof UnpackLimitError) return true;
  return errorCode(error)?.startsWith('Z_') === true;
}
