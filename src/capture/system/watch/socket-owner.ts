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

/**
 * Which processes hold the given sockets (by inode). Reads every process' open files, as far as this program may see
 * them: so it is asked for new listeners only, and works in slices.
 */
export async function findOwners(proc: string, inodes: ReadonlySet<string>): Promise<Map<string, SocketOwner>> {
  const owners = new Map<string, SocketOwner>();
  let looked = 0;
  for (const pid of namesIn(proc)) {
    if (owners.size === inodes.size) break;
    if (!/^\d+$/.test(pid)) continue;
    if (++looked % slice === 0) await breathe();
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
