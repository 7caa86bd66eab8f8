import type {Host} from '../host.ts';
import {daily, nowAndThen, regularly} from '../rhythm.ts';
import type {Script} from '../simulation.ts';

/** What runs by the clock: cron's jobs and systemd's timers. */
export function startClockwork(host: Host): void {
  const {random} = host;
  host.start(hourly(host));
  host.start(
    regularly(host, random.pick([300, 600, 900]), 0, it =>
      cronJob(it, 'root', 'command -v debian-sa1 > /dev/null && debian-sa1 1 1'),
    ),
  );
  host.start(
    daily(host, 6 + 25 / 60, 30, it =>
      cronJob(it, 'root', 'test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily )'),
    ),
  );
  host.start(
    daily(
      host,
      6 + 47 / 60,
      30,
      it => cronJob(it, 'root', 'test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.weekly )'),
      0,
    ),
  );
  const odd = random.between(0, 23) + random.between(1, 58) / 60;
  host.start(
    daily(
      host,
      odd,
      2,
      it => cronJob(it, it.person().name, `/home/${it.facts.people[0]?.name}/bin/report.sh --weekly`),
      random.between(0, 6),
    ),
  );
  host.start(daily(host, (odd * 7) % 24, 2, it => cronJob(it, 'root', '/usr/local/sbin/prune-cache >/dev/null 2>&1')));
  for (const timer of timers) host.start(daily(host, random.next() * 24, timer.jitter, it => unit(it, timer)));
  host.start(
    nowAndThen(host, 1.2, false, it =>
      unit(it, {name: 'systemd-tmpfiles-clean', says: 'Cleanup of Temporary Directories', jitter: 0}),
    ),
  );
}

interface Timer {
  readonly name: string;
  readonly says: string;
  readonly jitter: number;
}

const timers: readonly Timer[] = [
  {name: 'apt-daily', says: 'Daily apt download activities', jitter: 3_600},
  {name: 'man-db', says: 'Daily man-db regeneration', jitter: 600},
  {name: 'fstrim', says: 'Discard unused blocks on filesystems from /etc/fstab', jitter: 900},
  {name: 'dpkg-db-backup', says: 'Daily dpkg database backup service', jitter: 60},
  {name: 'e2scrub_all', says: 'Online ext4 Metadata Check for All Filesystems', jitter: 60},
  {name: 'phpsessionclean', says: 'Clean php session files', jitter: 60},
];

function* hourly(host: Host): Script {
  yield 3_600 - ((host.now / 1e6) % 3_600) + 17 * 60;
  for (;;) {
    host.start(cronJob(host, 'root', 'cd / && run-parts --report /etc/cron.hourly'));
    yield 3_600;
  }
}

/** One run of a cron job: PAM's session lines around cron's own. */
export function* cronJob(host: Host, user: string, command: string, seconds = 0.4): Script {
  const pid = host.newPid();
  const uid = user === 'root' ? 0 : (host.facts.people.find(one => one.name === user)?.uid ?? 33);
  host.log('CRON', `pam_unix(cron:session): session opened for user ${user}(uid=${uid}) by (uid=0)`, pid);
  host.log('CRON', `(${user}) CMD (${command})`, pid + 1);
  yield seconds * (0.5 + host.random.next());
  host.log('CRON', `pam_unix(cron:session): session closed for user ${user}`, pid);
}

function* unit(host: Host, {name, says}: Timer): Script {
  host.systemd(`Starting ${name}.service - ${says}...`);
  yield 0.3 + host.random.exponential(6);
  host.systemd(`${name}.service: Deactivated successfully.`);
  host.systemd(`Finished ${name}.service - ${says}.`);
  if (host.chance(0.3))
    host.systemd(`${name}.service: Consumed ${(1 + host.random.exponential(3)).toFixed(3)}s CPU time.`);
}
