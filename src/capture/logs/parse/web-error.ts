import {isIP} from 'node:net';
import {Levels, parseLevel} from '../../../event/level.ts';
import type {Entry, Fields} from './entry.ts';
import type {StampReader} from './stamp.ts';
import {monthNumber} from './stamp.ts';

const nginxHead = /^ \[([a-z]{3,6})\] (\d{1,10})#(\d{1,10}): (?:\*\d{1,20} )?/;

/** `2026/11/22 10:00:00 [error] 12#12: *1 message, client: 1.2.3.4, server: …, request: "…"` */
export function readNginxError(line: string, stamps: StampReader): Entry | undefined {
  const time = line.charCodeAt(4) === 47 ? stamps.iso(line, 0) : undefined;
  const rest = time === undefined ? '' : line.slice(stamps.end);
  const found = nginxHead.exec(rest);
  const level = found ? parseLevel(found[1] ?? '') : undefined;
  if (!found || level === undefined) return undefined;
  const message = rest.slice(found[0].length);
  const entry: Entry = {time, level, provider: 'nginx', message, pid: Number(found[2])};
  const address = onlyClient(message);
  if (address !== undefined) entry.fields = {'source.ip': address};
  return entry;
}

const apacheHead =
  /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))? (\d{4})\] \[(?:([\w-]{0,64}):)?([a-z]\w{2,6})\] /;
const apachePid = /^\[pid (\d{1,10})(?::tid \d{1,20})?\] /;
const apacheClient = /^\[client (\S{1,255})\] /;

/** `[Sun Dec 04 04:47:44.123456 2026] [core:error] [pid 1:tid 2] [client 1.2.3.4:5] AH00001: message` */
export function readApacheError(line: string): Entry | undefined {
  const found = apacheHead.exec(line);
  if (!found) return undefined;
  const [whole, month = '', day, hours, minutes, seconds, fraction = '0', year, module, levelWord = ''] = found;
  const number = monthNumber(month);
  if (number < 0) return undefined;
  const local = new Date(Number(year), number, Number(day), Number(hours), Number(minutes), Number(seconds));
  const time = local.getTime() * 1000 + Number(fraction.padEnd(6, '0'));
  // Apache's own trace1 … trace8 are finer kinds of debug.
  const level = parseLevel(levelWord) ?? Levels.debug;
  const pid = apachePid.exec(line.slice(whole.length, whole.length + 64));
  const rest = line.slice(whole.length + (pid?.[0].length ?? 0));
  const client = apacheClient.exec(rest);
  const fields: Fields = client ? clientFields(client[1] ?? '') : {};
  if (module) fields['apache.error.module'] = module;
  const entry: Entry = {time, level, provider: 'apache', message: rest.slice(client?.[0].length ?? 0), fields};
  if (pid) entry.pid = Number(pid[1]);
  return entry;
}

/** The address after `, client: `, if it stands there once: a path or request that contains the same words is a forgery. */
function onlyClient(message: string): string | undefined {
  const mark = ', client: ';
  const at = message.indexOf(mark);
  if (at < 0 || message.indexOf(mark, at + 1) >= 0) return undefined;
  const address = /^[^,\s]{1,64}/.exec(message.slice(at + mark.length, at + mark.length + 64))?.[0] ?? '';
  return isIP(address) === 0 ? undefined : address;
}

function clientFields(client: string): Fields {
  if (isIP(client) !== 0) return {'source.ip': client};
  const colon = client.lastIndexOf(':');
  const address = client.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return colon > 0 && isIP(address) !== 0
    ? {'source.ip': address, 'source.port': Number(client.slice(colon + 1))}
    : {'source.domain': client};
}
