import {randomBytes} from 'node:crypto';
import {linkSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {isRunning, type ProcessIdentity, thisProcess} from './process-identity.ts';
import {StoreError} from './sink.ts';

/** Held by the one monitor of a data folder. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the lock of a data folder, or throws a StoreError that names the process that has it.
 *
 * Node has no flock. The lock is a file `siem.lock.N` that says which process holds it; the one with the highest N
 * counts. Who finds its holder gone makes N + 1 by `link`, which only one of several can do and which brings the content
 * with it. The highest file is never removed, only emptied on release: so a starter that looked long ago can only
 * make a number that is taken, or one that is no longer the highest, and sees that when it looks again.
 */
export function lockFolder(folder: string): FolderLock {
  const own = join(folder, `siem.lock.new-${process.pid}-${randomBytes(4).toString('hex')}`);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const top = highest(folder);
    const holder = holderAt(folder, top);
    if (holder) throw taken(folder, holder);
    const path = join(folder, lockName(top + 1));
    if (!make(path, own)) continue;
    if (highest(folder) !== top + 1) {
      rmSync(path, {force: true});
      continue;
    }
    removeOlder(folder, top + 1);
    return {release: () => empty(path)};
  }
  throw new StoreError('busy', `${folder}: other monitors are starting in this folder`, 'Try again in a moment.');
}

// The folder may have been removed meanwhile, and the lock with it.
function empty(path: string): void {
  try {
    truncateSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** The process that holds the lock of a data folder now, undefined if none does. Changes nothing. */
export function lockHolder(folder: string): ProcessIdentity | undefined {
  return holderAt(folder, highest(folder));
}

function holderAt(folder: string, number: number): ProcessIdentity | undefined {
  const holder = number > 0 ? holderOf(join(folder, lockName(number))) : undefined;
  return holder && isRunning(holder) ? holder : undefined;
}

// Each failed attempt means that another process has made progress.
const attempts = 100;

function lockName(number: number): string {
  return `siem.lock.${number}`;
}

function highest(folder: string): number {
  return Math.max(0, ...numbers(folder));
}

function numbers(folder: string): number[] {
  return readdirSync(folder).flatMap(name => {
    const number = /^siem\.lock\.(\d+)$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

/** Undefined if the lock was released, or was removed just now by the next holder. */
function holderOf(path: string): ProcessIdentity | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text === '' ? undefined : (JSON.parse(text) as ProcessIdentity);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** False if another was quicker. */
function make(path: string, own: string): boolean {
  try {
    writeFileSync(own, JSON.stringify(thisProcess()), {mode: 0o600});
    linkSync(own, path);
    return true;
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    throw error;
  } finally {
    rmSync(own, {force: true});
  }
}

function removeOlder(folder: string, number: number): void {
  for (const older of numbers(folder)) {
    if (older < number) rmSync(join(folder, lockName(older)), {force: true});
  }
}

function taken(folder: string, holder: ProcessIdentity): StoreError {
  return new StoreError(
    'busy',
    `${folder} is in use by another siem, process ${holder.pid}`,
    `Look at what it stores with siem query, end it with kill ${holder.pid}, or use another folder: --data-dir`,
  );
}
