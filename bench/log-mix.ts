import {Random} from '../src/capture/demo/random.ts';

/** A stream of raw log lines as a busy host writes them: 60 % syslog, 20 % auditd, 20 % Windows 4688 as JSON. */
export class LogMix {
  private readonly random: Random;
  private sequence = 0;
  private time: number;
  private readonly step: number;

  /** `start` in microseconds; each line comes `step` microseconds after the last. */
  constructor(seed: number, start: number, step = 50) {
    this.step = step;
    this.random = new Random(seed);
    this.time = start;
  }

  line(): string {
    this.time += this.step;
    this.sequence++;
    const kind = this.sequence % 5;
    if (kind === 3) return this.auditd();
    if (kind === 4) return this.processCreation();
    return this.syslog();
  }

  private syslog(): string {
    const {random} = this;
    const pid = random.between(300, 40_000);
    const address = `10.${random.between(0, 3)}.${random.between(0, 255)}.${random.between(1, 254)}`;
    const messages: readonly [string, ...string[]] = [
      `sshd[${pid}]: Accepted publickey for deploy from ${address} port ${random.between(1_024, 65_535)} ssh2: ED25519 SHA256:x`,
      `sshd[${pid}]: pam_unix(sshd:session): session opened for user deploy(uid=1000) by (uid=0)`,
      `CRON[${pid}]: (root) CMD (/usr/lib/sysstat/debian-sa1 1 1)`,
      'systemd[1]: sysstat-collect.service: Deactivated successfully.',
      `nginx[812]: ${address} "GET /products/${random.between(1, 9_999)} HTTP/1.1" 200 ${random.between(200, 90_000)}`,
      `kernel: [${random.between(1, 999_999)}.${random.between(100_000, 999_999)}] eth0: renamed from veth${random.between(1, 99)}`,
      `dockerd[901]: container ${random.between(1e8, 9e8).toString(16)} exited with status ${random.between(0, 2)}`,
      `postfix/smtpd[${pid}]: connect from mail.example.org[${address}]`,
    ];
    return `${this.iso()} web1 ${random.pick(messages)}`;
  }

  private auditd(): string {
    const {random} = this;
    const stamp = `${Math.floor(this.time / 1e6)}.${String(Math.floor((this.time % 1e6) / 1_000)).padStart(3, '0')}`;
    const pid = random.between(300, 40_000);
    const command = random.pick(['ls', 'cat', 'ps', 'grep', 'curl', 'systemctl'] as const);
    return `type=EXECVE msg=audit(${stamp}:${this.sequence}): argc=3 a0="${command}" a1="-la" a2="/srv/app/${pid}"`;
  }

  private processCreation(): string {
    const {random} = this;
    const program = random.pick(['cmd.exe', 'powershell.exe', 'svchost.exe', 'conhost.exe', 'msedge.exe'] as const);
    return JSON.stringify({
      '@timestamp': this.iso(),
      'event.code': 4688,
      'event.provider': 'Microsoft-Windows-Security-Auditing',
      'log.level': 'information',
      'host.name': 'win1',
      message: 'A new process has been created.',
      'winlog.channel': 'Security',
      'winlog.record_id': this.sequence,
      'winlog.event_data.NewProcessName': `C:\\Windows\\System32\\${program}`,
      'winlog.event_data.ParentProcessName': 'C:\\Windows\\explorer.exe',
      'winlog.event_data.CommandLine': `"${program}" /c task ${random.between(1, 500)}`,
      'winlog.event_data.SubjectUserName': random.pick(['maria', 'jonas', 'SYSTEM'] as const),
      'winlog.event_data.NewProcessId': `0x${random.between(256, 65_535).toString(16)}`,
    });
  }

  private iso(): string {
    const millis = new Date(Math.floor(this.time / 1_000)).toISOString().slice(0, -1);
    return `${millis}${String(Math.floor(this.time % 1_000)).padStart(3, '0')}+00:00`;
  }
}
