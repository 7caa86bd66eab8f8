import type {FieldValue, LogEvent} from '../../event/event.ts';

/** What the entries of one session share: a process number, or a word that says what it is; '' where nothing does. */
export type SessionKey = number | string;

/** Fields that name a session by themselves, the most exact first, and the values that name none. */
const named: readonly (readonly [field: string, none: ReadonlySet<string>])[] = [
  ['winlog.event_data.TargetLogonId', new Set(['0x0', '0x3e7', '0x3e4', '0x3e5'])],
  ['winlog.event_data.SubjectLogonId', new Set(['0x0', '0x3e7', '0x3e4', '0x3e5'])],
  ['auditd.ses', new Set(['4294967295', 'unset'])],
  ['session.id', new Set([''])],
];

/** What of a log entry says which session it belongs to. */
export type SessionSource = Pick<LogEvent, 'pid' | 'user' | 'fields'>;

/**
 * Which session of its stream an entry belongs to: the session that the source names, else the process, else the
 * address that it is about (a web server's clients), else the user.
 */
export function sessionKeyOf({pid, user, fields}: SessionSource): SessionKey {
  if (fields) {
    for (const [field, none] of named) {
      const value = fields[field];
      if (value !== undefined && !none.has(String(value))) return `session ${bounded(value)}`;
    }
  }
  if (pid !== undefined) return pid;
  const address = fields?.['source.ip'];
  if (address !== undefined) return `address ${bounded(address)}`;
  return user === undefined ? '' : `user ${bounded(user)}`;
}

function bounded(value: FieldValue): string {
  return String(value).slice(0, 64);
}
