import type {Person} from '../facts.ts';
import {publicAddress} from '../facts.ts';
import type {Host} from '../host.ts';
import {activity, hourOf, nowAndThen} from '../rhythm.ts';
import type {Script} from '../simulation.ts';

/** The people who work here: when they log in, from where, and what they do as root. */
export function startPeople(host: Host): void {
  host.facts.people.forEach((person, number) => {
    const own = host.actor(400 + number);
    host.start(nowAndThen(own, own.random.pick([0.15, 0.5, 1.2]), false, it => visit(it, person)));
  });
}

function* visit(host: Host, person: Person): Script {
  const clock = hourOf(host.now);
  const early = clock < person.from || clock > person.to;
  // Almost everyone keeps to their hours; now and then someone works at night.
  if (early && !host.chance(0.015)) return;
  if (!host.chance(Math.min(1, activity(host.now) + 0.1))) return;
  yield* session(
    host,
    person,
    person.addresses[host.chance(0.8) ? 0 : person.addresses.length - 1] ?? host.facts.gateway,
  );
}

/** One ssh session from the handshake to the last line. */
export function* session(host: Host, person: Person, address: string): Script {
  // Someone on the road comes from an address never seen before.
  const from = host.facts.isPublic && host.chance(0.03) ? publicAddress(host.random) : address;
  const minutes = 1 + host.random.exponential(25);
  const login = yield* logIn(host, person, from, {byPassword: person.byPassword, lasts: minutes * 60});
  const until = host.now + minutes * 60e6;
  while (host.now < until) {
    if (person.isAdmin && host.chance(0.25)) yield* sudo(host, person.name, host.random.pick(usualCommands));
    yield host.random.exponential(240);
  }
  logOut(host, person, from, login);
}

export interface Login {
  readonly pid: number;
  readonly port: number;
  readonly session: number;
}

export interface LoginWay {
  readonly byPassword: boolean;
  /** Seconds; how long the flow is. */
  readonly lasts: number;
  readonly key?: string;
}

export function* logIn(host: Host, person: Person, from: string, way: LoginWay): Generator<number, Login, void> {
  const pid = host.newPid();
  const port = host.port();
  const id = host.random.between(2, 9_000);
  host.flow({
    service: 'ssh',
    from,
    fromPort: port,
    to: host.facts.address,
    toPort: 22,
    out: 3_000 + way.lasts * 40,
    in: 4_000 + way.lasts * 180,
    lasts: way.lasts,
  });
  yield 0.6 + host.random.next();
  if (way.byPassword && host.phase < 0 && host.chance(0.12)) {
    host.log(
      'sshd',
      `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${from}  user=${person.name}`,
      pid,
    );
    yield 2;
    host.log('sshd', `Failed password for ${person.name} from ${from} port ${port} ssh2`, pid);
    yield 4;
  }
  const method = way.byPassword ? 'password' : 'publickey';
  const key = way.byPassword ? '' : `: ED25519 SHA256:${way.key ?? person.key}`;
  host.log('sshd', `Accepted ${method} for ${person.name} from ${from} port ${port} ssh2${key}`, pid);
  host.log('sshd', `pam_unix(sshd:session): session opened for user ${person.name}(uid=${person.uid}) by (uid=0)`, pid);
  host.log('systemd-logind', `New session ${id} of user ${person.name}.`);
  host.systemd(`Started session-${id}.scope - Session ${id} of User ${person.name}.`);
  host.audit(
    'USER_LOGIN',
    `pid=${pid} uid=0 auid=${person.uid} ses=${id} msg='op=login id=${person.uid} exe="/usr/sbin/sshd" hostname=${from} addr=${from} terminal=/dev/pts/0 res=success'`,
  );
  return {pid, port, session: id};
}

export function logOut(host: Host, person: Person, from: string, {pid, port, session: id}: Login): void {
  host.log('sshd', `Received disconnect from ${from} port ${port}:11: disconnected by user`, pid + 1);
  host.log('sshd', `Disconnected from user ${person.name} ${from} port ${port}`, pid + 1);
  host.log('sshd', `pam_unix(sshd:session): session closed for user ${person.name}`, pid);
  host.log('systemd-logind', `Session ${id} logged out. Waiting for processes to exit.`);
  host.log('systemd-logind', `Removed session ${id}.`);
  host.systemd(`session-${id}.scope: Deactivated successfully.`);
}

const usualCommands = [
  '/usr/bin/systemctl status nginx',
  '/usr/bin/journalctl -u ssh -n 50',
  '/usr/bin/apt update',
  '/usr/bin/apt upgrade',
  '/usr/bin/tail -f /var/log/syslog',
  '/usr/bin/vim /etc/hosts',
  '/usr/bin/ls -la /root',
  '/usr/bin/df -h',
  '/usr/bin/systemctl restart cron',
  '/usr/bin/ss -tlpn',
  '/usr/bin/less /var/log/auth.log',
  '/usr/bin/du -sh /var/log',
] as const;

export function* sudo(host: Host, user: string, command: string, tty = 'pts/0', seconds = 5): Script {
  const uid = host.facts.people.find(one => one.name === user)?.uid ?? 33;
  host.log('sudo', `   ${user} : TTY=${tty} ; PWD=/home/${user} ; USER=root ; COMMAND=${command}`, null);
  host.log('sudo', `pam_unix(sudo:session): session opened for user root(uid=0) by ${user}(uid=${uid})`, null);
  host.audit(
    'USER_CMD',
    `pid=${host.newPid()} uid=${uid} auid=${uid} ses=4 msg='cwd="/home/${user}" cmd=${Buffer.from(command).toString('hex').toUpperCase()} exe="/usr/bin/sudo" terminal=${tty} res=success'`,
  );
  yield 0.2 + host.random.exponential(seconds);
  host.log('sudo', 'pam_unix(sudo:session): session closed for user root', null);
}
