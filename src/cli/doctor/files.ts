import {accessSync, constants, readdirSync, type Stats, statSync} from 'node:fs';
import {join} from 'node:path';
import {errorCode} from '../../event/error-code.ts';

/** How a path answers. Nothing is opened: a pipe would keep its reader waiting. */
export type Access = 'readable' | 'denied' | 'missing';

export function accessTo(path: string): Access {
  try {
    accessSync(path, constants.R_OK);
    return 'readable';
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
    return 'denied';
  }
}

export function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    // Whatever the reason is: it may not be written.
    return false;
  }
}

/** Undefined where there is nothing; throws where it may not be looked at. */
export function statOf(path: string): Stats | undefined {
  return statSync(path, {throwIfNoEntry: false});
}

/** The folder itself, or the nearest one above it that is there. */
export function nearestFolder(path: string): string {
  for (let at = path; ; at = join(at, '..')) {
    if (accessTo(at) !== 'missing' || at === join(at, '..')) return at;
  }
}

export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Missing or hidden: `accessTo` tells which.
    return [];
  }
}
