import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
} from 'node:fs';
import {userInfo} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {errorCode} from '../event/error-code.ts';
import {StoreError} from './sink.ts';

/** The database within a data folder. */
export function databasePath(folder: string): string {
  return join(folder, 'siem.db');
}

/**
 * Makes the data folder (0700) and an empty database file (0600; SQLite gives its WAL the same rights), and mends
 * looser rights of files that are there. A folder that existed is left as it is: it may be shared, as /tmp is.
 */
export function prepareFolder(folder: string): void {
  try {
    makeFolder(resolve(folder));
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    closeSync(openSync(databasePath(folder), 'a', 0o600));
    for (const name of readdirSync(folder)) {
      if (name.startsWith('siem.db') || name.startsWith('siem.lock')) tighten(join(folder, name));
    }
  } catch (error) {
    throw folderError(error, folder, 'write');
  }
}

/**
 * With the folders above it. Level by level: in /proc, where a folder that is asked for is not there either, Node's own
 * `recursive` goes round for ever.
 */
function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.unshift(at);
  for (const level of missing) {
    try {
      mkdirSync(level, {mode: 0o700});
    } catch (error) {
      // Another start of the program was first.
      if (!statSync(level, {throwIfNoEntry: false})?.isDirectory()) throw error;
    }
  }
  if (!statSync(folder).isDirectory()) throw Object.assign(new Error('not a directory'), {code: 'ENOTDIR'});
}

/** Checks that the store of a folder is there and may be read, before SQLite says less about it. */
export function checkReadable(folder: string): void {
  const path = databasePath(folder);
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw folderError(error, path, 'read');
  }
}

function tighten(path: string): void {
  const stat = statSync(path);
  if (process.platform !== 'win32' && stat.isFile() && (stat.mode & 0o077) !== 0) chmodSync(path, 0o600);
}

/** What a file system throws about the data folder, as a StoreError that says what to do; others as they are. */
export function folderError(error: unknown, path: string, wish: 'read' | 'write'): unknown {
  const code = errorCode(error);
  if (code === 'ENOENT' && wish === 'read') {
    return new StoreError(
      'failed',
      `Expected a store at ${path}, found none`,
      'Start `siem monitor` first, or name the folder: --data-dir',
    );
  }
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return new StoreError('failed', `Expected a folder at ${nearest(path)}, found a file`, 'Name a folder: --data-dir');
  // Making folders within folders, Node says so of a file system that is mounted for reading.
  if (code === 'EROFS' || code === 'ENOENT') return readOnly(path);
  if (code === 'EACCES' || code === 'EPERM') return denied(path, wish);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StoreError('full', `${path}: no space is left on the disk`, `Free some: df -h ${nearest(path)}`);
  return error;
}

function readOnly(path: string): StoreError {
  const there = nearest(path);
  return new StoreError(
    'denied',
    `Expected to write ${path}, but nothing can be written in ${there}: its file system may only be read`,
    `See how it is mounted: findmnt -T ${there}; or name another folder: --data-dir`,
  );
}

/** The path itself, or what is there above it. */
function nearest(path: string): string {
  let at = resolve(path);
  while (!existsSync(at) && at !== dirname(at)) at = dirname(at);
  return at;
}

/** Names whom the nearest thing that can be seen belongs to, and the command that mends it. */
function denied(path: string, wish: 'read' | 'write'): StoreError {
  const owner = ownerOf(path);
  const me = userInfo().username;
  const belongs = owner === undefined ? 'which may not be looked at' : `which belongs to ${owner}`;
  return new StoreError(
    'denied',
    `Expected to ${wish} ${path}, ${belongs}; you are ${me}`,
    owner === me
      ? `chmod -R u+rwX ${path}`
      : `Run it as ${owner ?? 'root'}: sudo ${owner && owner !== 'root' ? `-u ${owner} ` : ''}siem …; or use a folder of your own: --data-dir`,
  );
}

function ownerOf(path: string): string | undefined {
  for (let at = path; ; at = join(at, '..')) {
    try {
      return nameOf(statSync(at).uid);
    } catch {
      // Not to be seen from here: the folder above says why.
      if (at === join(at, '..')) return undefined;
    }
  }
}

function nameOf(uid: number): string {
  if (uid === 0) return 'root';
  const me = userInfo();
  return uid === me.uid ? me.username : `user ${uid}`;
}
