import {keyPrint} from '../facts.ts';
import type {Host} from '../host.ts';
import {hourOf, nowAndThen, regularly} from '../rhythm.ts';
import type {Script} from '../simulation.ts';
import {cronJob} from './clockwork.ts';
import {logIn, logOut, session, sudo} from './people.ts';
import {mirror, restartService} from './upgrades.ts';

/** One-off work of the administrators: legitimate, and each thing done once or a few times ever. */
export function startAdmin(host: Host): void {
  host.start(nowAndThen(host, 0.4, true, oneOff));
}

function* oneOff(host: Host): Script {
  const clock = hourOf(host.now);
  if (clock < 7 || clock > 19) return;
  const admin = host.person(true);
  const from = admin.addresses[0] ?? host.facts.gateway;
  const login = yield* logIn(host, admin, from, {byPassword: admin.byPassword, lasts: 900});
  yield 30;
  yield* host.random.pick(works)(host, admin.name);
  yield 60 + host.random.exponential(200);
  logOut(host, admin, from, login);
}

type Work = (host: Host, admin: string) => Script;

const works: readonly [Work, ...Work[]] = [
  installTool,
  newAccount,
  newCronJob,
  editSudoers,
  newService,
  mountDisk,
  debugging,
  changePassword,
  firewall,
  becomeRoot,
  wrongPassword,
  addKey,
];

const tools = [
  'htop',
  'tcpdump',
  'nmap',
  'strace',
  'jq',
  'ncdu',
  'iotop',
  'mtr-tiny',
  'socat',
  'sysstat',
  'rsync',
  'tmux',
] as const;

function* installTool(host: Host, admin: string): Script {
  const tool = host.random.pick(tools);
  yield* sudo(host, admin, `/usr/bin/apt install ${tool}`, 'pts/0', 20);
  mirror(host, 900_000);
  const version = `${host.random.between(1, 9)}.${host.random.between(0, 40)}-${host.random.between(1, 4)}`;
  for (const rest of [
    'startup archives unpack',
    `install ${tool}:amd64 <none> ${version}`,
    `status half-installed ${tool}:amd64 ${version}`,
    `status unpacked ${tool}:amd64 ${version}`,
    'startup packages configure',
    `configure ${tool}:amd64 ${version} <none>`,
    `status installed ${tool}:amd64 ${version}`,
  ]) {
    host.write('dpkg.log', `${host.stamps.local(host.now)} ${rest}`);
    yield 0.2;
  }
}

function* newAccount(host: Host, admin: string): Script {
  const name = host.random.pick(['intern', 'deploy2', 'ci', 'metrics', 'vera', 'otto', 'tim', 'backup2']);
  const uid = host.random.between(1_010, 1_060);
  yield* sudo(host, admin, `/usr/sbin/adduser ${name}`, 'pts/0', 3);
  host.log('groupadd', `group added to /etc/group: name=${name}, GID=${uid}`, host.newPid());
  host.log('groupadd', `new group: name=${name}, GID=${uid}`, host.newPid());
  host.log(
    'useradd',
    `new user: name=${name}, UID=${uid}, GID=${uid}, home=/home/${name}, shell=/bin/bash, from=/dev/pts/0`,
    host.newPid(),
  );
  yield 12;
  host.log('passwd', `pam_unix(passwd:chauthtok): password changed for ${name}`, host.newPid());
  host.log('chage', `changed password expiry for ${name}`, host.newPid());
  // The new colleague begins to work.
  const address = `${host.facts.gateway.slice(0, -2)}.${host.random.between(100, 220)}`;
  const person = {
    name,
    uid,
    isAdmin: false,
    addresses: [address],
    from: 8,
    to: 18,
    key: keyPrint(host.random),
    byPassword: false,
  };
  host.start(nowAndThen(host.actor(host.newPid()), 0.3, true, it => session(it, person, address)));
  if (host.chance(0.4)) {
    yield* sudo(host, admin, `/usr/sbin/usermod -aG sudo ${name}`);
    host.log('usermod', `add '${name}' to group 'sudo'`, host.newPid());
  }
}

function* newCronJob(host: Host, admin: string): Script {
  host.log('crontab', `(${admin}) BEGIN EDIT (${admin})`, host.newPid());
  yield 40;
  host.log('crontab', `(${admin}) REPLACE (${admin})`, host.newPid());
  host.log('crontab', `(${admin}) END EDIT (${admin})`, host.newPid());
  yield 30;
  host.log('cron', `(${admin}) RELOAD (crontabs/${admin})`);
  // From now on it runs.
  const command = `/home/${admin}/bin/${host.random.pick(['sync', 'tidy', 'mirror', 'digest'])}.sh`;
  const often = host.random.pick([900, 3_600, 14_400]);
  host.start(regularly(host.actor(host.newPid()), often, 0, it => cronJob(it, admin, command)));
}

function* editSudoers(host: Host, admin: string): Script {
  yield* sudo(host, admin, '/usr/sbin/visudo', 'pts/1', 60);
}

function* newService(host: Host, admin: string): Script {
  const name = host.random.pick(['node-exporter', 'syncthing', 'redis-server', 'memcached', 'grafana-agent']);
  yield* sudo(host, admin, `/usr/bin/tee /etc/systemd/system/${name}.service`);
  yield* sudo(host, admin, '/usr/bin/systemctl daemon-reload');
  host.systemd('Reloading.');
  yield* sudo(host, admin, `/usr/bin/systemctl enable --now ${name}`);
  host.systemd(`Started ${name}.service - ${name}.`);
  host.start(
    nowAndThen(host.actor(host.newPid()), 2, false, it => {
      it.log(
        name,
        `level=info msg="scrape finished" duration=${it.random.next().toFixed(6)} failed=${it.random.between(0, 1)}`,
      );
      return undefined;
    }),
  );
}

function* mountDisk(host: Host, admin: string): Script {
  host.kernel('usb 2-1: new SuperSpeed USB device number 3 using xhci_hcd');
  host.kernel('usb-storage 2-1:1.0: USB Mass Storage device detected');
  host.kernel(`sd 6:0:0:0: [sdb] ${host.random.between(4e8, 9e8)} 512-byte logical blocks: (500 GB/466 GiB)`);
  yield 20;
  yield* sudo(host, admin, '/usr/bin/mount /dev/sdb1 /mnt');
  host.kernel('EXT4-fs (sdb1): mounted filesystem with ordered data mode. Quota mode: none.');
  host.strain({read: 2e7, write: 1e7, cpu: 6}, 300);
}

function* debugging(host: Host, admin: string): Script {
  yield* sudo(host, admin, `/usr/bin/tcpdump -ni ${host.facts.interface} port 443 -c 200`, 'pts/0', 30);
  host.kernel(`device ${host.facts.interface} entered promiscuous mode`);
  yield 30;
  host.kernel(`device ${host.facts.interface} left promiscuous mode`);
  yield* sudo(host, admin, `/usr/bin/strace -f -p ${host.newPid()}`, 'pts/0', 30);
}

function* changePassword(host: Host, admin: string): Script {
  host.log('passwd', `pam_unix(passwd:chauthtok): password changed for ${admin}`, host.newPid());
  yield 1;
}

function* firewall(host: Host, admin: string): Script {
  yield* sudo(
    host,
    admin,
    `/usr/sbin/ufw allow from ${host.facts.gateway}/24 to any port ${host.random.pick([3306, 5432, 9100, 8080])}`,
  );
  host.kernel('[UFW AUDIT] rule added');
  yield 2;
}

function* becomeRoot(host: Host, admin: string): Script {
  const uid = host.facts.people.find(one => one.name === admin)?.uid ?? 1000;
  const pid = host.newPid();
  host.log('su', `(to root) ${admin} on pts/1`, pid);
  host.log('su', `pam_unix(su-l:session): session opened for user root(uid=0) by ${admin}(uid=${uid})`, pid);
  yield 300;
  host.log('su', 'pam_unix(su-l:session): session closed for user root', pid);
}

function* wrongPassword(host: Host, admin: string): Script {
  host.log(
    'sudo',
    `pam_unix(sudo:auth): authentication failure; logname=${admin} uid=1000 euid=0 tty=/dev/pts/0 ruser=${admin} rhost=  user=${admin}`,
    null,
  );
  yield 6;
  yield* sudo(host, admin, '/usr/bin/systemctl restart systemd-resolved');
  yield* restartService(host, 'systemd-resolved');
}

function* addKey(host: Host, admin: string): Script {
  yield* sudo(host, admin, `/usr/bin/tee -a /home/${host.person().name}/.ssh/authorized_keys`);
}
