import type {Event, LogEvent} from '../../../event/event.ts';
import type {RawFields} from './raw-fields.ts';
import {aliased, type FieldReader, type View} from './view.ts';

const datasets = new Set(['syslog', 'auth', 'kernel', 'mail', 'cron', 'dpkg', 'journald', 'auditd']);
const authPrograms = new Set(
  'sshd sshd-session sshd-auth sudo su login polkitd pkexec useradd userdel usermod groupadd groupdel passwd chage chpasswd gdm gdm-password lightdm systemd-logind'.split(
    ' ',
  ),
);

const services: Readonly<Record<string, string>> = {
  sshd: 'sshd',
  'sshd-session': 'sshd',
  'sshd-auth': 'sshd',
  sudo: 'sudo',
  cron: 'cron',
  crond: 'cron',
  anacron: 'cron',
  vsftpd: 'vsftpd',
  clamd: 'clamav',
  clamav: 'clamav',
  freshclam: 'clamav',
  clamscan: 'clamav',
  guacd: 'guacamole',
  guacamole: 'guacamole',
};

export function isLinux(event: LogEvent): boolean {
  return datasets.has(event.origin.dataset) || event.provider === 'auditd';
}

const views = new Map<string, View>();

/** An entry of syslog, the journal or a log in /var/log, with the services it belongs to. */
export function linuxView(event: LogEvent, raw: RawFields): View {
  const program = event.provider.toLowerCase();
  const facility = String(raw.get('log.syslog.facility.name') ?? '');
  const isAuth = authPrograms.has(program) || /^auth/.test(facility) || event.origin.dataset === 'auth';
  const own = services[program];
  const names = [...(own === undefined ? [] : [own]), ...(isAuth ? ['auth'] : []), 'syslog'];
  const key = names.join();
  const known = views.get(key);
  if (known) return known;
  const view: View = {
    name: `linux ${key}`,
    categories: own === 'clamav' ? ['antivirus'] : [],
    products: ['linux'],
    services: names,
    constants: new Map(),
    fields: own === 'sudo' ? sudoFields : own === 'clamav' ? clamFields : new Map(),
  };
  views.set(key, view);
  return view;
}

const sudoFields = aliased({user: 'user.effective.name', command: 'process.command_line', username: 'user.name'});

const foundForm = /^(?:[^>]*-> )?(.{1,4096}): (\S{1,256}?)(?:\([0-9a-f]+:\d+\))? FOUND$/;

/** `/tmp/eicar.com: Win.Test.EICAR_HDB-1 FOUND` */
const clamFields = new Map<string, FieldReader>([
  ['filename', (_: RawFields, event: Event) => foundForm.exec(messageOf(event))?.[1]],
  ['signature', (_: RawFields, event: Event) => foundForm.exec(messageOf(event))?.[2]],
]);

function messageOf(event: Event): string {
  return event.kind === 'log' ? event.message : '';
}

const mostTypes = 1_000;
const auditViews = new Map<string, View>();

/** One audit record. Its type decides most rules. */
export function auditView(raw: RawFields): View {
  const type = String(raw.get('type') ?? '');
  const known = auditViews.get(type);
  if (known) return known;
  const isKnown = auditViews.size < mostTypes;
  const view: View = {
    ...joinedAuditView,
    name: `linux auditd ${isKnown ? type : 'other'}`,
    constants: isKnown ? new Map([['type', type]]) : new Map(),
  };
  auditViews.set(isKnown ? type : '', view);
  return view;
}

/** All records of an audit event as one. */
export const joinedAuditView: View = audit('linux auditd joined', []);
export const auditProcessView: View = audit('linux auditd as process_creation', ['process_creation']);
export const auditFileView: View = audit('linux auditd as file_event', ['file_event']);
export const auditConnectionView: View = audit('linux auditd as network_connection', ['network_connection']);

function audit(name: string, categories: readonly string[]): View {
  const isNative = categories.length === 0;
  return {
    name,
    categories,
    products: ['linux'],
    services: isNative ? ['auditd'] : ['sysmon'],
    constants: new Map(),
    fields: new Map(),
    standsIn: !isNative,
  };
}
