import {closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync} from 'node:fs';
import {dirname} from 'node:path';

/** Bytes of a file, 0 where there is none. */
export function sizeOf(path: string): number {
  return statSync(path, {throwIfNoEntry: false})?.size ?? 0;
}

/** Writes a whole file so that at any moment, also after a power cut, the old one or the new one is there. */
export function replaceFile(path: string, beside: string, bytes: Uint8Array): void {
  try {
    const file = openSync(beside, 'w', 0o600);
    try {
      writeAll(file, bytes, 0);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, {force: true});
    throw error;
  }
  syncFolder(dirname(path));
}

/** `write` may take less than it is given. */
export function writeAll(file: number, bytes: Uint8Array, at: number): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done, bytes.length - done, at + done);
}

/** Makes a rename or a new name durable. Windows cannot open folders and needs no such thing. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
