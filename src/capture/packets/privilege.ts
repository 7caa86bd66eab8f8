import {readdirSync, readFileSync} from 'node:fs';
import type {Kernel} from './kernel.ts';

const PR_SET_PDEATHSIG = 1;
const PR_SET_NO_NEW_PRIVS = 38;
const SIGKILL = 9;
const capabilityVersion3 = 0x20080522;
const nobody = 65_534;

/** What the threads of this process may do, as the kernel tells it. */
export interface PrivilegeReport {
  readonly uid: number;
  readonly threads: number;
  readonly capabilitiesZero: boolean;
  readonly noNewPrivileges: boolean;
}

/** Root becomes `user` for good, in every thread, without groups. Throws where a step is refused. */
export function becomeUser(user: string): void {
  const entry = passwdEntry(user);
  process.setgroups?.([]);
  process.setgid?.(entry?.gid ?? nobody);
  process.setuid?.(entry?.uid ?? user);
}

/** Neither this thread nor any program it starts can gain privilege again. */
export function forbidNewPrivileges(kernel: Kernel): void {
  if (kernel.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) !== 0)
    throw new Error(`prctl refused with error ${kernel.errno()}`);
}

/** Takes every capability from this thread. Other threads keep theirs: a program started now begins without. */
export function dropCapabilities(kernel: Kernel): void {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(capabilityVersion3, 0);
  if (kernel.capset(header, Buffer.alloc(24)) !== 0) throw new Error(`capset refused with error ${kernel.errno()}`);
}

/** The kernel ends this process when its parent ends. Set after a change of user, which clears it. */
export function dieWithParent(kernel: Kernel): void {
  kernel.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

/** Looks at every thread, so that none is left with a privilege that the others gave up. */
export function privilegeReport(): PrivilegeReport {
  const statuses = readdirSync('/proc/self/task').map(thread =>
    readFileSync(`/proc/self/task/${thread}/status`, 'utf8'),
  );
  return summarise(statuses, process.getuid?.() ?? 0);
}

/** An ordinary user's process that has capabilities, as where its program was given them: in all of its threads. */
export function hasLooseCapabilities(): boolean {
  return process.platform === 'linux' && process.getuid?.() !== 0 && !privilegeReport().capabilitiesZero;
}

/** From the text of each thread's /proc status. */
export function summarise(statuses: readonly string[], uid: number): PrivilegeReport {
  const field = (status: string, name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? '?';
  const zero = (status: string, name: string) => /^0+$/.test(field(status, name));
  return {
    uid,
    threads: statuses.length,
    capabilitiesZero: statuses.every(status =>
      ['CapEff', 'CapPrm', 'CapInh', 'CapAmb'].every(set => zero(status, set)),
    ),
    noNewPrivileges: field(statuses[0] ?? '', 'NoNewPrivs') === '1',
  };
}

function passwdEntry(user: string): {uid: number; gid: number} | undefined {
  return accountIn(readFileSync('/etc/passwd', 'utf8'), user);
}

/** A user's ids in the text of a passwd file. macOS writes nobody's as -2, and its calls want them without a sign. */
export function accountIn(passwd: string, user: string): {uid: number; gid: number} | undefined {
  const line = passwd.split('\n').find(entry => entry.startsWith(`${user}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : {uid: Number(uid) >>> 0, gid: Number(gid) >>> 0};
}
