import type {Host} from '../host.ts';
import type {Script} from '../simulation.ts';

const kernelLines = [
  'Command line: BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 ro quiet',
  'BIOS-provided physical RAM map:',
  'NX (Execute Disable) protection: active',
  'tsc: Detected 2400.000 MHz processor',
  'Memory: 8100216K/8388084K available (14342K kernel code, 2332K rwdata, 9068K rodata, 2800K init, 17432K bss, 287608K reserved, 0K cma-reserved)',
  'rcu: Hierarchical RCU implementation.',
  'smp: Bringing up secondary CPUs ...',
  'pci 0000:00:1f.6: [8086:15b8] type 00 class 0x020000',
  'SCSI subsystem initialized',
  'NET: Registered PF_INET6 protocol family',
  'AppArmor: AppArmor Filesystem Enabled',
  'EXT4-fs (sda1): mounted filesystem with ordered data mode. Quota mode: none.',
  'audit: type=1404 audit(1.1:2): enforcing=0',
  'systemd[1]: Detected virtualization kvm.',
  'e1000e: Intel(R) PRO/1000 Network Driver',
];
const units = [
  'systemd-journald',
  'systemd-udevd',
  'systemd-timesyncd',
  'dbus',
  'cron',
  'rsyslog',
  'ssh',
  'chrony',
  'smartmontools',
  'systemd-logind',
  'unattended-upgrades',
  'getty@tty1',
];

/** Down and up again: after an upgrade of the kernel, or because someone pulled the plug. */
export function* boot(host: Host): Script {
  if (host.chance(0.8)) yield* shutDown(host);
  yield 35 + host.random.next() * 30;
  host.booted();
  host.kernel(
    `Linux version ${host.facts.kernel} (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP PREEMPT_DYNAMIC Debian 6.1`,
  );
  for (const line of kernelLines) {
    host.kernel(line);
    yield 0.1 + host.random.next() * 0.3;
  }
  host.strain({cpu: 45, read: 4e7}, 90);
  for (const unit of units) {
    host.systemd(`Starting ${unit}.service...`);
    yield 0.2;
    host.systemd(`Started ${unit}.service.`);
  }
  host.log(
    'rsyslogd',
    `[origin software="rsyslogd" swVersion="8.2302.0" x-pid="${host.daemon('rsyslogd')}" x-info="https://www.rsyslog.com"] start`,
  );
  host.log('cron', '(CRON) INFO (Running @reboot jobs)');
  host.log('sshd', 'Server listening on 0.0.0.0 port 22.');
  host.log('sshd', 'Server listening on :: port 22.');
  host.log(
    'chronyd',
    'chronyd version 4.3 starting (+CMDMON +NTP +REFCLOCK +RTC +PRIVDROP +SCFILTER +SIGND +ASYNCDNS +NTS +SECHASH +IPV6 -DEBUG)',
  );
  host.systemd('Reached target multi-user.target - Multi-User System.');
  host.systemd(
    `Startup finished in ${(2 + host.random.next()).toFixed(3)}s (kernel) + ${(9 + host.random.next() * 9).toFixed(3)}s (userspace) = ${(14 + host.random.next() * 9).toFixed(3)}s.`,
  );
}

function* shutDown(host: Host): Script {
  host.log('systemd-logind', 'The system will reboot now!');
  host.log('systemd-logind', 'System is rebooting.');
  for (const unit of [...units].reverse()) {
    host.systemd(`Stopping ${unit}.service...`);
    yield 0.2;
    host.systemd(`Stopped ${unit}.service.`);
  }
  host.log('sshd', 'Received signal 15; terminating.');
  host.log(
    'rsyslogd',
    `[origin software="rsyslogd" swVersion="8.2302.0" x-pid="${host.daemon('rsyslogd')}" x-info="https://www.rsyslog.com"] exiting on signal 15.`,
  );
  host.systemd('Reached target reboot.target - System Reboot.');
}
