import type {LogEvent} from '../../../event/event.ts';
import {entry} from '../generated-life.ts';
import {entityOf} from './entity-of.ts';

function named(provider: string, message: string, more: Partial<LogEvent> = {}): string | undefined {
  const found = entityOf({...entry(provider, message, 1, 0, 0), ...more});
  return found && `${found.kind}: ${found.name}`;
}

test.each([
  ['Started ssh.service - OpenBSD Secure Shell server.', 'unit: ssh'],
  ['Starting apt-daily.service - Daily apt download activities...', 'unit: apt-daily'],
  ['Started Daily apt download activities.', 'unit: Daily apt download activities'],
  ['Started apt-daily.timer - Daily apt download activities.', 'unit: apt-daily.timer'],
  ['Listening on docker.socket - Docker Socket for the API.', 'unit: docker.socket'],
  ['Started user@1000.service - User Manager for UID 1000.', 'unit: user@'],
  ['Started run-r3f0c9e1b2a4d.service - /usr/bin/true.', 'unit: run-r3f0c9e1b2a4d'],
  ['Starting snap-refresh-20931.service - snap...', 'unit: snap-refresh-*'],
  ['Started session-12.scope - Session 12 of User anna.', undefined],
  ['Started Session 12 of user anna.', undefined],
  ['Started User Manager for UID 1000.', undefined],
  ['Started libcontainer container 3f0c9e1b2a4d.', undefined],
  ['Stopped ssh.service - OpenBSD Secure Shell server.', 'unit: ssh'],
  ['ssh.service: Main process exited, code=exited, status=1/FAILURE', 'unit: ssh'],
  ['/lib/systemd/system/smartd.service:9: PIDFile= references a path below legacy directory', 'unit: smartd'],
  ['Created slice user-1000.slice - User Slice of UID 1000.', undefined],
  ['Started run-docker-3f.scope - libcontainer container 3f.', undefined],
  ['Reloading.', undefined],
])('systemd: %s', (message, expected) => {
  expect(named('systemd', message)).toBe(expected);
});

test.each([
  [
    'CRON',
    '(root) CMD (cd / && run-parts --report /etc/cron.hourly)',
    'job: cd / && run-parts --report /etc/cron.hourly (of root)',
  ],
  ['CROND', '(bob) CMD (/home/bob/sync.sh 20260101)', 'job: /home/bob/sync.sh * (of bob)'],
  ['CROND', '(bob) CMDEND (/home/bob/sync.sh 20260101)', 'job: /home/bob/sync.sh * (of bob)'],
  ['CROND', '(bob) CMDOUT (17 files copied)', undefined],
  ['anacron', "Job `cron.daily' started", 'job: cron.daily'],
  ['run-parts', '(/etc/cron.hourly) starting 0anacron', 'job: /etc/cron.hourly/0anacron'],
  ['CRON', 'pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)', undefined],
  ['kernel', 'vboxdrv: loading out-of-tree module taints kernel.', 'module: vboxdrv'],
  ['kernel', "nvidia: module license 'NVIDIA' taints kernel.", 'module: nvidia'],
  ['kernel', 'zfs: module verification failed: signature and/or required key missing - tainting kernel', 'module: zfs'],
  ['systemd-modules-load', "Inserted module 'msr'", 'module: msr'],
  ['kernel', 'nginx[812]: segfault at 0 ip 00007f0000000000 sp 00007ffd00000000 error 4 in libc.so.6', 'crash: nginx'],
  ['kernel', 'traps: php-fpm[77] general protection fault ip:7f sp:7f error:0', 'crash: php-fpm'],
  ['systemd-coredump', 'Process 4711 (dovecot) of user 0 dumped core.', 'crash: dovecot'],
  ['kernel', 'eth0: link becomes ready', undefined],
  [
    'useradd',
    'new user: name=carol, UID=1002, GID=1002, home=/home/carol, shell=/bin/bash, from=/dev/pts/0',
    'account: carol',
  ],
  ['usermod', "add 'carol' to group 'sudo'", 'membership: carol in sudo'],
  ['gpasswd', 'user carol added by root to group wheel', 'membership: carol in wheel'],
  [
    'pkexec',
    'bob: Executing command [USER=root] [TTY=unknown] [CWD=/home/bob] [COMMAND=/usr/sbin/gparted /dev/sda]',
    'elevated: /usr/sbin/gparted',
  ],
  [
    'pkexec',
    'bob: Error executing command as another user: Not authorized [USER=root] [TTY=/dev/pts/0] [CWD=/tmp] [COMMAND=/bin/sh]',
    'elevated: /bin/sh',
  ],
  ['doas', 'bob ran command /bin/cat /etc/shadow as root from /home/bob', 'elevated: /bin/cat'],
])('%s: %s', (provider, message, expected) => {
  expect(named(provider, message)).toBe(expected);
});

test('su tells who became whom, where it came to that', () => {
  const su = {user: 'bob', fields: {'user.effective.name': 'root', 'event.outcome': 'success'}};
  expect(named('su', '(to root) bob on pts/0', su)).toBe('identity: bob to root');
  const failed = {...su, fields: {...su.fields, 'event.outcome': 'failure'}};
  expect(named('su', 'FAILED SU (to root) bob on pts/0', failed)).toBeUndefined();
});

test('a login by key names the key and whose it is', () => {
  const message =
    'Accepted publickey for bob from 10.0.0.7 port 5 ssh2: ED25519 SHA256:q8rVkzI3ZQ0h1mY7c2l5d9bX4tNwE6sUoAfGjKpLxRv';
  const login = {user: 'bob', fields: {'sshd.method': 'publickey', 'event.outcome': 'success'}};
  expect(named('sshd', message, login)).toBe('key: SHA256:q8rVkzI3ZQ0h1mY7c2l5d9bX4tNwE6sUoAfGjKpLxRv of bob');
});

test('audit records name units, modules, accounts and crashed programs as the programs themselves do', () => {
  const audited = (fields: Record<string, string>) => named('auditd', '', {fields});
  expect(audited({'auditd.type': 'SERVICE_START', 'auditd.unit': 'ssh'})).toBe('unit: ssh');
  expect(audited({'auditd.type': 'SERVICE_START', 'auditd.unit': 'user@1000'})).toBe('unit: user@');
  expect(audited({'auditd.type': 'KERN_MODULE', 'auditd.name': 'zfs'})).toBe('module: zfs');
  expect(audited({'auditd.type': 'ADD_USER', 'auditd.acct': 'carol'})).toBe('account: carol');
  expect(audited({'auditd.type': 'ANOM_ABEND', 'auditd.comm': 'nginx'})).toBe('crash: nginx');
  expect(audited({'auditd.type': 'SERVICE_STOP', 'auditd.unit': 'ssh'})).toBeUndefined();
});

test('Windows names services, tasks, accounts, members and drivers', () => {
  const written = (provider: string, code: number, data: Record<string, string>) => {
    const fields = Object.fromEntries(Object.entries(data).map(([key, value]) => [`winlog.event_data.${key}`, value]));
    return named(provider, '', {code, fields});
  };
  const security = 'Microsoft-Windows-Security-Auditing';
  expect(written('Service Control Manager', 7045, {ServiceName: 'PSEXESVC'})).toBe('service: PSEXESVC');
  expect(written('Service Control Manager', 7036, {param1: 'Spooler'})).toBeUndefined();
  expect(written(security, 4698, {TaskName: '\\Updater'})).toBe('job: \\Updater');
  expect(written(security, 4720, {TargetUserName: 'carol'})).toBe('account: carol');
  expect(written(security, 4732, {MemberName: '-', MemberSid: 'S-1-5-7', TargetUserName: 'Administrators'})).toBe(
    'membership: S-1-5-7 in Administrators',
  );
  expect(written('Microsoft-Windows-Sysmon', 6, {ImageLoaded: 'C:\\Evil.SYS'})).toBe('module: c:\\evil.sys');
});

test('a name is never longer than a person reads, however long the line', () => {
  const long = 'a'.repeat(100_000);
  expect(named('CRON', `(root) CMD (${long})`)).toBeUndefined();
  expect(named('CRON', `(root) CMD (${long.slice(0, 1_000)})`)).toHaveLength('job: '.length + 160);
  expect(named('systemd', `Started ${long}.service`)).toBeUndefined();
});
