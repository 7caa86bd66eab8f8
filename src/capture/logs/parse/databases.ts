import type {Entry} from './entry.ts';
import {addFields, addressFields} from './fields.ts';

/** Logins that PostgreSQL reports; successes only where `log_connections` is on. False where the entry is none. */
export function readPostgres(entry: Entry): boolean {
  const {message} = entry;
  // Statements that are logged may say anything: what counts stands behind the line's own, the first, severity.
  const found = severity.exec(message);
  if (!found) return false;
  const said = message.slice(found.index + found[0].length, found.index + longestSaid);
  if (found[1] === 'LOG') return readAuthorized(entry, said);
  return found[1] === 'FATAL' && (readRefused(entry, said) || readNoRule(entry, said));
}

/** Logins that MySQL and MariaDB refused; what succeeds is in no log of theirs by default. False where it is none. */
export function readMysql(entry: Entry): boolean {
  const start = entry.message.indexOf(denied);
  const found = start < 0 ? null : deniedEnd.exec(entry.message.slice(start + denied.length, start + longestDenied));
  if (!found) return false;
  const [, user = '', host = ''] = found;
  return addLogin(entry, user, 'failure', host === 'localhost' ? '' : host);
}

const severity = /(?:^|\s)(DEBUG\d?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|STATEMENT|DETAIL|HINT|CONTEXT): {1,4}/;
const longestSaid = 1_000;
const refused = /^[\w-]{1,20}(?: [\w-]{1,20})? authentication failed for user "([\s\S]{1,255})"$/;
const noRule = /^no pg_hba\.conf entry for host "([^"\s]{1,255})", user "([\s\S]{1,255}?)", database "/;
const authorized = /^connection authorized: user=([\s\S]{1,255}?) (?:database|application_name|SSL)\b/;
const denied = "Access denied for user '";
const longestDenied = 400;
// The name is a stranger's and may hold quotes; the host's name is the server's word.
const deniedEnd = /^([\s\S]{0,255})'@'([^'\s]{0,255})'(?: \(using password: (?:YES|NO)\))?\s*$/;

function readRefused(entry: Entry, said: string): boolean {
  const found = refused.exec(said);
  return found !== null && addLogin(entry, found[1] ?? '', 'failure', '');
}

/** A login that no rule allows, whatever the password. */
function readNoRule(entry: Entry, said: string): boolean {
  const found = noRule.exec(said);
  return found !== null && addLogin(entry, found[2] ?? '', 'failure', found[1] ?? '');
}

function readAuthorized(entry: Entry, said: string): boolean {
  const found = authorized.exec(said);
  return found !== null && addLogin(entry, found[1] ?? '', 'success', '');
}

function addLogin(entry: Entry, user: string, outcome: 'failure' | 'success', address: string): true {
  entry.user = user;
  return addFields(entry, {
    'event.action': 'database_login',
    'event.category': 'authentication',
    'event.outcome': outcome,
    ...addressFields(address),
  });
}
