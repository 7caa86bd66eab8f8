import type {Entry} from './entry.ts';
import {addFields, addressFields} from './fields.ts';

const moduleHead = /^pam_[a-z0-9_]{1,32}\(([^:()\s]{1,64}):([a-z]{1,16})\): /;
const failure =
  /^(?:(?:PAM )?(\d{1,6}) more )?authentication failures?; logname=(\S*) uid=\d+ euid=\d+ tty=(\S*) ruser=(\S*) rhost=(\S*)(?: +user=([\s\S]*))?$/;
const session = /^session (opened|closed) for user ([^\s(]{1,255})(?:\(uid=\d+\))?(?: by ([^\s(]*)\(uid=\d+\))?$/;
// These report each attempt themselves.
const selfReporting = new Set(['sshd', 'sudo', 'sudo-i', 'su', 'su-l']);

/** What PAM modules report: failed authentications and sessions. False where the entry is none. */
export function readPam(entry: Entry): boolean {
  const head = moduleHead.exec(entry.message);
  const service = head?.[1] ?? entry.provider;
  const body = head ? entry.message.slice(head[0].length) : entry.message;
  return readFailure(entry, body, service) || (head !== null && readSession(entry, body, service));
}

function readFailure(entry: Entry, body: string, service: string): boolean {
  const found = /^(?:authen|PAM \d|\d)/.test(body) ? failure.exec(body.trimEnd()) : null;
  if (!found) return false;
  const [, more, logname, tty, remoteUser, remoteHost, user] = found;
  const who = user || remoteUser || logname;
  if (who) entry.user = who;
  return addFields(entry, {
    'event.action': 'pam_auth',
    'event.outcome': 'failure',
    'pam.service': service,
    ...(selfReporting.has(service) ? undefined : {'event.category': 'authentication'}),
    ...(more === undefined ? undefined : {'event.count': Number(more)}),
    ...(tty ? {'process.tty.name': tty} : undefined),
    ...addressFields(remoteHost ?? ''),
  });
}

function readSession(entry: Entry, body: string, service: string): boolean {
  const found = body.startsWith('session ') ? session.exec(body) : null;
  if (!found) return false;
  const [, step, user, by] = found;
  entry.user = user ?? '';
  return addFields(entry, {
    'event.action': step === 'opened' ? 'session_opened' : 'session_closed',
    'event.category': 'session',
    'event.outcome': 'success',
    'pam.service': service,
    ...(by ? {'user.changes.by': by} : undefined),
  });
}
