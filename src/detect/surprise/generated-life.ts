import type {LogEvent, Origin} from '../../event/event.ts';
import type {Level} from '../../event/level.ts';
import {seededRandom} from './seeded-random.ts';

/** Where generated entries say they come from. */
const origin: Origin = {agent: 'generated', host: 'alpha', source: 'generated', epoch: '1', dataset: 'syslog'};

/**
 * The log of a small server's ordinary life, without end, the same for the same seed: people and backups over ssh,
 * cron, units, a web application. For tests and benchmarks of what learns.
 */
export function* ordinaryLife(seed: number, start = 1_700_000_000_000_000, meanGapSeconds = 30): Generator<LogEvent> {
  const random = seededRandom(seed);
  let time = start;
  let position = 0;
  for (;;) {
    time += Math.floor(-Math.log(1 - random()) * meanGapSeconds * 1e6);
    const episode = pick(episodes, random);
    const pid = 1_000 + Math.floor(random() * 60_000);
    for (const [provider, message, ownPid] of episode(random, pid)) {
      time += Math.floor(random() * 400_000);
      yield entry(provider, message, ownPid, time, position++);
    }
  }
}

/** One entry as the generator writes it. */
export function entry(
  provider: string,
  message: string,
  pid: number | undefined,
  time: number,
  position: number,
): LogEvent {
  const level: Level = 6;
  const base = {kind: 'log', origin, position, time, ingested: time, level, code: 0, provider, message} as const;
  return pid === undefined ? base : {...base, pid};
}

type Line = readonly [provider: string, message: string, pid: number | undefined];
type Episode = (random: () => number, pid: number) => readonly Line[];

const users = ['anna', 'ben', 'carla', 'backup', 'deploy'];
const jobs = ['/usr/local/bin/report', '/usr/lib/php/sessionclean', 'run-parts /etc/cron.hourly'];
const units = ['Daily apt activities', 'Rotate log files', 'Clean php session files'];

const episodes: readonly Episode[] = [login, login, cron, cron, cron, unit, request, request, request, failedLogin];

function login(random: () => number, pid: number): readonly Line[] {
  const user = pick(users, random);
  const address = `10.0.0.${Math.floor(random() * 250)}`;
  const port = 30_000 + Math.floor(random() * 30_000);
  return [
    ['sshd', `Connection from ${address} port ${port} on 10.0.0.5 port 22`, pid],
    ['sshd', `Accepted publickey for ${user} from ${address} port ${port} ssh2`, pid],
    ['sshd', `pam_unix(sshd:session): session opened for user ${user}(uid=1000) by (uid=0)`, pid],
    ['systemd-logind', `New session ${Math.floor(random() * 9_000)} of user ${user}.`, 600],
    ['sshd', `Received disconnect from ${address} port ${port}:11: disconnected by user`, pid],
    ['sshd', `pam_unix(sshd:session): session closed for user ${user}`, pid],
    ['systemd-logind', `Removed session ${Math.floor(random() * 9_000)}.`, 600],
  ];
}

function failedLogin(random: () => number, pid: number): readonly Line[] {
  const address = `203.0.113.${Math.floor(random() * 250)}`;
  const port = 30_000 + Math.floor(random() * 30_000);
  const tries = 1 + Math.floor(random() * 3);
  return [
    ['sshd', `Connection from ${address} port ${port} on 10.0.0.5 port 22`, pid],
    ...Array.from(
      {length: tries},
      (): Line => ['sshd', `Failed password for root from ${address} port ${port} ssh2`, pid],
    ),
    ['sshd', `Connection closed by authenticating user root ${address} port ${port} [preauth]`, pid],
  ];
}

function cron(random: () => number, pid: number): readonly Line[] {
  return [
    ['CRON', 'pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)', pid],
    ['CRON', `(root) CMD (${pick(jobs, random)})`, pid],
    ['CRON', 'pam_unix(cron:session): session closed for user root', pid],
  ];
}

function unit(random: () => number): readonly Line[] {
  const name = pick(units, random);
  return [
    ['systemd', `Starting ${name}...`, 1],
    ['systemd', `unit-${name.length}.service: Deactivated successfully.`, 1],
    ['systemd', `Finished ${name}.`, 1],
  ];
}

function request(random: () => number): readonly Line[] {
  const number = Math.floor(random() * 1e6);
  const lines: Line[] = [
    ['webapp', `request ${number} received from 10.0.0.${Math.floor(random() * 250)}`, undefined],
    ['webapp', `request ${number} authorised as ${pick(users, random)}`, undefined],
  ];
  if (random() < 0.4) lines.push(['webapp', `cache miss for key ${number}`, undefined]);
  lines.push(['webapp', `request ${number} answered with 200 in ${Math.floor(random() * 90)} ms`, undefined]);
  return lines;
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)] as Item;
}
