import type {Stats} from 'node:fs';
import {join} from 'node:path';
import {type Check, fails, note, ok} from './check.ts';

/** What is looked at of the data folder; passed in so that a test can hold it. */
export interface FolderProbes {
  readonly me: {readonly uid: number; readonly name: string};
  readonly stat: (path: string) => Pick<Stats, 'uid' | 'mode' | 'size' | 'isDirectory' | 'isFile'> | undefined;
  readonly isWritable: (path: string) => boolean;
  readonly names: (folder: string) => readonly string[];
  readonly nearest: (path: string) => string;
  /** Bytes that this user may still write. */
  readonly free: (path: string) => number;
  readonly userName: (uid: number) => string;
}

const check = 'data folder';
const megabyte = 1_048_576;
/** Less than this and even the first batches do not fit. */
const leastFree = 32 * megabyte;

/** Whether the folder is there, is ours and has room for what the store may grow to. */
export function dataFolderChecks(folder: string, capBytes: number, probes: FolderProbes): readonly Check[] {
  const stat = probes.stat(folder);
  if (!stat) return [notThere(folder, probes), space(probes.nearest(folder), capBytes, probes)];
  if (!stat.isDirectory()) {
    return [fails(check, `expected a folder at ${folder}, found a file`, `mv ${folder} ${folder}.old; or --data-dir`)];
  }
  const owner = probes.userName(stat.uid);
  if (!probes.isWritable(folder)) return [notWritable(folder, stat.mode, owner, probes.me)];
  const facts = `${folder}, owner ${owner}, mode ${octal(stat.mode)}`;
  return [
    isPrivate(stat.mode, probes)
      ? ok(check, facts)
      : note(check, `${facts}: others may look in`, `chmod 700 ${folder}`),
    ...looseFiles(folder, probes),
    space(folder, capBytes, probes),
  ];
}

function notThere(folder: string, probes: FolderProbes): Check {
  const above = probes.nearest(folder);
  if (probes.isWritable(above)) return note(check, `${folder} is not there yet: siem monitor makes it`);
  return fails(
    check,
    `${folder} is not there, and ${probes.me.name} may not write to ${above}`,
    `sudo install -d -m 700 -o ${probes.me.name} ${folder}; or another folder: --data-dir`,
  );
}

function notWritable(folder: string, mode: number, owner: string, me: FolderProbes['me']): Check {
  if (me.uid !== 0 && !(owner === me.name && mode & 0o200)) return denied(folder, owner, me.name);
  return fails(
    check,
    `nothing can be written in ${folder}: its file system may only be read`,
    `findmnt -T ${folder}; or another folder: --data-dir`,
  );
}

function denied(folder: string, owner: string, me: string): Check {
  const found = `${folder} belongs to ${owner}; ${me} may not write there`;
  if (owner === me) return fails(check, found, `chmod u+rwx ${folder}`);
  return fails(check, found, `${owner === 'root' ? 'sudo' : `sudo -u ${owner}`} siem …; or another folder: --data-dir`);
}

function looseFiles(folder: string, probes: FolderProbes): readonly Check[] {
  const loose = probes
    .names(folder)
    .filter(name => /^(?:siem\.|siem_app\.log|agent\.json)/.test(name) && name !== 'siem.ini')
    .map(name => join(folder, name))
    .filter(path => {
      const stat = probes.stat(path);
      return stat?.isFile() && !isPrivate(stat.mode, probes);
    });
  if (loose.length === 0) return [];
  const shown = loose.slice(0, 5).join(' ');
  return [note('data files', `others may read ${loose.length} of the files in ${folder}`, `chmod 600 ${shown}`)];
}

/** Windows keeps rights elsewhere; what Node shows as the mode says nothing there. */
function isPrivate(mode: number, {me}: FolderProbes): boolean {
  return me.uid < 0 || (mode & 0o077) === 0;
}

function space(folder: string, capBytes: number, probes: FolderProbes): Check {
  const free = probes.free(folder);
  const text = `${megabytes(free)} MB free, the store is held below ${megabytes(capBytes)} MB`;
  if (free < leastFree) return fails('disk space', text, `free some space: df -h ${folder}`);
  const used = probes
    .names(folder)
    .filter(name => /^siem\.db(?:-wal|-frames)?$/.test(name))
    .reduce((sum, name) => sum + (probes.stat(join(folder, name))?.size ?? 0), 0);
  if (free + used >= capBytes) return ok('disk space', text);
  return note('disk space', text, `max_megabytes = ${Math.max(16, megabytes((free + used) * 0.8))} in [store]`);
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

function megabytes(bytes: number): number {
  return Math.floor(bytes / megabyte);
}
