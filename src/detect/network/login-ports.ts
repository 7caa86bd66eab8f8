/** Services whose logins can be read from the wire, by what they are asked on. */
export const loginServices = [
  '',
  'FTP',
  'Telnet',
  'SMTP',
  'POP3',
  'IMAP',
  'LDAP',
  'Redis',
  'PostgreSQL',
  'MySQL',
  'MSSQL',
  'VNC',
  'SMB',
  'MQTT',
] as const;

export type LoginService = (typeof loginServices)[number];

const ports: Readonly<Record<number, LoginService>> = {
  21: 'FTP',
  23: 'Telnet',
  25: 'SMTP',
  587: 'SMTP',
  2525: 'SMTP',
  110: 'POP3',
  143: 'IMAP',
  389: 'LDAP',
  3268: 'LDAP',
  6379: 'Redis',
  5432: 'PostgreSQL',
  3306: 'MySQL',
  1433: 'MSSQL',
  5900: 'VNC',
  5901: 'VNC',
  445: 'SMB',
  1883: 'MQTT',
};

const byPort = new Uint8Array(65_536);
for (const [port, name] of Object.entries(ports)) byPort[Number(port)] = loginServices.indexOf(name);

/** Index into `loginServices`; 0 for any other port. Asked of each packet. */
export function loginServiceAt(port: number): number {
  return byPort[port] ?? 0;
}
