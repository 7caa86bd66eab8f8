import {sensorGroups, usualFiles, usualGroups} from '../../capture/logs/discover.ts';
import {isWrittenFromJournal} from '../../capture/logs/journal-coverage.ts';
import type {Settings} from '../../config/settings.ts';
import {type Check, fails, note, ok} from './check.ts';
import type {Access} from './files.ts';
import type {JournalFound} from './journal.ts';

export interface LogFacts {
  readonly settings: Settings['sources'];
  /** `sources` of [monitor]. */
  readonly sources: readonly string[];
  readonly user: string;
  readonly journal: JournalFound;
  readonly access: (path: string) => Access;
  /** The files a path or glob names now. */
  readonly expand: (pattern: string) => readonly string[];
  readonly datagrams: DatagramFacts;
}

export interface DatagramFacts {
  /** UDP ports somebody listens on; undefined where that cannot be seen. */
  readonly taken: readonly {readonly address: string; readonly port: number}[] | undefined;
  /** Ports below this need a privilege. */
  readonly privilegedBelow: number;
  readonly mayBind: boolean;
  /** Our own monitor runs, so the port may be its own. */
  readonly monitorRuns: boolean;
}

/** Which logs can be read, and what gives the right to those that can not. */
export function logChecks(facts: LogFacts): readonly Check[] {
  const usual = facts.sources.includes('auto') ? usualLogs(facts) : [];
  const named = [...facts.settings.files, ...facts.sources.filter(isFile).map(name => name.slice('file:'.length))];
  const told = new Set(usual.map(({check}) => check));
  const more = named.flatMap(name => namedLog(name, facts)).filter(({check}) => !told.has(check));
  return [journald(facts), ...usual, ...more, kernel(facts), syslog(facts)];
}

function journald(facts: LogFacts): Check {
  const {journal, user} = facts;
  if (!wants(facts, 'journald', facts.settings.journald)) return ok('journal', 'off: journald is not asked for');
  const mend = `sudo usermod -aG systemd-journal ${user}, then log in anew; or journald = no in [sources]`;
  switch (journal.state) {
    case 'readable':
      return ok('journal', `readable, ${journal.version}`);
    case 'partly':
      return fails('journal', `${user} sees only entries of their own, ${journal.version}`, mend);
    case 'denied':
      return fails('journal', `${user} may not read it, ${journal.version}`, mend);
    case 'empty':
      return note('journal', `${journal.version} is here, its journal is empty: text logs are read`);
    case 'absent':
      return facts.sources.includes('journald')
        ? fails('journal', 'journalctl was not found', 'sources = auto in [monitor]')
        : note('journal', 'journalctl was not found: text logs are read');
    case 'failed':
      return fails('journal', journal.detail, 'journalctl --verify; or journald = no in [sources]');
    default:
      return journal satisfies never;
  }
}

function usualLogs(facts: LogFacts): readonly Check[] {
  const single = usualFiles.map(name => `/var/log/${name}`);
  const patterns = [
    ...usualGroups.map(pattern => `/var/log/${pattern}`),
    ...(facts.settings.sensors ? sensorGroups : []),
  ];
  const grouped = patterns.flatMap(pattern => facts.expand(pattern));
  const checks = [...single, ...grouped].flatMap(path => usualLog(path, facts));
  if (checks.length > 0) return checks;
  return [note('text logs', 'none of the usual ones is under /var/log', 'name yours under files in [sources]')];
}

function usualLog(path: string, facts: LogFacts): readonly Check[] {
  const access = facts.access(path);
  if (access === 'missing') return [];
  const check = `log ${path}`;
  if (isWrittenFromJournal(path) && isJournalRead(facts)) return [ok(check, 'covered by the journal')];
  return [access === 'readable' ? ok(check, 'readable') : unreadable(check, path, facts.user)];
}

function namedLog(pattern: string, facts: LogFacts): readonly Check[] {
  const paths = facts.expand(pattern);
  if (paths.length === 0) return [note(`log ${pattern}`, 'no such file yet: it is followed once it is there')];
  return paths.map(path => {
    const access = facts.access(path);
    if (access === 'readable') return ok(`log ${path}`, 'readable');
    if (access === 'missing') return note(`log ${path}`, 'is not there yet: it is followed once it is');
    return unreadable(`log ${path}`, path, facts.user);
  });
}

function unreadable(check: string, path: string, user: string): Check {
  const mend = `sudo siem monitor; or sudo usermod -aG adm ${user}, then log in anew; or sudo setfacl -m u:${user}:r ${path}`;
  return fails(check, `${user} may not read it`, mend);
}

function kernel(facts: LogFacts): Check {
  if (!wants(facts, 'kernel', facts.settings.kernel)) return ok('kernel log', 'off: kernel is not asked for');
  if (isJournalRead(facts)) return ok('kernel log', 'covered by the journal');
  if (facts.access('/var/log/kern.log') === 'readable') return ok('kernel log', 'covered by /var/log/kern.log');
  switch (facts.access('/dev/kmsg')) {
    case 'readable':
      return ok('kernel log', '/dev/kmsg, readable');
    case 'missing':
      return note('kernel log', 'there is no /dev/kmsg here');
    case 'denied':
      return fails('kernel log', '/dev/kmsg may not be read', 'sudo siem monitor; or kernel = no in [sources]');
  }
}

function syslog(facts: LogFacts): Check {
  const {syslog_address: address, syslog_port: port} = facts.settings;
  const {taken, privilegedBelow, mayBind, monitorRuns} = facts.datagrams;
  if (!facts.settings.syslog && !facts.sources.includes('syslog'))
    return ok('syslog listener', 'off: syslog = no in [sources]');
  const where = `${address} port ${port}/udp`;
  if (port > 0 && port < privilegedBelow && !mayBind) {
    const found = `${where}: ports below ${privilegedBelow} need root`;
    return fails('syslog listener', found, 'syslog_port = 5514 in [sources]; or sudo siem monitor');
  }
  const holder = taken?.some(entry => entry.port === port && meet(entry.address, address));
  if (holder && monitorRuns) return ok('syslog listener', `${where}, listening (a monitor runs)`);
  if (holder) {
    const mend = `another syslog_port in [sources]; sudo ss -ulpn sport = :${port} shows who has it`;
    return fails('syslog listener', `${where} is taken by another program`, mend);
  }
  return ok('syslog listener', `${where}, free`);
}

function meet(one: string, other: string): boolean {
  return one === other || [one, other].some(address => address === '0.0.0.0' || address === '::');
}

function isJournalRead(facts: LogFacts): boolean {
  return wants(facts, 'journald', facts.settings.journald) && facts.journal.state === 'readable';
}

function wants({sources}: LogFacts, name: string, setting: boolean): boolean {
  return sources.includes(name) || (sources.includes('auto') && setting);
}

function isFile(source: string): boolean {
  return source.startsWith('file:');
}
