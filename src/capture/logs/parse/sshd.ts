import type {Entry} from './entry.ts';
import {addFields, addressFields} from './fields.ts';

// Only the end of the entry is sshd's own; before it stands a user name that a stranger chose and that may itself read
// " from 1.2.3.4 port 22 ssh2". So the end is anchored, and begins at the last " from ".
const loginOrigin = /^(\S{1,255}) port (\d{1,5})(?: ssh\d?(?:: [^\r\n]*)?)?(?: \[preauth\])?$/;
const shortOrigin = /^(\S{1,255})(?: port (\d{1,5}))?(?: \[preauth\])?$/;
const repeated = /^message repeated (\d{1,9}) times: \[ ([\s\S]*)\]$/;

/** Logins that sshd reports. False where the entry is none. */
export function readSshd(entry: Entry): boolean {
  const again = entry.message.startsWith('message repeated ') ? repeated.exec(entry.message) : null;
  const message = again?.[2] ?? entry.message;
  const known = readLogin(entry, message) || readInvalidUser(entry, message) || readClosed(entry, message);
  if (known && again) addFields(entry, {'event.count': Number(again[1])});
  return known;
}

function readLogin(entry: Entry, message: string): boolean {
  const success = message.startsWith('Accepted ');
  if (!success && !message.startsWith('Failed ')) return false;
  const methodEnd = message.indexOf(' for ');
  const from = message.lastIndexOf(' from ');
  if (methodEnd < 0 || from < methodEnd) return false;
  const end = loginOrigin.exec(message.slice(from + 6));
  const method = message.slice(success ? 9 : 7, methodEnd);
  if (!end || !/^[\w/-]{1,64}$/.test(method)) return false;
  const name = message.slice(methodEnd + 5, from);
  const invalid = !success && name.startsWith('invalid user ');
  entry.user = invalid ? name.slice(13) : name;
  return addFields(entry, {
    'event.action': 'ssh_login',
    'event.outcome': success ? 'success' : 'failure',
    // A client asks with "none" which methods there are: no attempt yet.
    ...(method === 'none' ? undefined : {'event.category': 'authentication'}),
    'sshd.method': method,
    ...(invalid ? {'sshd.invalid_user': true} : undefined),
    ...addressFields(end[1] ?? ''),
    'source.port': Number(end[2]),
  });
}

function readInvalidUser(entry: Entry, message: string): boolean {
  if (!message.startsWith('Invalid user ') && !message.startsWith('Illegal user ')) return false;
  const from = message.lastIndexOf(' from ');
  const end = from < 12 ? null : shortOrigin.exec(message.slice(from + 6));
  if (!end) return false;
  entry.user = message.slice(13, from);
  return addFields(entry, {
    'event.action': 'ssh_invalid_user',
    'event.outcome': 'failure',
    'sshd.invalid_user': true,
    ...addressFields(end[1] ?? ''),
    ...(end[2] === undefined ? undefined : {'source.port': Number(end[2])}),
  });
}

const closed =
  /^(?:Connection (?:closed|reset) by|Disconnected from) (invalid|authenticating) user ([\s\S]{0,255}) (\S{1,255}) port (\d{1,5})(?: \[preauth\])$/;

/** The only trace of an attempt where passwords are off: the client gave up before it was let in. */
function readClosed(entry: Entry, message: string): boolean {
  const found = message.endsWith('[preauth]') ? closed.exec(message) : null;
  if (!found) return false;
  const [, kind, user = '', address = '', port] = found;
  entry.user = user;
  return addFields(entry, {
    'event.action': 'ssh_closed_before_login',
    'event.outcome': 'failure',
    ...(kind === 'invalid' ? {'sshd.invalid_user': true} : undefined),
    ...addressFields(address),
    'source.port': Number(port),
  });
}
