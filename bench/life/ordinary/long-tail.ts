import {hex} from '../facts.ts';
import type {Host} from '../host.ts';
import {nowAndThen} from '../rhythm.ts';

/** Messages that every machine has and nobody expects: each comes a handful of times a month. */
export function startLongTail(host: Host): void {
  host.start(nowAndThen(host, 0.2 + host.random.next() * 1.2, false, rare));
}

// N number, X hexadecimal, U a user.
const messages = [
  'kernel|perf: interrupt took too long (N > N), lowering kernel.perf_event_max_sample_rate to N',
  'kernel|TCP: request_sock_TCP: Possible SYN flooding on port 443. Sending cookies.',
  'kernel|nf_conntrack: table full, dropping packet',
  'kernel|mce: [Hardware Error]: Machine check events logged',
  'kernel|EDAC MC0: 1 CE memory read error on CPU_SrcID#0_MC#0_Chan#1_DIMM#0',
  'kernel|ata1.00: exception Emask 0x0 SAct 0xX SErr 0x0 action 0x0',
  'kernel|ata1.00: status: { DRDY ERR }',
  'kernel|hrtimer: interrupt took N ns',
  'kernel|clocksource: timekeeping watchdog on CPU1: hpet wd-wd read-back delay of Nns',
  'kernel|NOHZ tick-stop error: local softirq work is pending, handler #08!!!',
  'kernel|workqueue: blk_mq_run_work_fn hogged CPU for >10000us N times, consider switching to WQ_UNBOUND',
  'kernel|EXT4-fs warning (device sda1): ext4_dirblock_csum_verify:405: inode #N: comm find: No space for directory leaf checksum. Please run e2fsck -D.',
  'kernel|x86/split lock detection: #AC: qemu/N took a split_lock trap at address: 0xX',
  'kernel|audit: backlog limit exceeded',
  'kernel|IPv6: eth0: IPv6 duplicate address fe80::X detected!',
  'systemd|systemd-journald.service: Watchdog timeout (limit 3min)!',
  'systemd-journald|Data hash table of /run/log/journal/X/system.journal has a fill level at 75.0 (N of N items), suggesting rotation.',
  'systemd-journald|Suppressed N messages from N',
  'systemd|/lib/systemd/system/smartd.service:N: PIDFile= references a path below legacy directory /var/run/',
  'systemd|user@1000.service: Killing process N (gpg-agent) with signal SIGKILL.',
  'systemd-logind|Power key pressed short.',
  'systemd-logind|Failed to abandon session scope, ignoring: Transport endpoint is not connected',
  'systemd-udevd|Network interface NamePolicy= disabled on kernel command line.',
  'systemd-udevd|vda: Worker [N] processing SEQNUM=N is taking a long time',
  'systemd-resolved|Server returned error NXDOMAIN, mitigating potential DNS violation DVE-2018-0001, retrying transaction with reduced feature level UDP.',
  'systemd-timesyncd|Timed out waiting for reply from 185.125.190.N:123 (ntp.ubuntu.com).',
  'systemd-networkd|eth0: DHCPv4 connection is now considered as lost',
  'systemd-oomd|Swap is currently not detected; memory pressure usage will be degraded',
  'cron|(*system*) RELOAD (/etc/crontab)',
  'cron|(root) WRONG FILE OWNER (/etc/cron.d/backup)',
  'cron|(U) AUTH (crontab command not allowed)',
  'CRON|(root) MAIL (mailed N bytes of output but got status 0x004b from MTA)',
  'cron|Error: bad minute; while reading /etc/cron.d/local',
  "rsyslogd|action 'action-1-builtin:omfwd' suspended (module 'builtin:omfwd'), retry 0. There should be messages before this one giving the reason for suspension.",
  'rsyslogd|imuxsock lost N messages from pid N due to rate-limiting',
  'rsyslogd|-- MARK --',
  'sshd|error: beginning MaxStartups throttling',
  'sshd|exited MaxStartups throttling after 00:00:NN, N connections dropped',
  'sshd|drop connection #N from [10.0.0.N]:N on [10.0.0.N]:22 past MaxStartups',
  'sshd|error: Could not get shadow information for NOUSER',
  'sshd|rexec line 31: Deprecated option UsePrivilegeSeparation',
  'sshd|fatal: mm_answer_moduli: bad parameters: N N N',
  'sshd|userauth_pubkey: signature algorithm ssh-rsa not in PubkeyAcceptedAlgorithms [preauth]',
  'sshd|error: connect_to 127.0.0.1 port N: failed.',
  'sshd|Timeout, client not responding from user U 10.0.0.N port N',
  'sudo|U : problem with defaults entries ; TTY=pts/0 ; PWD=/home/U ;',
  'polkitd|Registered Authentication Agent for unix-process:N:N (system bus name :1.N [/usr/bin/pkttyagent --notify-fd 5 --fallback], object path /org/freedesktop/PolicyKit1/AuthenticationAgent, locale en_US.UTF-8)',
  'dbus-daemon|[system] Rejected send message, 2 matched rules; type="method_call", sender=":1.N" (uid=1000 pid=N comm="X")',
  'dbus-daemon|[system] Connection has not authenticated soon enough, closing it (auth_timeout=30000ms, elapsed: Nms)',
  'smartd|Device: /dev/sda [SAT], N Currently unreadable (pending) sectors',
  'smartd|Device: /dev/sda [SAT], previous self-test completed without error',
  'smartd|Device: /dev/sda [SAT], failed to read SMART Attribute Data',
  'chronyd|Received KoD RATE from 162.159.200.N',
  'chronyd|Forward time jump detected!',
  'chronyd|Frequency -N.N +/- 0.N ppm read from /var/lib/chrony/chrony.drift',
  'dhclient|DHCPDISCOVER on eth0 to 255.255.255.255 port 67 interval N',
  'dhclient|No DHCPOFFERS received.',
  'dhclient|send_packet: Network is unreachable',
  'irqbalance|Cannot change IRQ N affinity: Input/output error',
  'multipathd|sda: failed to get udev uid: Invalid argument',
  'snapd|storehelpers.go:N: cannot refresh: snap has no updates available: "core20"',
  'snapd|autorefresh.go:N: auto-refresh: all snaps are up-to-date',
  'fwupd|N:N:N.N FuEngine failed to probe device: no device found',
  'thermald|NO RAPL sysfs present',
  'thermald|sensor id 10 : No temp sysfs for reading raw temp',
  'upowerd|treating change event as add on /sys/devices/pci0000:00/X',
  "ModemManager|[device /sys/devices/X] couldn't create modem: unsupported",
  'avahi-daemon|Host name conflict, retrying with host-N',
  'cupsd|Expiring subscriptions...',
  'agetty|checkname failed: Operation not permitted',
  'lvm|WARNING: lvmlockd process is not running.',
  'mdadm|RebuildFinished event detected on md device /dev/md0',
  'mdadm|DeviceDisappeared event detected on md device /dev/md1',
  'kernel|md: data-check of RAID array md0',
  'kernel|md: md0: data-check done.',
  'postfix/master|warning: process /usr/lib/postfix/sbin/smtpd pid N exit status 1',
  'postfix/anvil|statistics: max connection rate N/60s for (smtp:10.0.0.N) at N',
  'postfix/pickup|XXXXXXXX: uid=0 from=<root>',
  'needrestart|N services need to be restarted',
  'update-notifier|N packages can be upgraded',
  'grub-common|Recorded successful boot',
  "kernel|process 'X/tool' started with executable stack",
  'kernel|Lockdown: systemd-logind: hibernation is restricted; see man kernel_lockdown.7',
  'kernel|apparmor="DENIED" operation="open" profile="/usr/sbin/cupsd" name="/etc/X" pid=N comm="cupsd" requested_mask="r" denied_mask="r" fsuid=0 ouid=0',
  'kernel|veth0: Caught tx_queue_len zero misconfig',
  "kernel|warning: `X' uses 32-bit capabilities (legacy support in use)",
  'kernel|traps: X[N] trap invalid opcode ip:X sp:X error:0',
  'nscd|N monitored file `/etc/resolv.conf` was written to',
  'atd|File a000N is in wrong format - aborting',
];

function rare(host: Host): undefined {
  // The first few hundred hours' favourites differ from machine to machine, and any may still come.
  const favourite = host.actor(900).random.between(0, messages.length - 1);
  const step = Math.floor(host.random.exponential(messages.length / 4));
  const [program = 'kernel', text = ''] = (messages[(favourite + step) % messages.length] ?? '').split('|');
  const said = text
    .replace(/\bN/g, () => String(host.random.between(1, 9_000)))
    .replace(/X+/g, () => hex(host.random, 8))
    .replace(/\bU\b/g, () => host.person().name);
  if (program === 'kernel') host.kernel(said);
  else host.log(program, said, program === 'sudo' ? null : program === 'systemd' ? 1 : host.daemon(program));
}
