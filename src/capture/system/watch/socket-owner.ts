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
 * them, until all are found: so it is asked for new sockets only, and works in slices. Of processes that share a socket
 * the one that opened or accepted it is given, as far up as each has it from its parent: a shell, not what it runs.
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
    for (const [inode, file] of socketsOf(join(proc, pid, 'fd'))) {
      if (inodes.has(inode) && !owners.has(inode)) owners.set(inode, describe(proc, eldest(proc, pid, inode, file)));
    }
  }
  return owners;
}

const slice = 20;
const mostFiles = 4_096;
const mostParents = 16;

/** Inodes, and the file number that each is open by. */
function* socketsOf(folder: string): Generator<readonly [inode: string, file: string]> {
  for (const name of namesIn(folder).slice(0, mostFiles)) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(join(folder, name)))?.[1];
    if (inode !== undefined) yield [inode, name];
  }
}

/** What is inherited has the same file number: one link is read a parent, not all that the parent has open. */
function eldest(proc: string, pid: string, inode: string, file: string): string {
  let found = pid;
  for (let step = 0; step < mostParents; step++) {
    const parent = parentOf(proc, found);
    if (parent === undefined || linkOf(join(proc, parent, 'fd', file)) !== `socket:[${inode}]`) break;
    found = parent;
  }
  return found;
}

/** The second field behind the name, which may hold anything. */
function parentOf(proc: string, pid: string): string | undefined {
  const text = readText(join(proc, pid, 'stat')) ?? '';
  return /^ \S (\d+) /.exec(text.slice(text.lastIndexOf(')') + 1))?.[1];
}

function describe(proc: string, pid: string): SocketOwner {
  const name = sanitizeLine((readText(join(proc, pid, 'comm')) ?? '').trimEnd());
  return {pid: Number(pid), name, executable: sanitizeLine(linkOf(join(proc, pid, 'exe')))};
}
