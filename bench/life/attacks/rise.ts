import {hex} from '../facts.ts';
import type {Host} from '../host.ts';
import {container, dockerLine} from '../ordinary/developer.ts';
import {sudo} from '../ordinary/people.ts';
import type {Script} from '../simulation.ts';
import type {Attack, Intruder} from './attack.ts';

/** Refused a few times, then a program that may be run as root opens a shell. */
function* sudoMisuse(host: Host, {victim}: Intruder): Script {
  const {name} = victim;
  const loud = host.chance(0.6);
  if (loud) {
    host.log(
      'sudo',
      `pam_unix(sudo:auth): authentication failure; logname=${name} uid=${victim.uid} euid=0 tty=/dev/pts/3 ruser=${name} rhost=  user=${name}`,
      null,
    );
    yield 9;
    host.log(
      'sudo',
      `   ${name} : 3 incorrect password attempts ; TTY=pts/3 ; PWD=/tmp ; USER=root ; COMMAND=/bin/bash`,
      null,
    );
    yield 40;
    host.log(
      'sudo',
      `   ${name} : user NOT in sudoers ; TTY=pts/3 ; PWD=/dev/shm ; USER=root ; COMMAND=/usr/bin/cat /etc/shadow`,
      null,
    );
    yield 30;
  }
  host.log('sudo', `   ${name} : TTY=pts/3 ; PWD=/tmp ; USER=root ; COMMAND=list`, null);
  yield 15;
  for (const command of ['/usr/bin/find . -exec /bin/sh -p ; -quit', '/usr/bin/cat /etc/shadow', '/usr/bin/id'].slice(
    0,
    host.random.between(1, 3),
  )) {
    yield* sudo(host, name, command, 'pts/3', 60);
    yield 20;
  }
}

/** A local exploit: pkexec with an environment that it should not have, or a crash of a setuid program first. */
function* localExploit(host: Host, {victim}: Intruder): Script {
  const {name} = victim;
  for (let tries = host.random.between(1, 4); tries > 0; tries--) {
    const pid = host.newPid();
    if (host.chance(0.5))
      host.kernel(
        `pkexec[${pid}]: segfault at 0 ip 00007f${hex(host.random, 10)} sp 00007ffd${hex(host.random, 8)} error 4 in libc.so.6[7f${hex(host.random, 10)}+155000]`,
      );
    host.log(
      'pkexec',
      `${name}: The value for the SHELL variable was not found the /etc/shells file [USER=root] [TTY=/dev/pts/2] [CWD=/tmp/.x] [COMMAND=GCONV_PATH=./payload PATH=GCONV_PATH=.]`,
      pid,
    );
    yield 20;
  }
  const pid = host.newPid();
  host.log('su', `(to root) ${name} on pts/2`, pid);
  host.log('su', `pam_unix(su:session): session opened for user root(uid=0) by ${name}(uid=${victim.uid})`, pid);
  yield 600;
  host.log('su', 'pam_unix(su:session): session closed for user root', pid);
}

function* kernelModule(host: Host, {victim}: Intruder): Script {
  const name = host.random.pick(['diamorphine', 'nf_helper', 'snd_hdx', 'usbhid2', 'xt_quota3']);
  if (host.chance(0.4)) yield* sudo(host, victim.name, `/usr/sbin/insmod ./${name}.ko`, 'pts/2', 1);
  host.kernel(`${name}: loading out-of-tree module taints kernel.`);
  host.kernel(`${name}: module verification failed: signature and/or required key missing - tainting kernel`);
  host.audit('KERN_MODULE', `name="${name}"`);
  yield 60;
}

/** A privileged container that reaches for the host's disk. */
function* containerEscape(host: Host): Script {
  const life = container(host);
  life.next();
  yield 2;
  dockerLine(host, 'warning', "container started with --privileged and the host's root mounted at /host");
  host.kernel('EXT4-fs (sda1): mounted filesystem with ordered data mode. Quota mode: none.');
  yield 30;
  host.kernel(`cgroup: cgroup: disabling cgroup2 socket matching due to net_prio or net_cls activation`);
  host.log(
    'runc',
    `time="${host.stamps.iso(host.now)}" level=error msg="exec failed: unable to start container process: error executing setns process: exit status 1"`,
    host.newPid(),
  );
  yield 10;
  host.kernel(`process '/usr/bin/release_agent' launched '/bin/sh' with NULL argv: empty string added`);
  host.audit(
    'ANOM_ABEND',
    `auid=4294967295 uid=0 gid=0 ses=4294967295 pid=${host.newPid()} comm="nsenter" exe="/usr/bin/nsenter" sig=11 res=1`,
  );
  yield 200;
  life.next();
}

const mutedFiles = ['auth.log', 'syslog', 'audit/audit.log'];

/** The logs' own daemons are stopped, and for a while nothing is written. */
function* logTampering(host: Host, {victim}: Intruder): Script {
  if (host.chance(0.5)) yield* sudo(host, victim.name, '/usr/bin/systemctl stop rsyslog auditd', 'pts/2', 1);
  host.systemd('Stopping rsyslog.service - System Logging Service...');
  host.log(
    'rsyslogd',
    `[origin software="rsyslogd" swVersion="8.2302.0" x-pid="${host.daemon('rsyslogd')}" x-info="https://www.rsyslog.com"] exiting on signal 15.`,
  );
  host.systemd('Stopped rsyslog.service - System Logging Service.');
  host.audit(
    'DAEMON_END',
    `op=terminate auid=${victim.uid} uid=0 ses=7 pid=${host.daemon('auditd')} subj=unconfined res=success`,
  );
  const seconds = host.random.between(900, 4_800);
  host.mute(mutedFiles, seconds);
  yield seconds;
  host.systemd('Starting rsyslog.service - System Logging Service...');
  host.restart('rsyslogd');
  host.log(
    'rsyslogd',
    `[origin software="rsyslogd" swVersion="8.2302.0" x-pid="${host.daemon('rsyslogd')}" x-info="https://www.rsyslog.com"] start`,
  );
  if (host.chance(0.5))
    host.log('systemd-journald', 'Vacuuming done, freed 512.0M of archived journals from /var/log/journal.');
}

export const risingAttacks: readonly Attack[] = [
  {name: 'sudo-misuse', technique: 'T1548.003', stage: 2, effects: [], run: sudoMisuse},
  {name: 'local-exploit', technique: 'T1068', stage: 2, effects: [], run: localExploit},
  {name: 'kernel-module', technique: 'T1547.006', stage: 2, effects: [], run: kernelModule},
  {
    name: 'log-tampering',
    technique: 'T1562.001 T1070.002',
    stage: 2,
    effects: mutedFiles.map(file => `file:/var/log/${file}`),
    run: logTampering,
  },
  {
    name: 'container-escape',
    technique: 'T1611',
    stage: 2,
    effects: [],
    suits: facts => facts.personalities.includes('developer'),
    run: containerEscape,
  },
];
