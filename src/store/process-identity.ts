import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';

/** Names one run of one process: its number is given out again some day, with its start time and the boot it is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** As the system counts it; '' where it cannot be known. */
  readonly started: string;
  readonly boot: string;
}

export function thisProcess(): ProcessIdentity {
  return {pid: process.pid, started: startOf(process.pid) ?? '', boot: bootId()};
}

/** Whether that very process still runs. In doubt (another user's process that may not be looked at) it does. */
export function isRunning(identity: ProcessIdentity): boolean {
  if (identity.boot !== bootId() || !exists(identity.pid)) return false;
  const started = startOf(identity.pid);
  return started === undefined || identity.started === '' || started === identity.started;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStart(pid);
  if (process.platform === 'win32') return undefined;
  const ps = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {encoding: 'utf8', env: {LC_ALL: 'C', TZ: 'UTC'}});
  return ps.status === 0 ? ps.stdout.trim() : undefined;
}

// Field 22 of /proc/PID/stat, in clock ticks since boot. The name in field 2 may hold blanks and parentheses. A process
// that was killed and not yet waited for (state Z) has let go of everything.
function linuxStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    // Gone since, or hidden (hidepid): the caller then goes by the number alone.
    return undefined;
  }
}

function bootId(): string {
  if (process.platform !== 'linux') return '';
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
