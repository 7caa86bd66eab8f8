import {createHash} from 'node:crypto';
import {basename} from 'node:path';
import type {Micros} from '../../event/event.ts';
import {type Level, Levels} from '../../event/level.ts';
import {sanitize} from '../../event/sanitize.ts';
import {auditEntry} from './parse/audit.ts';
import type {Entry, Fields} from './parse/entry.ts';
import {finishProgramEntry} from './parse/program.ts';
import {spokenLevel} from './parse/spoken-level.ts';
import {facilityName} from './parse/syslog.ts';

/** An entry's fields as journalctl gives them: text, bytes as a list of numbers, or a list where a field is repeated. */
export type JournalRecord = ReadonlyMap<string, unknown>;

/** Where an entry stands in the journal. */
export interface JournalPlace {
  readonly cursor: string;
  /** The journal's sequence id: what `position` counts within. */
  readonly epoch: string;
  readonly position: number;
  readonly time: Micros;
}

/** Undefined where the record is no journal entry. */
export function journalPlace(record: JournalRecord): JournalPlace | undefined {
  const time = Number(record.get('__REALTIME_TIMESTAMP'));
  if (!Number.isSafeInteger(time) || time <= 0) return undefined;
  const cursor = text(record.get('__CURSOR')) ?? '';
  const epoch = cursorPart(cursor, 's') ?? text(record.get('_BOOT_ID')) ?? '';
  const position = Number.parseInt(cursorPart(cursor, 'i') ?? '', 16);
  return {cursor, epoch, time, position: Number.isSafeInteger(position) ? position : hashPosition(record, cursor)};
}

/** A part of `s=…;i=…;b=…;m=…;t=…;x=…`. */
export function cursorPart(cursor: string, name: string): string | undefined {
  const start = cursor.startsWith(`${name}=`) ? 0 : cursor.indexOf(`;${name}=`) + 1;
  if (start === 0 && !cursor.startsWith(`${name}=`)) return undefined;
  const end = cursor.indexOf(';', start);
  return cursor.slice(start + 2, end < 0 ? cursor.length : end);
}

export function readJournalRecord(record: JournalRecord, time: Micros): Entry {
  const value = (name: string) => text(record.get(name));
  const message = value('MESSAGE') ?? '';
  const transport = value('_TRANSPORT');
  const auditType = value('_AUDIT_TYPE_NAME');
  const fields = journalFields(record, value);
  if (transport === 'audit' && auditType !== undefined) {
    const body = message.startsWith(`${auditType} `) ? message.slice(auditType.length + 1) : message;
    const audit = auditEntry(auditType, body, time, value('_AUDIT_ID') ?? '0');
    return withHost({...audit, fields: {...fields, ...audit.fields}}, value('_HOSTNAME'));
  }
  const provider = value('SYSLOG_IDENTIFIER') ?? value('_COMM') ?? (transport === 'kernel' ? 'kernel' : 'journal');
  const entry: Entry = {time, level: Levels.information, provider, message, fields};
  const pid = Number(value('_PID') ?? value('SYSLOG_PID'));
  if (Number.isInteger(pid) && pid > 0) entry.pid = pid;
  const level = levelOf(value('PRIORITY'), transport, message);
  if (isTrusted(provider, value('_EXE'), value('_COMM'))) finishProgramEntry(entry, level);
  else entry.level = level;
  return withHost(entry, value('_HOSTNAME'));
}

/** Text of a field: the first where it is repeated, decoded where it is bytes. */
function text(value: unknown): string | undefined {
  if (typeof value === 'string') return sanitize(value);
  if (!Array.isArray(value) || value.length === 0) return undefined;
  if (value.every(item => typeof item === 'number')) return sanitize(Buffer.from(value).toString('utf8'));
  return text(value[0]);
}

const named = Object.entries({
  _SYSTEMD_UNIT: 'systemd.unit',
  _SYSTEMD_USER_UNIT: 'systemd.user_unit',
  _COMM: 'process.name',
  _EXE: 'process.executable',
  _UID: 'user.id',
  _BOOT_ID: 'host.boot.id',
  _TRANSPORT: 'systemd.transport',
  MESSAGE_ID: 'journald.message_id',
});
// Said elsewhere in the event, or of use to the writing program's authors only.
const passedOver = new Set([
  ...named.map(([name]) => name),
  ...['MESSAGE', 'PRIORITY', 'SYSLOG_IDENTIFIER', 'SYSLOG_PID', 'SYSLOG_FACILITY', 'SYSLOG_TIMESTAMP', 'SYSLOG_RAW'],
  ...['CODE_FILE', 'CODE_LINE', 'CODE_FUNC', 'TID', 'INVOCATION_ID', 'USER_INVOCATION_ID'],
]);
const mostOwnFields = 32;
const longestOwnField = 1024;

function journalFields(record: JournalRecord, value: (name: string) => string | undefined): Fields {
  const fields: Fields = {};
  // In an order of their own: journalctl's changes from entry to entry, and objects of many orders are slow.
  for (const [name, field] of named) {
    const found = value(name);
    if (found !== undefined) fields[field] = found;
  }
  let own = 0;
  for (const name of record.keys()) {
    if (name.startsWith('_') || passedOver.has(name) || ++own > mostOwnFields) continue;
    const found = value(name);
    if (found !== undefined)
      fields[`journald.${sanitize(name.slice(0, 64)).toLowerCase()}`] = found.slice(0, longestOwnField);
  }
  const facility = Number(value('SYSLOG_FACILITY') ?? Number.NaN);
  if (Number.isInteger(facility)) fields['log.syslog.facility.name'] = facilityName(facility);
  return fields;
}

function levelOf(priority: string | undefined, transport: string | undefined, message: string): Level {
  const level = priority !== undefined && /^[0-7]$/.test(priority) ? (Number(priority) as Level) : Levels.information;
  // What a service prints gets its unit's usual priority, whatever it says.
  return transport === 'stdout' && level === Levels.information ? (spokenLevel(message) ?? level) : level;
}

const systemFolders = /^\/(?:usr\/|s?bin\/|lib\/|opt\/|nix\/|run\/current-system\/)/;

/** Anyone may log under the name sshd; the journal knows which program it really was. */
function isTrusted(provider: string, program: string | undefined, command: string | undefined): boolean {
  const name = /^(?:sshd|sudo|su)/.exec(provider)?.[0];
  if (name === undefined) return true;
  if (program !== undefined) return basename(program).startsWith(name) && systemFolders.test(program);
  return command === undefined || command.startsWith(name);
}

function withHost(entry: Entry, host: string | undefined): Entry {
  if (host !== undefined) entry.host = host;
  return entry;
}

/** For records without a usable sequence number: 48 bits of what else names an entry. */
function hashPosition(record: JournalRecord, cursor: string): number {
  const name =
    cursor ||
    ['__MONOTONIC_TIMESTAMP', '__REALTIME_TIMESTAMP', 'MESSAGE'].map(field => text(record.get(field))).join(' ');
  return createHash('sha256').update(name).digest().readUIntBE(0, 6);
}
