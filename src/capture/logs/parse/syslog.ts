import type {Micros} from '../../../event/event.ts';
import type {Level} from '../../../event/level.ts';
import type {Entry, Fields} from './entry.ts';
import {finishProgramEntry, readTag} from './program.ts';
import type {StampReader} from './stamp.ts';

const facilities = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'security',
  'console',
  'solaris-cron',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
];

/** `<34>`: facility × 8 + severity (RFC 5424, 6.2.1). */
export interface Priority {
  readonly level: Level;
  readonly facility: string;
  readonly end: number;
}

export function facilityName(code: number): string {
  return facilities[code] ?? String(code);
}

export function readPriority(line: string): Priority | undefined {
  const close = line.indexOf('>', 1);
  if (line.charCodeAt(0) !== 60 || close < 2 || close > 4) return undefined;
  const value = Number(line.slice(1, close));
  if (!Number.isInteger(value) || value > 191) return undefined;
  return {level: (value & 7) as Level, facility: facilityName(value >> 3), end: close + 1};
}

/** `Nov 22 10:00:01 host prog[pid]: message` from `at` on (RFC 3164, and what syslogd writes to its files). */
export function readRfc3164(
  line: string,
  at: number,
  stamps: StampReader,
  reference: Micros,
  priority?: Priority,
): Entry | undefined {
  const time = stamps.syslog(line, at, reference);
  return time === undefined ? undefined : readHeader(line, stamps.end, time, priority);
}

/** What follows the time: ` host prog[pid]: message`. Some senders leave the host out. */
export function readHeader(line: string, stampEnd: number, time: Micros | undefined, priority?: Priority): Entry {
  const start = stampEnd + (line.charCodeAt(stampEnd) === 32 ? 1 : 0);
  const space = line.indexOf(' ', start);
  const host = space < 0 ? '' : line.slice(start, space);
  const hostless = host.endsWith(':') || host.includes('[');
  const body = hostless || space < 0 ? start : space + 1;
  const tag = readTag(line, body);
  const entry: Entry = {
    time,
    level: 6,
    provider: tag ? withoutModule(tag.program) : 'syslog',
    message: line.slice(tag ? tag.end : body),
  };
  if (!hostless && host !== '') entry.host = host;
  if (tag?.pid !== undefined) entry.pid = tag.pid;
  if (priority) entry.fields = {'log.syslog.facility.name': priority.facility};
  return finishProgramEntry(entry, priority?.level);
}

/** `1 2026-11-22T10:00:00Z host app procid msgid [structured data] message` from `at` on (RFC 5424). */
export function readRfc5424(line: string, at: number, stamps: StampReader, priority: Priority): Entry | undefined {
  if (line.charCodeAt(at) !== 49 || line.charCodeAt(at + 1) !== 32) return undefined;
  const head = headerWords(line, at + 2);
  if (!head) return undefined;
  const [stamp, host, app, process, id] = head.words;
  const fields: Fields = {'log.syslog.facility.name': priority.facility};
  if (id !== '-') fields['log.syslog.msgid'] = id;
  const bodyAt = readStructuredData(line, head.end, fields);
  if (bodyAt === undefined) return undefined;
  const entry: Entry = {
    time: stamp === '-' ? undefined : stamps.iso(stamp, 0),
    level: priority.level,
    provider: app === '-' ? 'syslog' : app,
    message: line.slice(bodyAt),
    fields,
  };
  if (host !== '-') entry.host = host;
  if (/^\d{1,10}$/.test(process)) entry.pid = Number(process);
  else if (process !== '-') fields['log.syslog.procid'] = process;
  return finishProgramEntry(entry, priority.level);
}

/** `sshd(pam_unix)` is how older PAM named itself. */
function withoutModule(program: string): string {
  return program.endsWith('(pam_unix)') ? program.slice(0, -10) : program;
}

function headerWords(
  line: string,
  start: number,
): {words: [string, string, string, string, string]; end: number} | undefined {
  const words: string[] = [];
  let at = start;
  while (words.length < 5) {
    const space = line.indexOf(' ', at);
    if (space <= at || space - at > 255) return undefined;
    words.push(line.slice(at, space));
    at = space + 1;
  }
  const [stamp = '', host = '', app = '', process = '', id = ''] = words;
  return {words: [stamp, host, app, process, id], end: at};
}

const mostParameters = 64;

/** Reads `[id name="value" …]…` or `-` into fields; gives where the message begins, or undefined if malformed. */
function readStructuredData(line: string, start: number, fields: Fields): number | undefined {
  let at = start;
  if (line.charCodeAt(at) === 45) at++;
  else if (line.charCodeAt(at) !== 91) return undefined;
  const element = /\[([^\s\]="]{1,64})/y;
  const parameter = / ([^\s\]="]{1,64})="((?:[^"\\]|\\[\s\S])*)"/y;
  let count = 0;
  while (line.charCodeAt(at) === 91) {
    element.lastIndex = at;
    const name = element.exec(line)?.[1];
    if (name === undefined) return undefined;
    at = element.lastIndex;
    for (parameter.lastIndex = at; ; at = parameter.lastIndex) {
      const found = parameter.exec(line);
      if (!found) break;
      if (++count > mostParameters) continue;
      fields[`log.syslog.structured_data.${name}.${found[1]}`] = unescaped(found[2] ?? '');
    }
    if (line.charCodeAt(at) !== 93) return undefined;
    at++;
  }
  return line.charCodeAt(at) === 32 ? at + 1 : at;
}

function unescaped(value: string): string {
  return value.includes('\\') ? value.replace(/\\(["\\\]])/g, '$1') : value;
}
