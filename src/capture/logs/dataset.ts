import {basename, dirname} from 'node:path';

/** `event.dataset` and the program's name for lines that name none, from where a log stands. */
export interface LogKind {
  readonly dataset: string;
  readonly provider: string;
}

const known: Readonly<Record<string, string>> = {
  syslog: 'syslog',
  messages: 'syslog',
  'user.log': 'syslog',
  'daemon.log': 'syslog',
  debug: 'syslog',
  'auth.log': 'auth',
  secure: 'auth',
  'kern.log': 'kernel',
  'mail.log': 'mail',
  maillog: 'mail',
  'cron.log': 'cron',
  cron: 'cron',
  'audit.log': 'auditd',
  'dpkg.log': 'dpkg',
};

const webServers: Readonly<Record<string, string>> = {nginx: 'nginx', apache2: 'apache', httpd: 'apache'};

/** `/var/log/nginx/access.log` → nginx.access; a log that is not one of the usual ones is named after its file. */
export function logKind(path: string): LogKind {
  const name = basename(path);
  const stem = name.replace(/[.-]\d.*$/, '').replace(/\.(?:log|txt|json|ndjson|out)$/, '');
  const server = webServers[basename(dirname(path))];
  if (server !== undefined) return {dataset: `${server}.${/error/.test(name) ? 'error' : 'access'}`, provider: server};
  return {dataset: known[name] ?? 'text', provider: stem === '' ? name : stem};
}
