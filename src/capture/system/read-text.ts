import {readdirSync, readFileSync, readlinkSync} from 'node:fs';

/**
 * A file under /proc or /sys as text, or undefined where this machine has none, may not read it, or the process it is
 * about has ended. Synchronous on purpose: the kernel answers from memory, and a thread-pool round trip costs more.
 */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The names in such a folder, none where there is no such folder. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Where such a link points, '' where there is none. */
export function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  // Not by instanceof: errors of Node's own modules belong to another realm under a test runner.
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && missing.has(code);
}

const missing: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ESRCH',
  'EACCES',
  'EPERM',
  'EINVAL',
  'ENXIO',
  'ENODEV',
  'EIO',
  'ELOOP',
  // A link to a path that is longer than the kernel tells: whoever runs a program from deep folders has one.
  'ENAMETOOLONG',
  'ESTALE',
  'ENOTCONN',
  'ETIMEDOUT',
  'EHOSTDOWN',
]);
