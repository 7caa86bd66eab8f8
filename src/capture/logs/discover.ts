import {existsSync, readdirSync, realpathSync} from 'node:fs';
import {basename, dirname, join, resolve} from 'node:path';
import type {Settings} from '../../config/settings.ts';
import {eventLogFile, isEventLogPath} from '../files/evtx/event-log-file.ts';
import type {Source} from '../source.ts';
import {fileGroup} from './file-group.ts';
import {fixedFolder, isGlob} from './glob.ts';
import type {JournalOptions} from './journal-child.ts';
import {coveredByJournal} from './journal-coverage.ts';
import {journald} from './journald.ts';
import {kernelLog} from './kernel.ts';
import {macosLogs} from './macos/macos-logs.ts';
import {syslogUdp} from './syslog-udp.ts';
import {pause} from './tail/changes.ts';
import {textFile} from './text-file.ts';
import {windowsLogs} from './windows/windows-logs.ts';

/** Text logs looked for under /var/log; those that are there are followed. */
export const usualFiles = ['syslog', 'messages', 'auth.log', 'secure', 'kern.log', 'audit/audit.log', 'dpkg.log'];
export const usualGroups = ['nginx/*.log', 'apache2/*.log', 'httpd/*log'];
/** Where Suricata and Zeek write: under /var/log, or where Zeek is installed. */
export const sensorGroups = [
  '/var/log/suricata/eve*.json',
  '/opt/zeek/logs/current/*.log',
  '/usr/local/zeek/logs/current/*.log',
  '/var/log/zeek/current/*.log',
  '/var/log/zeek/*.log',
  '/var/spool/zeek/*.log',
  '/nsm/zeek/logs/current/*.log',
  '/usr/local/bro/logs/current/*.log',
];
const journalFolders = ['/run/log/journal', '/var/log/journal'];

/** Where to look; tests bring their own. */
export interface DiscoverOptions {
  /** /var/log */
  readonly logFolder?: string;
  /** What stands before the sensors' own folders; '' */
  readonly root?: string;
  readonly kernelDevice?: string;
  readonly journal?: JournalOptions;
  readonly platform?: NodeJS.Platform;
  /** What stands in for `wevtutil` and macOS' `log`. */
  readonly wevtutil?: string;
  readonly log?: string;
}

type LogSettings = Pick<Settings, 'monitor' | 'sources'>;

/**
 * The log sources that the settings ask for and this machine has: the journal, the usual text logs, the kernel's log
 * where neither brings it, the logs of Suricata and Zeek, the channels of Windows, the unified log of macOS, the syslog
 * listener, and the files the user named. Files whose lines the journal brings too
 * are among them as sources that only say that they are covered.
 */
export async function discoverLogs(settings: LogSettings, options: DiscoverOptions = {}): Promise<readonly Source[]> {
  const folder = options.logFolder ?? '/var/log';
  const wanted = settings.monitor.sources;
  const auto = wanted.includes('auto');
  const asked = (name: string, flag: boolean) => wanted.includes(name) || (auto && flag);
  const withJournal = wanted.includes('journald') || (auto && settings.sources.journald && hasJournal(options));
  const named = [...wanted.flatMap(fileName), ...settings.sources.files].map(path => resolve(path));
  const patterns = [
    ...named.filter(isGlob),
    ...(auto ? usualPatterns(folder) : []),
    ...(auto && settings.sources.sensors ? sensorPatterns(options.root ?? '') : []),
  ];
  const files = [...new Set([...(auto ? usualPaths(folder) : []), ...named.filter(path => !isGlob(path))])];
  const covered = withJournal ? await coveredByJournal(files, options.journal) : new Set<string>();
  const {max_line: maxLine, syslog_address: address, syslog_port: port} = settings.sources;
  const withKernel =
    asked('kernel', settings.sources.kernel && !withJournal && !files.some(isKernelLog)) &&
    (wanted.includes('kernel') || existsSync(options.kernelDevice ?? '/dev/kmsg'));
  return [
    ...(withJournal ? [journald(options.journal)] : []),
    ...files.map(path => (covered.has(path) ? coveredFile(path) : followed(path, maxLine))),
    ...[...new Set(patterns)].map(pattern => fileGroup({pattern, maxLine, without: new Set(files)})),
    ...(withKernel ? [kernelLog()] : []),
    ...(await windowsLogs(wanted, options)),
    ...macosLogs(wanted, options),
    ...(asked('syslog', settings.sources.syslog) ? [syslogUdp({address, port, maxLine})] : []),
  ];
}

function followed(path: string, maxLine: number): Source {
  return isEventLogPath(path) ? eventLogFile({path}) : textFile({path, maxLine});
}

function usualPaths(folder: string): string[] {
  return usualFiles.map(name => join(folder, name)).filter(path => existsSync(path));
}

function usualPatterns(folder: string): string[] {
  return usualGroups.map(name => join(folder, name)).filter(pattern => existsSync(fixedFolder(pattern)));
}

/** Each folder once: `current` is a link, and so may be what stands above it. */
export function sensorPatterns(root = ''): string[] {
  const seen = new Set<string>();
  return sensorGroups
    .map(pattern => join(root || '/', pattern))
    .filter(pattern => {
      const fixed = fixedFolder(pattern);
      // The link stands there only while Zeek runs.
      const folder = realFolder(fixed) ?? (basename(fixed) === 'current' ? realFolder(dirname(fixed)) : undefined);
      if (folder === undefined || seen.has(folder)) return false;
      seen.add(folder);
      return true;
    });
}

function realFolder(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // Not there, or closed to this user: no sensor that could be read.
    return undefined;
  }
}

function fileName(source: string): string[] {
  return source.startsWith('file:') ? [source.slice(5)] : [];
}

function isKernelLog(path: string): boolean {
  return ['kern.log', 'syslog', 'messages'].includes(basename(path));
}

/** Whether journald keeps files here. Whether they may be read is for the source itself to say. */
function hasJournal(options: DiscoverOptions): boolean {
  const folders = options.journal?.folder === undefined ? journalFolders : [options.journal.folder];
  return folders.some(folder =>
    names(folder).some(name => isJournal(name) || names(join(folder, name)).some(isJournal)),
  );
}

function isJournal(name: string): boolean {
  return name.endsWith('.journal');
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No such folder, or a file: there is no journal in it.
    return [];
  }
}

/** Reads nothing; it is there to be listed. */
function coveredFile(path: string): Source {
  return {
    id: `file:${path}`,
    start: async (_emit, signal, context) => {
      context.news({state: 'covered', detail: 'covered by journald'});
      while (!signal.aborted) await pause(60_000, signal);
    },
  };
}
