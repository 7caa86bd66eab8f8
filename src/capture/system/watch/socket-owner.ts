import {join} from 'node:path';
import {setImmediate as breathe} from 'node:timers/promises';
import {sanitizeLine} from '../../../event/sanitize.ts';
import {linkOf, namesIn, readText} from '../read-text.ts';

export interface SocketOwner {
  readonly pid: number;
  readonly name: string;
  /** '' where this program may not see it. */
  readonly executable: string;
}

export interface OwnerSearch {
  /** Puts the likeliest first. */
  readonly order?: (pids: readonly number[]) => readonly number[];
  /** Lets other work come in between. */
  readonly pause?: () => Promise<void>;
}

/**
 * Which processes hold the given sockets (by inode). Reads every process' open files, as far as this program may see
 * them, until all are found: so it is asked for new sockets only, and works in slices.
 */
export async function findOwners(
  proc: string,
  inodes: ReadonlySet<string>,
  {order = pids => pids, pause = breathe}: OwnerSearch = {},
): Promise<Map<string, SocketOwner>> {
  const owners = new Map<string, SocketOwner>();
  let looked = 0;
  const pids = namesIn(proc).filter(name => /^\d+$/.test(name));
  for (const pid of order(pids.map(Number)).map(String)) {
    if (owners.size === inodes.size) break;
    if (++looked % slice === 0) await pause();
    for (const inode of socketsOf(join(proc, pid, 'fd'))) {
      if (inodes.has(inode) && !owners.has(inode)) owners.set(inode, describe(proc, pid));
    }
  }
  return owners;
}

const slice = 20;
const mostFiles = 4_096;

function* socketsOf(folder: string): Generator<string> {
  for (const name of namesIn(folder).slice(0, mostFiles)) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(join(folder, name)))?.[1];
    if (inode !== undefined) yield inode;
  }
}

function describe(proc: string, pid: string): SocketOwner {
  const name = sanitizeLine((readText(join(proc, pid, 'comm')) ?? '').trimEnd());
  return {pid: Number(pid), name, executable: sanitizeLine(linkOf(join(proc, pid, 'exe')))};
}
