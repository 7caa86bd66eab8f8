import type {Host} from '../host.ts';
import {daily, nowAndThen, regularly} from '../rhythm.ts';
import type {Script} from '../simulation.ts';
import {cronJob} from './clockwork.ts';
import {upgrades} from './upgrades.ts';

/** How the machine keeps itself in order: rotation, packages, backups, certificates, time, leases, disks. */
export function startHousekeeping(host: Host): void {
  const {random, facts} = host;
  host.start(daily(host, 0, 20, rotate));
  host.start(daily(host, 6.4, 3_000, upgrades));
  host.start(daily(host, random.between(1, 4) + random.next(), 300, backup));
  host.start(regularly(host, 1_800, 5, smart));
  host.start(nowAndThen(host, 0.35, false, chrony));
  host.start(regularly(host, random.pick([3_600, 21_600, 43_200]), 400, lease));
  if (facts.personalities.includes('web') || facts.personalities.includes('mail')) {
    host.start(regularly(host, 43_200, 2_000, certificates));
  }
  host.start(nowAndThen(host, 0.04, false, firmware));
}

function* rotate(host: Host): Script {
  host.systemd('Starting logrotate.service - Rotate log files...');
  host.strain({cpu: 12, write: 4e6, read: 6e6}, 25);
  yield 2 + host.random.next() * 8;
  if (host.facts.personalities.includes('web')) host.log('nginx', 'signal process started', host.newPid());
  host.log(
    'rsyslogd',
    `[origin software="rsyslogd" swVersion="8.2302.0" x-pid="${host.daemon('rsyslogd')}" x-info="https://www.rsyslog.com"] rsyslogd was HUPed`,
  );
  yield 1;
  host.systemd('logrotate.service: Deactivated successfully.');
  host.systemd('Finished logrotate.service - Rotate log files.');
}

function* backup(host: Host): Script {
  const size = 4e8 * host.facts.scale * (0.8 + 0.4 * host.random.next());
  const seconds = size / 1.2e6;
  host.start(cronJob(host, 'root', '/usr/local/sbin/backup --quiet', seconds));
  yield 3;
  host.log('backup', `creating archive ${host.facts.host}-${host.stamps.local(host.now).slice(0, 10)}`, host.newPid());
  host.strain({cpu: 18, read: 9e6, sent: 1.2e6}, seconds);
  host.flow({
    service: 'ssh',
    to: `${host.facts.gateway.slice(0, -2)}.9`,
    toPort: 22,
    out: size,
    in: size / 60,
    lasts: seconds,
  });
  yield seconds;
  const pid = host.newPid();
  host.log(
    'backup',
    `archive done: ${host.random.between(20_000, 90_000)} files, ${(size / 1e6).toFixed(1)} MB deduplicated, ${Math.round(seconds)} s`,
    pid,
  );
  if (host.chance(0.12))
    host.log(
      'backup',
      `warning: file changed while we backed it up: /var/lib/${host.facts.appName}/state.${host.random.between(1, 9)}`,
      pid,
    );
}

function* certificates(host: Host): Script {
  host.systemd('Starting certbot.service - Certbot...');
  host.flow({service: 'https', to: '172.65.32.248', toPort: 443, out: 6_000, in: 12_000, lasts: 4});
  yield 5 + host.random.next() * 10;
  if (host.chance(0.06)) {
    host.log('certbot', `Renewing an existing certificate for ${host.facts.domain}`, host.newPid());
    yield 9;
    if (host.facts.personalities.includes('web')) host.log('nginx', 'signal process started', host.newPid());
    host.log(
      'certbot',
      `Deploying certificate to /etc/letsencrypt/live/${host.facts.domain}/fullchain.pem`,
      host.newPid(),
    );
  }
  host.systemd('certbot.service: Deactivated successfully.');
  host.systemd('Finished certbot.service - Certbot.');
}

function smart(host: Host): undefined {
  if (!host.chance(0.25)) return;
  const before = host.random.between(64, 72);
  host.log(
    'smartd',
    `Device: /dev/sda [SAT], SMART Usage Attribute: 194 Temperature_Celsius changed from ${before} to ${before + host.random.pick([-2, -1, 1, 2])}`,
  );
}

function chrony(host: Host): undefined {
  const server = `162.159.200.${host.random.pick([1, 123])}`;
  const kind = host.random.next();
  if (kind < 0.5) host.log('chronyd', `Selected source ${server} (2.debian.pool.ntp.org)`);
  else if (kind < 0.75)
    host.log(
      'chronyd',
      `Source ${server} replaced with 185.125.190.${host.random.between(56, 58)} (2.debian.pool.ntp.org)`,
    );
  else if (kind < 0.9) host.log('chronyd', "Can't synchronise: no selectable sources");
  else host.log('chronyd', `System clock wrong by ${(host.random.next() * 3 + 1).toFixed(6)} seconds`);
}

function* lease(host: Host): Script {
  const {facts} = host;
  host.flow({
    transport: 'udp',
    service: 'dhcp',
    fromPort: 68,
    to: facts.gateway,
    toPort: 67,
    out: 330,
    in: 330,
    lasts: 0.05,
  });
  if (facts.usesNetworkManager) {
    host.log(
      'NetworkManager',
      `<info>  [${(host.now / 1e6).toFixed(4)}] dhcp4 (${facts.interface}): state changed new lease, address=${facts.address}`,
    );
    yield 0.1;
    host.log(
      'dbus-daemon',
      `[system] Activating via systemd: service name='org.freedesktop.nm_dispatcher' unit='dbus-org.freedesktop.nm-dispatcher.service' requested by ':1.${host.random.between(3, 9)}' (uid=0 pid=${host.daemon('NetworkManager')} comm="/usr/sbin/NetworkManager --no-daemon")`,
    );
    return;
  }
  host.log('dhclient', `DHCPREQUEST for ${facts.address} on ${facts.interface} to ${facts.gateway} port 67`);
  yield 0.05;
  host.log('dhclient', `DHCPACK of ${facts.address} from ${facts.gateway}`);
  host.log('dhclient', `bound to ${facts.address} -- renewal in ${host.random.between(1_400, 20_000)} seconds.`);
}

function* firmware(host: Host): Script {
  host.systemd('Starting fwupd-refresh.service - Refresh fwupd metadata and update motd...');
  yield 2;
  host.log('fwupdmgr', 'Updating lvfs', host.newPid());
  host.log(
    'fwupdmgr',
    `Successfully downloaded new metadata: ${host.random.between(0, 2)} local devices supported`,
    host.newPid(),
  );
  host.systemd('fwupd-refresh.service: Deactivated successfully.');
}
