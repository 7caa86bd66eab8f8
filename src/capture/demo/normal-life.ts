import {minute, second} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';
import {arpRequest, dnsQuestion, Tcp, tcpFrame, udpFrame} from './frames.ts';
import {clients, database, gateway, server, serverName} from './network.ts';
import type {Random} from './random.ts';

/** One thing that happens in the demonstration: a line that a program logs, or a frame on the wire. */
export type Happening = {readonly at: Micros; readonly line: string} | {readonly at: Micros; readonly frame: Buffer};

const pages = ['/', '/login', '/products', '/products/17', '/cart', '/static/site.css', '/static/site.js'] as const;
const names = ['api.example.org', 'time.example.net', 'updates.example.org', 'mail.example.com'] as const;
const cronJobs = ['/usr/local/bin/rotate-carts', '/usr/lib/sysstat/debian-sa1 1 1'] as const;

/**
 * What a small web server does all day, from `from` to `until`: cron, timers, administrators who log in with a key,
 * visitors, name look-ups and database queries. Times are in order. Without frames it is quick: a day in milliseconds.
 */
export function* normalLife(random: Random, from: Micros, until: Micros, frames: boolean): Generator<Happening> {
  const habits: Habit[] = [
    {next: from + random.between(0, 180) * second, mean: 3 * minute, regular: true, act: cron},
    {next: from + 40 * second, mean: 4 * minute, regular: true, act: timer},
    {next: from + random.exponential(5 * minute), mean: 5 * minute, regular: false, act: keyLogin},
    {next: from + random.exponential(25 * second), mean: 25 * second, regular: false, act: visit},
    {next: from + 3 * minute, mean: 30 * minute, regular: true, act: lease},
  ];
  if (frames) {
    habits.push(
      {next: from, mean: 0.25 * second, most: longestSilence, regular: false, act: query},
      {next: from, mean: 2 * second, regular: false, act: lookUp},
    );
  }
  const pending: Happening[] = [];
  for (;;) {
    const habit = habits.reduce((one, other) => (one.next <= other.next ? one : other));
    while (pending[0] && pending[0].at <= habit.next) yield pending.shift() as Happening;
    if (habit.next >= until) break;
    const now = habit.next;
    const pause = Math.round(habit.regular ? habit.mean : random.exponential(habit.mean));
    habit.next += Math.max(1_000, Math.min(pause, habit.most ?? pause));
    for (const happening of habit.act(random, now)) {
      if (frames || 'line' in happening) insert(pending, happening);
    }
  }
  yield* pending.filter(happening => happening.at < until);
}

/** Replaying cuts longer ones in a capture, which would then run ahead of the log. */
const longestSilence = 0.9 * second;

interface Habit {
  next: Micros;
  readonly mean: Micros;
  readonly most?: Micros;
  readonly regular: boolean;
  readonly act: (random: Random, now: Micros) => readonly Happening[];
}

/** A syslog line with an ISO time, as rsyslog writes them today. */
export function logLine(at: Micros, program: string, pid: number, message: string): Happening {
  const time = new Date(at / 1000).toISOString().slice(0, -1);
  const micros = String(Math.floor(at % 1000)).padStart(3, '0');
  return {at, line: `${time}${micros}+00:00 ${serverName} ${program}[${pid}]: ${message}`};
}

function cron(random: Random, now: Micros): readonly Happening[] {
  const pid = random.between(2_000, 30_000);
  return [
    logLine(now, 'CRON', pid, 'pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)'),
    logLine(now + 20_000, 'CRON', pid + 1, `(root) CMD (${random.pick(cronJobs)})`),
    logLine(now + 900_000, 'CRON', pid, 'pam_unix(cron:session): session closed for user root'),
  ];
}

function timer(_random: Random, now: Micros): readonly Happening[] {
  return [
    logLine(now, 'systemd', 1, 'Starting sysstat-collect.service - system activity accounting tool...'),
    logLine(now + 150_000, 'systemd', 1, 'sysstat-collect.service: Deactivated successfully.'),
    logLine(now + 151_000, 'systemd', 1, 'Finished sysstat-collect.service - system activity accounting tool.'),
  ];
}

function keyLogin(random: Random, now: Micros): readonly Happening[] {
  const pid = random.between(2_000, 30_000);
  const user = random.pick(['deploy', 'maria', 'jonas'] as const);
  const {ip} = random.pick(clients);
  const port = random.between(40_000, 60_000);
  const stay = random.between(20, 240) * second;
  return [
    logLine(now, 'sshd', pid, `Accepted publickey for ${user} from ${ip} port ${port} ssh2: ED25519 SHA256:Zk1xq0eVv3`),
    logLine(now + 30_000, 'sshd', pid, `pam_unix(sshd:session): session opened for user ${user}(uid=1000) by (uid=0)`),
    logLine(now + stay, 'sshd', pid, `Received disconnect from ${ip} port ${port}:11: disconnected by user`),
    logLine(now + stay + 1_000, 'sshd', pid, `pam_unix(sshd:session): session closed for user ${user}`),
  ];
}

function visit(random: Random, now: Micros): readonly Happening[] {
  const client = {machine: random.pick(clients), port: random.between(40_000, 60_000)};
  const web = {machine: server, port: 443};
  const size = random.between(400, 9_000);
  const status = random.next() < 0.03 ? 404 : 200;
  const page = random.pick(pages);
  const line = logLine(now + 40_000, 'nginx', 812, `${client.machine.ip} "GET ${page} HTTP/1.1" ${status} ${size}`);
  const answer = Array.from({length: Math.ceil(size / 1448)}, (_, index) => ({
    at: now + 30_000 + index * 200,
    frame: tcpFrame(web, client, Tcp.ack | Tcp.push, 1 + index * 1448, Math.min(1448, size - index * 1448)),
  }));
  return [
    {at: now, frame: tcpFrame(client, web, Tcp.syn, 0)},
    {at: now + 200, frame: tcpFrame(web, client, Tcp.syn | Tcp.ack, 0)},
    {at: now + 400, frame: tcpFrame(client, web, Tcp.ack, 1)},
    {at: now + 900, frame: tcpFrame(client, web, Tcp.ack | Tcp.push, 1, 517)},
    ...answer,
    line,
    {at: now + 60_000, frame: tcpFrame(client, web, Tcp.fin | Tcp.ack, 518)},
    {at: now + 60_200, frame: tcpFrame(web, client, Tcp.fin | Tcp.ack, 1 + size)},
    {at: now + 60_400, frame: tcpFrame(client, web, Tcp.ack, 519)},
  ];
}

function lease(_random: Random, now: Micros): readonly Happening[] {
  return [
    logLine(now, 'dhclient', 640, `DHCPREQUEST for ${server.ip} on eth0 to ${gateway.ip} port 67`),
    logLine(now + 5_000, 'dhclient', 640, `DHCPACK of ${server.ip} from ${gateway.ip}`),
    logLine(now + 6_000, 'dhclient', 640, `bound to ${server.ip} -- renewal in 1790 seconds.`),
  ];
}

function query(random: Random, now: Micros): readonly Happening[] {
  const web = {machine: server, port: 38_000 + random.between(0, 3)};
  const db = {machine: database, port: 5432};
  const at = Math.floor(now / 1000);
  return [
    {at: now, frame: tcpFrame(web, db, Tcp.ack | Tcp.push, at, random.between(60, 200))},
    {at: now + 700, frame: tcpFrame(db, web, Tcp.ack | Tcp.push, at, random.between(80, 1_200))},
    {at: now + 900, frame: tcpFrame(web, db, Tcp.ack, at + 200)},
  ];
}

function lookUp(random: Random, now: Micros): readonly Happening[] {
  if (random.next() < 0.2) return [{at: now, frame: arpRequest(server, random.pick([gateway, database] as const))}];
  const resolver = {machine: gateway, port: 53};
  const asker = {machine: server, port: random.between(40_000, 60_000)};
  const question = dnsQuestion(random.between(1, 65_535), random.pick(names));
  const answer = Buffer.concat([question, Buffer.from('c00c00010001000000b400047f000001', 'hex')]);
  answer[2] = 0x81;
  answer[3] = 0x80;
  answer[7] = 1;
  return [
    {at: now, frame: udpFrame(asker, resolver, question)},
    {at: now + 12_000, frame: udpFrame(resolver, asker, answer)},
  ];
}

/** Keeps the few happenings that lie ahead in the order of their times. */
function insert(pending: Happening[], happening: Happening): void {
  let index = pending.length;
  while (index > 0 && (pending[index - 1]?.at ?? 0) > happening.at) index--;
  pending.splice(index, 0, happening);
}
