import {StoreError} from './sink.ts';

/** Turns what an SQLite library or the file system throws into a StoreError that says what to do. */
export function storeError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error, message);
  return new StoreError(code, `${path}: ${message}`, mends[code]);
}

const mends: Readonly<Partial<Record<StoreError['code'], string>>> = {
  full: 'Free some disk space, or lower [store] max_megabytes; writing goes on by itself.',
  busy: 'Another program holds the database; try again in a moment.',
  denied: 'Run the command as the owner of the data folder.',
};

// SQLite's primary result codes. sql.js gives the words only.
const byResult: Readonly<Record<number, StoreError['code']>> = {
  3: 'denied',
  5: 'busy',
  6: 'busy',
  8: 'denied',
  11: 'damaged',
  13: 'full',
  14: 'denied',
  26: 'damaged',
};

// SQLITE_IOERR_SHMSIZE: the WAL index could not grow, which is a full disk too.
const walIndexFull = 4874;

const byErrno: Readonly<Record<string, StoreError['code']>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
};

const byWords: readonly (readonly [RegExp, StoreError['code']])[] = [
  [/disk image is malformed|not a database|malformed database schema/, 'damaged'],
  [/database or disk is full/, 'full'],
  [/is locked/, 'busy'],
  [/readonly database|unable to open/, 'denied'],
];

function codeOf(error: unknown, message: string): StoreError['code'] {
  const {errcode, code} = (error ?? {}) as {errcode?: unknown; code?: unknown};
  if (typeof errcode === 'number') {
    return errcode === walIndexFull ? 'full' : (byResult[errcode & 0xff] ?? 'failed');
  }
  if (typeof code === 'string' && byErrno[code]) return byErrno[code];
  return byWords.find(([words]) => words.test(message))?.[1] ?? 'failed';
}
