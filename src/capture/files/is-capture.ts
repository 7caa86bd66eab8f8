import {closeSync, openSync, readSync} from 'node:fs';
import {constants, gunzipSync} from 'node:zlib';
import {errorText} from '../../event/error-code.ts';
import {SourceError} from '../source.ts';
import {isGzip, openParser} from './open-parser.ts';

const headLength = 65_536;

/** Whether a file is a packet capture, by its first bytes and not its name; gzip is looked into. Throws SourceError. */
export function isCapture(path: string): boolean {
  const head = readHead(path);
  return openParser(isGzip(head) ? unpacked(head) : head) !== undefined;
}

function readHead(path: string): Buffer {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    throw new SourceError(`Expected to read ${path}: ${errorText(error)}.`, `ls -l ${path}`);
  }
  try {
    const head = Buffer.alloc(headLength);
    return head.subarray(0, readSync(fd, head));
  } finally {
    closeSync(fd);
  }
}

/** The beginning of what a gzip file holds; nothing where it is no gzip after all. */
function unpacked(head: Buffer): Buffer {
  try {
    return gunzipSync(head, {finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * headLength});
  } catch {
    // Whoever reads the file says what is wrong with it.
    return Buffer.alloc(0);
  }
}
