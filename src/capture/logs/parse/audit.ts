import {isIP} from 'node:net';
import type {Micros} from '../../../event/event.ts';
import {type Level, Levels} from '../../../event/level.ts';
import {sanitize} from '../../../event/sanitize.ts';
import type {Entry, Fields} from './entry.ts';

const head = /^(?:node=(\S{1,255}) )?type=(\S{1,64}) msg=audit\((\d{1,12})\.(\d{3}):(\d{1,20})\): ?/;
// What users can choose is written in quotes, or as hexadecimal without quotes when it holds a quote, space or control
// character. Other fields hold bare numbers that may look like hexadecimal and are none.
const encodable = new Set(
  'acct comm exe cmd proctitle cwd name key path data vm ocomm old new sw unit grp dir'.split(' '),
);
const mostFields = 128;

/** `type=USER_LOGIN msg=audit(1700000000.123:456): pid=1 … msg='op=login acct="root" … res=success'` of audit.log. */
export function readAudit(line: string): Entry | undefined {
  const found = head.exec(line);
  if (!found) return undefined;
  const [whole, node, type = '', seconds, millis, serial = ''] = found;
  const time = Number(seconds) * 1_000_000 + Number(millis) * 1000;
  const entry = auditEntry(type, line.slice(whole.length), time, serial);
  if (node !== undefined) entry.host = node;
  return entry;
}

/** An audit record whose type, time and serial number are known already: the journal keeps them apart. */
export function auditEntry(type: string, body: string, time: Micros, serial: string): Entry {
  const fields: Fields = {'auditd.type': type, 'auditd.sequence': safeNumber(serial)};
  readPairs(body, type, fields);
  const level = levelOf(type, fields);
  const entry: Entry = {time, level, provider: 'auditd', message: `${type} ${body}`, fields};
  nameFields(entry, type, fields);
  return entry;
}

/** Walks `key=value` pairs once, from left to right; the quoted `msg='…'` of user messages is walked in place. */
function readPairs(body: string, type: string, fields: Fields): void {
  const pair = /([A-Za-z0-9_-]{1,64})=("[^"]*"|'|[^\s'␝]*)/g;
  let count = 0;
  for (let found = pair.exec(body); found && count < mostFields; found = pair.exec(body)) {
    const [, key = '', raw = ''] = found;
    // msg='op=… res=success': step inside the quote and go on there.
    if (raw === "'") continue;
    const name = fieldName(key);
    if (name in fields) continue;
    fields[name] = pairValue(key, raw, type);
    count++;
  }
}

const fieldNames = new Map<string, string>();

/** `auditd.` and the key, made once: a new string for each record must be looked up anew to be a property's name. */
function fieldName(key: string): string {
  const known = fieldNames.get(key);
  if (known !== undefined) return known;
  const made = `auditd.${key}`;
  if (fieldNames.size < 1000) fieldNames.set(key, made);
  return made;
}

function pairValue(key: string, raw: string, type: string): string {
  if (raw.startsWith('"')) return raw.slice(1, -1);
  const isArgument = type === 'EXECVE' && /^a\d+(?:\[\d+\])?$/.test(key);
  const coded = (encodable.has(key) || isArgument) && raw.length % 2 === 0 && /^[0-9A-F]+$/.test(raw);
  if (!coded) return raw;
  const text = Buffer.from(raw, 'hex').toString('utf8');
  // The process title separates arguments with NUL, the key list its keys with SOH.
  return sanitize(text.replace(/\0+$/, '').replace(key === 'key' ? /\u0001/g : /\0/g, ' '));
}

function nameFields(entry: Entry, type: string, fields: Fields): void {
  const text = (key: string) => {
    const value = fields[`auditd.${key}`];
    return typeof value === 'string' && value !== '?' && value !== '' && value !== '(null)' ? value : undefined;
  };
  const user = text('acct') ?? text('AUID') ?? text('UID');
  if (user !== undefined && user !== 'unset') entry.user = user;
  const pid = text('pid');
  if (pid !== undefined && /^\d{1,10}$/.test(pid)) entry.pid = Number(pid);
  const address = text('addr');
  if (address !== undefined && isIP(address) !== 0) fields['source.ip'] = address;
  const program = text('exe');
  if (program !== undefined) fields['process.executable'] = program;
  const outcome = outcomeOf(text('res') ?? text('success'));
  if (outcome !== undefined) fields['event.outcome'] = outcome;
  fields['event.action'] = type.toLowerCase();
}

function outcomeOf(result: string | undefined): string | undefined {
  if (result === 'success' || result === 'yes' || result === '1') return 'success';
  return result === 'failed' || result === 'no' || result === '0' ? 'failure' : undefined;
}

function levelOf(type: string, fields: Fields): Level {
  if (type.startsWith('ANOM_') || type === 'AVC' || type === 'USER_AVC') return Levels.warning;
  return fields['auditd.res'] === 'failed' ? Levels.notice : Levels.information;
}

function safeNumber(digits: string): number | string {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : digits;
}
