import {startsWith, wireText} from '../../capture/packets/decode/application/wire-text.ts';
import {i32, u8, u16} from '../../capture/packets/decode/decoded.ts';
import type {LoginService} from './login-ports.ts';

const looked = 256;
const longestUser = 64;

/** What a client says of who it is; `password` where one went by. The password itself is never read. */
export interface LoginMessage {
  /** '' where it is not told here. */
  readonly user: string;
  readonly password: boolean;
}

/** A message of a client to a service. Undefined where it has nothing to do with a login. */
export function loginMessage(
  service: LoginService,
  bytes: Uint8Array,
  at: number,
  end: number,
): LoginMessage | undefined {
  switch (service) {
    case 'FTP':
    case 'POP3':
      return userThenPass(firstLine(bytes, at, end));
    case 'SMTP':
      return saslPlain(firstLine(bytes, at, end), /^AUTH (?:PLAIN|LOGIN)(?: (\S+))?/i);
    case 'IMAP':
      return imap(firstLine(bytes, at, end));
    case 'LDAP':
      return ldapBind(bytes, at, end);
    case 'Redis':
      return /^(?:\*[23]\r\n\$4\r\n)?AUTH[\r ]/i.test(text(bytes, at, Math.min(end, at + 32)))
        ? password('')
        : undefined;
    case 'MQTT':
      return mqtt(bytes, at, end);
    default:
      return undefined;
  }
}

/** A server's answer says that a login failed. */
export function isLoginFailure(service: LoginService, bytes: Uint8Array, at: number, end: number): boolean {
  switch (service) {
    case 'FTP':
      return startsWith(bytes, at, end, '530');
    case 'SMTP':
      return startsWith(bytes, at, end, '535');
    case 'POP3':
      return startsWith(bytes, at, end, '-ERR');
    case 'IMAP':
      return /^\S+ NO .*(?:AUTH|LOGIN|credential|password)/i.test(firstLine(bytes, at, end));
    case 'Telnet':
      return /login incorrect|authentication failed|access denied/i.test(text(bytes, at, Math.min(end, at + looked)));
    case 'Redis':
      return startsWith(bytes, at, end, '-WRONGPASS') || startsWith(bytes, at, end, '-ERR invalid password');
    case 'LDAP':
      return isLdapRefusal(bytes, at, end);
    case 'MySQL':
      // An error packet, 1045: access denied.
      return at + 7 <= end && u8(bytes, at + 4) === 0xff && u16(bytes, at + 5) === 0x1504;
    case 'PostgreSQL':
      return u8(bytes, at) === 0x45 && /C28(?:P01|000)/.test(text(bytes, at, Math.min(end, at + looked)));
    case 'MSSQL':
      // A tabular answer that begins with error 18456.
      return at + 15 <= end && u8(bytes, at) === 4 && u8(bytes, at + 8) === 0xaa && i32(bytes, at + 11) === 0x18480000;
    case 'VNC':
      return end - at >= 4 && end - at < looked && i32(bytes, at) === 1;
    case 'SMB':
      return isSmbRefusal(bytes, at, end);
    default:
      return false;
  }
}

/** A telnet server asks for a password. */
export function asksForPassword(bytes: Uint8Array, at: number, end: number): boolean {
  return /password ?: ?$/i.test(text(bytes, Math.max(at, end - 32), end));
}

/** Whether an SNMP message of version 1 or 2c, which name a community; and whether it is the one that all know. */
export function snmpCommunity(bytes: Uint8Array, at: number, end: number): 'none' | 'public' | 'other' {
  const version = inside(bytes, at, end, 0x30);
  if (version < 0 || u8(bytes, version) !== 2 || u8(bytes, version + 1) !== 1 || u8(bytes, version + 2) > 1)
    return 'none';
  const community = version + 3;
  if (community + 2 > end || u8(bytes, community) !== 4) return 'none';
  return u8(bytes, community + 1) === 6 && startsWith(bytes, community + 2, end, 'public') ? 'public' : 'other';
}

/** The user of HTTP's Basic, '' where it cannot be told. */
export function basicUser(bytes: Uint8Array, at: number, end: number): string {
  const found = /\r\nauthorization: *basic +([A-Za-z0-9+/=]+)/i.exec(text(bytes, at, Math.min(end, at + 4096)));
  const [user = ''] = found ? fromBase64(found[1] ?? '').split(':', 1) : [];
  return clean(user);
}

function password(user: string): LoginMessage {
  return {user, password: true};
}

function userThenPass(line: string): LoginMessage | undefined {
  const user = /^USER +(.+)$/i.exec(line)?.[1];
  if (user !== undefined) return {user: clean(user), password: false};
  if (/^PASS +./i.test(line)) return password('');
  return saslPlain(line, /^AUTH (?:PLAIN|LOGIN)(?: (\S+))?/i);
}

function imap(line: string): LoginMessage | undefined {
  const login = /^\S+ LOGIN +(?:"([^"]*)"|(\S+)) +./i.exec(line);
  if (login) return password(clean(login[1] ?? login[2] ?? ''));
  return saslPlain(line, /^\S+ AUTHENTICATE (?:PLAIN|LOGIN)(?: (\S+))?/i);
}

/** RFC 4616: authorization, user and password between zero bytes. */
function saslPlain(line: string, form: RegExp): LoginMessage | undefined {
  const found = form.exec(line);
  if (!found) return undefined;
  const [, user = ''] = fromBase64(found[1] ?? '').split('\0');
  return password(clean(user));
}

function ldapBind(bytes: Uint8Array, at: number, end: number): LoginMessage | undefined {
  const bind = ldapOperation(bytes, at, end, 0x60);
  if (bind < 0 || bind + 5 > end || u8(bytes, bind + 3) !== 4) return undefined;
  const length = u8(bytes, bind + 4);
  const name = bind + 5;
  const credentials = name + length;
  // Simple authentication, with a password: without one it is anonymous.
  if (length > 127 || credentials + 2 > end || u8(bytes, credentials) !== 0x80) return undefined;
  return u8(bytes, credentials + 1) === 0 ? undefined : password(wireText(bytes, name, credentials, longestUser));
}

function isLdapRefusal(bytes: Uint8Array, at: number, end: number): boolean {
  const result = ldapOperation(bytes, at, end, 0x61);
  return result >= 0 && result + 3 <= end && u8(bytes, result) === 0x0a && u8(bytes, result + 2) === 49;
}

/** Where the content of an LDAP message's operation begins, -1 where it is another. */
function ldapOperation(bytes: Uint8Array, at: number, end: number, tag: number): number {
  const id = inside(bytes, at, end, 0x30);
  if (id < 0 || id + 2 > end || u8(bytes, id) !== 2) return -1;
  return inside(bytes, id + 2 + u8(bytes, id + 1), end, tag);
}

/** Where the content of a BER element begins, -1 where the tag is another. */
function inside(bytes: Uint8Array, at: number, end: number, tag: number): number {
  if (at + 2 > end || u8(bytes, at) !== tag) return -1;
  const length = u8(bytes, at + 1);
  const content = at + 2 + (length > 127 ? length & 127 : 0);
  return content < end ? content : -1;
}

function mqtt(bytes: Uint8Array, at: number, end: number): LoginMessage | undefined {
  if (u8(bytes, at) !== 0x10) return undefined;
  const name = u8(bytes, at + 1) < 128 ? at + 2 : at + 3;
  if (name + 8 > end || !startsWith(bytes, name + 2, end, 'MQTT')) return undefined;
  return (u8(bytes, name + 7) & 0x40) === 0 ? undefined : password('');
}

/** SMB 1 and 2: a session setup that ends with STATUS_LOGON_FAILURE. */
function isSmbRefusal(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 18 > end || u8(bytes, at) !== 0 || !startsWith(bytes, at + 5, end, 'SMB')) return false;
  if (u8(bytes, at + 4) === 0xfe) return i32(bytes, at + 12) === 0x6d0000c0 && u8(bytes, at + 16) === 1;
  return u8(bytes, at + 4) === 0xff && u8(bytes, at + 8) === 0x73 && i32(bytes, at + 9) === 0x6d0000c0;
}

function firstLine(bytes: Uint8Array, at: number, end: number): string {
  return text(bytes, at, Math.min(end, at + looked)).split(/\r?\n/, 1)[0] ?? '';
}

function text(bytes: Uint8Array, at: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.max(0, end - at)).toString('latin1');
}

function fromBase64(encoded: string): string {
  return Buffer.from(encoded, 'base64').toString('latin1');
}

function clean(user: string): string {
  const bytes = Buffer.from(user, 'latin1');
  return wireText(bytes, 0, bytes.length, longestUser);
}
