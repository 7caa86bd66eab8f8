import {fstatSync, readSync} from 'node:fs';
import {hash128} from '../../event/event-id.ts';

const sampled = 1 << 20;

/** Names a file by its content: size, first and last megabyte. The same file read again has the same name. */
export function fingerprint(fd: number): string {
  const {size} = fstatSync(fd);
  const part = (at: number) => {
    const bytes = Buffer.alloc(Math.min(sampled, size));
    return bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, at));
  };
  return hash128(String(size), part(0), part(Math.max(0, size - sampled)));
}
