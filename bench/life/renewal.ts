/** How a program's messages read after an upgrade, where its new version words some of them otherwise. */
export type Rewording = (message: string) => string;

/** By program: what a new version changes. Real upgrades do just this. */
export const rewordings: Readonly<Record<string, Rewording>> = {
  systemd: message => message.replace(/: Deactivated successfully\.$/, ': Succeeded.'),
  sshd: message =>
    message.replace(/^(Connection closed by .*)$/, '$1 [auth]').replace(/\[preauth\] \[auth\]/, '[preauth]'),
  CRON: message => message.replace(/^\((\S+)\) CMD \((.*)\)$/s, '($1) CMDSTART ($2)'),
  chronyd: message => message.replace(/^Selected source/, 'Selected NTP source'),
  dockerd: message => message.replace(/ module=libcontainerd namespace=moby/, ' spanID=0 traceID=0'),
  'postfix/smtpd': message => message.replace(/^disconnect from (\S+) (.*)$/, 'disconnect from $1 tls=1 $2'),
  dovecot: message => message.replace(/, TLS, session=/, ', TLS, TLSv1.3, session='),
  snmpd: message => message.replace(/^Connection from UDP: /, 'Connection on udp '),
  'puppet-agent': message => message.replace(/^Applied catalog in (\S+) seconds$/, 'Notice: Applied catalog in $1 s'),
  smartd: message => message.replace('SMART Usage Attribute', 'SMART Attribute'),
};
