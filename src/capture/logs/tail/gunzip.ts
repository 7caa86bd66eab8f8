import {open} from 'node:fs/promises';
import {createGunzip} from 'node:zlib';
import {errorCode} from '../../../event/error-code.ts';

/** More than this is not unpacked from one file: a packed file may name a size without end. */
export const mostUnpackedBytes = 32 * 2 ** 30;

/**
 * The unpacked bytes of a gzip file, in pieces of 64 KiB at most. Throws on damage, when there are too many, and
 * ENOENT where the path leads to another file than the wanted `inode` by now.
 */
export async function* gunzipFile(
  path: string,
  inode?: number,
  limit: number = mostUnpackedBytes,
): AsyncGenerator<Buffer> {
  const handle = await open(path, 'r');
  const file = handle.createReadStream({highWaterMark: 64 * 1024});
  if (inode !== undefined && (await handle.stat()).ino !== inode) {
    file.destroy();
    throw new ReplacedFileError(path);
  }
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

/** The path leads to another file than the one that was found there: as if that were missing. */
export class ReplacedFileError extends Error {
  readonly code = 'ENOENT';

  constructor(path: string) {
    super(`${path}: renamed while it was opened`);
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
