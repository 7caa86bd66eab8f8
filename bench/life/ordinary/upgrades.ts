import type {Host} from '../host.ts';
import type {Script} from '../simulation.ts';

const packages = [
  'libssl3 3.0.11-1~deb12u2 3.0.13-1~deb12u1',
  'openssh-server 1:9.2p1-2+deb12u2 1:9.2p1-2+deb12u3',
  'curl 7.88.1-10+deb12u5 7.88.1-10+deb12u6',
  'tzdata 2024a-0+deb12u1 2024b-0+deb12u1',
  'libc6 2.36-9+deb12u4 2.36-9+deb12u7',
  'bind9-libs 1:9.18.24-1 1:9.18.28-1',
  'vim-common 2:9.0.1378-2 2:9.0.1378-2+deb12u1',
  'python3.11 3.11.2-6+deb12u2 3.11.2-6+deb12u3',
  'ca-certificates 20230311 20230311+deb12u1',
  'less 590-2 590-2.1~deb12u2',
  'git 1:2.39.2-1.1 1:2.39.5-0+deb12u1',
  'nginx-common 1.22.1-9 1.22.1-9+deb12u1',
  'libexpat1 2.5.0-1 2.5.0-1+deb12u1',
  'intel-microcode 3.20240312.1 3.20240813.1',
  'systemd 252.22-1~deb12u1 252.26-1~deb12u2',
] as const;

/** Most days there is nothing; now and then a handful of packages come, and with them restarts and new words. */
export function* upgrades(host: Host): Script {
  host.systemd('Starting apt-daily-upgrade.service - Daily apt upgrade and clean activities...');
  host.write(
    'unattended-upgrades.log',
    `${host.stamps.localMillis(host.now, ',')} INFO Starting unattended upgrades script`,
  );
  mirror(host, 200_000);
  yield 8 + host.random.exponential(10);
  const count = host.chance(0.45) ? host.random.between(1, 5) : 0;
  if (count === 0)
    host.write(
      'unattended-upgrades.log',
      `${host.stamps.localMillis(host.now, ',')} INFO No packages found that can be upgraded unattended and no pending auto-removals`,
    );
  for (let number = 0; number < count; number++) yield* upgrade(host, host.random.pick(packages));
  host.systemd('apt-daily-upgrade.service: Deactivated successfully.');
  host.systemd('Finished apt-daily-upgrade.service - Daily apt upgrade and clean activities.');
}

function* upgrade(host: Host, text: string): Script {
  const [name = '', before = '', after = ''] = text.split(' ');
  host.strain({cpu: 35, write: 9e6, read: 3e6}, 30);
  mirror(host, 2_500_000);
  const dpkg = (rest: string) => host.write('dpkg.log', `${host.stamps.local(host.now)} ${rest}`);
  dpkg('startup archives unpack');
  dpkg(`upgrade ${name}:amd64 ${before} ${after}`);
  for (const step of ['half-configured', 'unpacked', 'half-installed', 'unpacked']) {
    dpkg(`status ${step} ${name}:amd64 ${step === 'unpacked' ? after : before}`);
    yield 0.2 + host.random.next();
  }
  dpkg('startup packages configure');
  dpkg(`configure ${name}:amd64 ${after} <none>`);
  yield 1;
  dpkg(`status half-configured ${name}:amd64 ${after}`);
  dpkg(`status installed ${name}:amd64 ${after}`);
  host.systemd('Reloading.');
  if (host.chance(0.12)) host.renewSomething();
  const service = name.startsWith('openssh') ? 'ssh' : name.startsWith('nginx') ? 'nginx' : undefined;
  if (service !== undefined) yield* restartService(host, service);
  if (name === 'systemd')
    host.log('systemd', `systemd 252.26-1~deb12u2 running in system mode (+PAM +AUDIT +SELINUX +APPARMOR +IMA)`, 1);
}

export function* restartService(host: Host, service: string): Script {
  const says = service === 'ssh' ? 'OpenBSD Secure Shell server' : `${service} daemon`;
  const program = service === 'ssh' ? 'sshd' : service;
  if (service === 'ssh') host.log('sshd', 'Received signal 15; terminating.');
  host.systemd(`Stopping ${service}.service - ${says}...`);
  yield 0.5;
  host.systemd(`${service}.service: Deactivated successfully.`);
  host.systemd(`Stopped ${service}.service - ${says}.`);
  host.systemd(`Starting ${service}.service - ${says}...`);
  host.restart(program);
  yield 0.6;
  if (service === 'ssh') {
    host.log('sshd', 'Server listening on 0.0.0.0 port 22.');
    host.log('sshd', 'Server listening on :: port 22.');
  }
  host.systemd(`Started ${service}.service - ${says}.`);
  host.audit(
    'SERVICE_START',
    `pid=1 uid=0 auid=4294967295 ses=4294967295 msg='unit=${service} comm="systemd" exe="/usr/lib/systemd/systemd" hostname=? addr=? terminal=? res=success'`,
  );
}

export function mirror(host: Host, bytes: number): void {
  const to = `199.232.${host.random.between(38, 46)}.132`;
  host.flow({transport: 'udp', service: 'dns', to: host.facts.resolver, toPort: 53, out: 78, in: 160, lasts: 0.02});
  host.flow({service: 'http', to, toPort: 80, out: 4_000, in: bytes, lasts: 3 + bytes / 3e6});
}
