import {second} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';
import {WatchActions, watchProvider} from '../system/watch/watch-event.ts';
import {icmpFrame, Tcp, tcpFrame} from './frames.ts';
import {attacker, dropZone, server, serverName} from './network.ts';
import {type Happening, logLine} from './normal-life.ts';
import type {Random} from './random.ts';

/** Seconds from the attack's beginning at which its phases begin. */
export const phases = {
  scan: 0,
  bruteForce: 8,
  success: 18,
  newService: 24,
  exfiltration: 30,
  oversizedPing: 40,
  end: 46,
} as const;

/** An intrusion from first probe to stolen data, in 46 seconds, beginning at `start`. Times are in order. */
export function attack(random: Random, start: Micros): readonly Happening[] {
  const at = (phase: keyof typeof phases) => start + phases[phase] * second;
  return [
    ...scan(random, at('scan')),
    ...bruteForce(random, at('bruteForce')),
    ...success(at('success')),
    ...newService(at('newService')),
    ...exfiltration(at('exfiltration')),
    ...oversizedPing(at('oversizedPing')),
  ].sort((one, other) => one.at - other.at);
}

function scan(random: Random, start: Micros): readonly Happening[] {
  const first = random.between(1, 50);
  return Array.from({length: 240}, (_, index): readonly Happening[] => {
    const from = {machine: attacker, port: 45_000 + index};
    const to = {machine: server, port: first + index * 7};
    const now = start + index * 20_000;
    const probe: Happening = {at: now, frame: tcpFrame(from, to, Tcp.syn, index)};
    if (index % 24 !== 0) return [probe];
    const text = `[UFW BLOCK] IN=eth0 SRC=${attacker.ip} DST=${server.ip} PROTO=TCP SPT=${from.port} DPT=${to.port} SYN`;
    return [probe, {at: now + 500, line: kernelLine(now + 500, text)}];
  }).flat();
}

function bruteForce(random: Random, start: Micros): readonly Happening[] {
  const users = ['root', 'admin', 'oracle', 'test', 'backup'] as const;
  return Array.from({length: 30}, (_, index): readonly Happening[] => {
    const now = start + index * 300_000;
    const user = random.pick(users);
    const port = 51_000 + index;
    const who = user === 'root' || user === 'backup' ? user : `invalid user ${user}`;
    return [
      ...sshConnection(now, port),
      logLine(
        now + 120_000,
        'sshd',
        21_000 + index,
        `Failed password for ${who} from ${attacker.ip} port ${port} ssh2`,
      ),
      logLine(now + 140_000, 'sshd', 21_000 + index, `Connection closed by ${attacker.ip} port ${port} [preauth]`),
    ];
  }).flat();
}

function success(start: Micros): readonly Happening[] {
  const from = attacker.ip;
  return [
    ...sshConnection(start, 51_100),
    logLine(start + 100_000, 'sshd', 21_100, `Accepted password for backup from ${from} port 51100 ssh2`),
    logLine(
      start + 120_000,
      'sshd',
      21_100,
      'pam_unix(sshd:session): session opened for user backup(uid=34) by (uid=0)',
    ),
    logLine(
      start + 3 * second,
      'sudo',
      21_140,
      'backup : TTY=pts/1 ; PWD=/home/backup ; USER=root ; COMMAND=/bin/bash',
    ),
    logLine(
      start + 3.1 * second,
      'sudo',
      21_140,
      'pam_unix(sudo:session): session opened for user root(uid=0) by backup(uid=34)',
    ),
  ];
}

function newService(start: Micros): readonly Happening[] {
  return [
    logLine(start, 'systemd', 1, 'Reloading requested from client PID 21177 (unit session-9.scope)...'),
    logLine(start + second, 'systemd', 1, 'Created slice relay.slice - Slice /relay.'),
    logLine(start + 1.2 * second, 'systemd', 1, 'Started relay-agent.service - Remote relay agent.'),
    portOpened(start + 1.4 * second),
    logLine(start + 1.5 * second, 'relay-agent', 21_204, 'listening on 0.0.0.0:4444, key fingerprint 9c:11:e0:5a'),
  ];
}

function exfiltration(start: Micros): readonly Happening[] {
  const from = {machine: server, port: 49_152};
  const to = {machine: dropZone, port: 4444};
  const data = Array.from({length: 3_000}, (_, index): readonly Happening[] => {
    const now = start + 2_000 + index * 2_500;
    const segment: Happening = {at: now, frame: tcpFrame(from, to, Tcp.ack | Tcp.push, 1 + index * 1_448, 1_448)};
    return index % 2 === 0 ? [segment] : [segment, {at: now + 300, frame: tcpFrame(to, from, Tcp.ack, 1)}];
  }).flat();
  return [
    {at: start, frame: tcpFrame(from, to, Tcp.syn, 0)},
    {at: start + 600, frame: tcpFrame(to, from, Tcp.syn | Tcp.ack, 0)},
    {at: start + 1_000, frame: tcpFrame(from, to, Tcp.ack, 1)},
    logLine(start + 1_500, 'relay-agent', 21_204, `uploading /var/backups/customers.sql.gz to ${dropZone.ip}:4444`),
    ...data,
    logLine(start + 8 * second, 'relay-agent', 21_204, 'upload finished, 4344000 bytes'),
  ];
}

function oversizedPing(start: Micros): readonly Happening[] {
  return Array.from({length: 40}, (_, index) => ({
    at: start + index * 100_000,
    frame: icmpFrame(attacker, server, 8, index, 4_800 + index),
  }));
}

function sshConnection(now: Micros, port: number): readonly Happening[] {
  const from = {machine: attacker, port};
  const to = {machine: server, port: 22};
  return [
    {at: now, frame: tcpFrame(from, to, Tcp.syn, 0)},
    {at: now + 200, frame: tcpFrame(to, from, Tcp.syn | Tcp.ack, 0)},
    {at: now + 400, frame: tcpFrame(from, to, Tcp.ack, 1)},
    {at: now + 30_000, frame: tcpFrame(from, to, Tcp.ack | Tcp.push, 1, 220)},
    {at: now + 31_000, frame: tcpFrame(to, from, Tcp.ack | Tcp.push, 1, 160)},
    {at: now + 150_000, frame: tcpFrame(to, from, Tcp.rst, 161)},
  ];
}

/** What the watch on listening ports reports, as a JSON line. */
function portOpened(at: Micros): Happening {
  const record = {
    '@timestamp': new Date(at / 1000).toISOString(),
    'host.name': serverName,
    'event.provider': watchProvider,
    'log.level': 'notice',
    message: 'tcp port 4444 was opened on 0.0.0.0 by relay-agent (pid 21204, user root)',
    'event.action': WatchActions.portOpened,
    'server.ip': '0.0.0.0',
    'server.port': 4444,
    'network.transport': 'tcp',
    'process.name': 'relay-agent',
    'process.pid': 21_204,
    'user.name': 'root',
  };
  return {at, line: JSON.stringify(record)};
}

function kernelLine(at: Micros, message: string): string {
  const time = new Date(at / 1000).toISOString().replace('Z', '000+00:00');
  return `${time} ${serverName} kernel: ${message}`;
}
