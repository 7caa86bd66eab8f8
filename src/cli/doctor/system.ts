import type {Settings} from '../../config/settings.ts';
import {type Check, fails, note, ok} from './check.ts';
import type {Access} from './files.ts';

export interface SystemFacts {
  readonly settings: Settings;
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  readonly access: (path: string) => Access;
  readonly hasSystemInformation: boolean;
  /** Files that are watched for change, and those of them that may not be read. */
  readonly watched: {readonly files: number; readonly hidden: number};
}

const measured = ['/proc/stat', '/proc/meminfo', '/proc/diskstats', '/proc/net/dev', '/proc/loadavg'];

/** Whether the machine can be measured, and its ports and files watched. */
export function systemChecks(facts: SystemFacts): readonly Check[] {
  return [metrics(facts), ...(wants(facts, 'watch') ? [ports(facts), files(facts)] : [watchOff])];
}

const watchOff = ok('watchers', 'off: sources in [monitor] does not name watch');

function metrics(facts: SystemFacts): Check {
  if (!facts.settings.system.metrics) return ok('metrics', 'off: metrics = no in [system]');
  if (!wants(facts, 'system')) return ok('metrics', 'off: sources in [monitor] does not name system');
  if (facts.platform !== 'linux') {
    return facts.hasSystemInformation
      ? ok('metrics', 'through systeminformation')
      : fails('metrics', 'the package systeminformation is missing', 'npm install in the folder of siem');
  }
  const missing = measured.filter(path => facts.access(path) !== 'readable');
  if (missing.length === 0) return ok('metrics', 'processor, memory, disks and network from /proc');
  if (missing.length < measured.length) return note('metrics', `without ${missing.join(', ')}: these may not be read`);
  return fails('metrics', '/proc may not be read', 'sudo mount -t proc proc /proc; or metrics = no in [system]');
}

function ports({platform, access, isRoot}: SystemFacts): Check {
  if (platform !== 'linux' || access('/proc/net/tcp') !== 'readable') {
    return note('port watch', 'no /proc/net/tcp to read: listening ports are watched on Linux only');
  }
  if (isRoot) return ok('port watch', 'listening ports and the programs that hold them');
  return note('port watch', 'listening ports; the program is told only for your own ones', 'sudo siem monitor');
}

function files({watched: {files: count, hidden}}: SystemFacts): Check {
  if (hidden === 0) return ok('file watch', `${count} files: keys, sudoers, units, cron and those named`);
  const found = `${count} files; ${hidden} of them may not be read, so what was changed in them is not told`;
  return note('file watch', found, 'sudo siem monitor');
}

function wants({settings}: SystemFacts, name: string): boolean {
  return settings.monitor.sources.includes('auto') || settings.monitor.sources.includes(name);
}
