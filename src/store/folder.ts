import {accessSync, chmodSync, closeSync, constants, mkdirSync, openSync, readdirSync, statSync} from 'node:fs';
import {userInfo} from 'node:os';
import {join} from 'node:path';
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
    mkdirSync(folder, {recursive: true, mode: 0o700});
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    closeSync(openSync(databasePath(folder), 'a', 0o600));
    for (const name of readdirSync(folder)) {
      if (name.startsWith('siem.db') || name.startsWith('siem.lock')) tighten(join(folder, name));
    }
  } catch (error) {
    throw explain(error, folder, 'write');
  }
}

/** Checks that the store of a folder is there and may be read, before SQLite says less about it. */
export function checkReadable(folder: string): void {
  const path = databasePath(folder);
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw explain(error, path, 'read');
  }
}

function tighten(path: string): void {
  const stat = statSync(path);
  if (process.platform !== 'win32' && stat.isFile() && (stat.mode & 0o077) !== 0) chmodSync(path, 0o600);
}

function explain(error: unknown, path: string, wish: 'read' | 'write'): unknown {
  const {code} = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' && wish === 'read') {
    return new StoreError(
      'failed',
      `Expected a store at ${path}, found none`,
      'Start `siem monitor` first, or name the folder: --data-dir',
    );
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return denied(path, wish);
  if (code === 'ENOSPC') return new StoreError('full', `${path}: no space left on the disk`, 'Free some disk space.');
  return error;
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
