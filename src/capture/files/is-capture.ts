import {closeSync, openSync, readSync, statSync} from 'node:fs';
import {constants, gunzipSync} from 'node:zlib';
import {errorCode, errorText} from '../../event/error-code.ts';
import {SourceError} from '../source.ts';
import {isGzip, openParser} from './open-parser.ts';

const headLength = 65_536;

/** Whether a file is a packet capture, by its first bytes and not its name; gzip is looked into. Throws SourceError. */
export function isCapture(path: string): boolean {
  const head = readHead(path);
  return openParser(isGzip(head) ? unpacked(head) : head) !== undefined;
}

function readHead(path: string): Buffer {
  const fd = openedFile(path);
  try {
    const head = Buffer.alloc(headLength);
    return head.subarray(0, readSync(fd, head));
  } finally {
    closeSync(fd);
  }
}

/** Looked at before it is opened: opening a pipe waits for whoever writes to it. */
function openedFile(path: string): number {
  try {
    const found = statSync(path);
    if (found.isFile()) return openSync(path, 'r');
    if (found.isDirectory())
      throw new SourceError(`Expected a file at ${path}, found a folder.`, `name its files: ${path}/*`);
    throw new SourceError(`Expected a file at ${path}, found a device or a pipe.`);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const missing = errorCode(error) === 'ENOENT';
    throw new SourceError(`Expected to read ${path}: ${errorText(error)}.`, missing ? undefined : `ls -l ${path}`);
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
