import {type Dirent, readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {isMissing} from '../read-text.ts';
import type {Account} from './accounts.ts';
import type {WatchKind} from './watch-event.ts';

export interface Watched {
  /** As the machine names it, without the root folder. */
  readonly path: string;
  readonly kind: WatchKind;
}

export const mostFiles = 1_000;

/**
 * The files to watch that may exist now: keys of every account, sudo rights, units and cron tables of this machine
 * (not those that packages bring), and what the user names (files, or folders for the files in them).
 */
export function listWatched(
  root: string,
  accounts: readonly Account[],
  named: readonly string[],
): Map<string, WatchKind> {
  const found = new Map<string, WatchKind>();
  for (const {path, kind} of candidates(root, accounts, named)) {
    if (found.size >= mostFiles) break;
    if (!found.has(path)) found.set(path, kind);
  }
  return found;
}

function* candidates(root: string, accounts: readonly Account[], named: readonly string[]): Generator<Watched> {
  for (const path of named)
    yield* isFolder(root, path) ? inFolder(root, path, 'watched', 0) : [{path, kind: 'watched'}];
  yield {path: '/etc/sudoers', kind: 'sudoers'};
  yield* inFolder(root, '/etc/sudoers.d', 'sudoers', 0);
  for (const home of new Set(['/root', ...accounts.map(account => account.home)])) {
    if (!home.startsWith('/') || home === '/') continue;
    for (const name of keyFiles) yield {path: join(home, '.ssh', name), kind: 'authorized-keys'};
  }
  yield {path: '/etc/crontab', kind: 'cron'};
  for (const folder of cronFolders) yield* inFolder(root, folder, 'cron', 1);
  for (const folder of unitFolders) yield* inFolder(root, folder, 'unit', 1);
}

const keyFiles = ['authorized_keys', 'authorized_keys2'];
const cronFolders = [
  '/etc/cron.d',
  '/etc/cron.hourly',
  '/etc/cron.daily',
  '/etc/cron.weekly',
  '/etc/cron.monthly',
  '/var/spool/cron',
];
const unitFolders = ['/etc/systemd/system', '/etc/systemd/user'];
// What editors, package managers and crontab(1) leave for a moment.
const temporary = /(?:~|\.sw[a-z]|\.tmp|\.dpkg-[a-z]+|\.rpm[a-z]+)$|^(?:\.#|#|tmp\.)/;

function* inFolder(root: string, folder: string, kind: WatchKind, depth: number): Generator<Watched> {
  for (const entry of entriesOf(join(root, folder))) {
    const path = join(folder, entry.name);
    if (temporary.test(entry.name)) continue;
    if (!entry.isDirectory()) yield {path, kind};
    else if (depth > 0) yield* inFolder(root, path, kind, depth - 1);
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, {withFileTypes: true});
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isFolder(root: string, path: string): boolean {
  try {
    return statSync(join(root, path)).isDirectory();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
