import {isIP} from 'node:net';
import {type Level, Levels} from '../../../event/level.ts';
import type {Entry, Fields} from './entry.ts';
import {monthNumber} from './stamp.ts';

const stampForm = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/;
const afterRequest = /^ (\d{3}) (\d{1,15}|-)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?/;

/**
 * nginx's and Apache's common and combined access lines, with or without the virtual host first. Both servers escape
 * quotes in what a client sends, so the first quote begins the request and the last `[` before it begins the time: a
 * user name that looks like a time or a request changes nothing.
 */
export function readWebAccess(line: string, provider: string): Entry | undefined {
  const quote = line.indexOf(' "');
  const bracket = quote < 0 ? -1 : line.lastIndexOf(' [', quote);
  if (bracket < 0 || line.charCodeAt(quote - 1) !== 93) return undefined;
  const time = accessTime(line.slice(bracket + 2, quote - 1));
  const requestEnd = closingQuote(line, quote + 2);
  const found = requestEnd < 0 ? null : afterRequest.exec(line.slice(requestEnd + 1));
  const client = readClient(line.slice(0, bracket));
  if (time === undefined || !found || !client) return undefined;
  const status = Number(found[1]);
  const request = line.slice(quote + 2, requestEnd);
  const fields: Fields = {...client.fields, 'http.response.status_code': status};
  addRequest(fields, request);
  if (found[2] !== '-') fields['http.response.body.bytes'] = Number(found[2]);
  if (found[3] !== undefined && found[3] !== '-') fields['http.request.referrer'] = found[3];
  if (found[4] !== undefined && found[4] !== '-') fields['user_agent.original'] = found[4];
  const entry: Entry = {time, level: statusLevel(status), provider, message: `${request} ${status}`, fields};
  if (client.user !== undefined) entry.user = client.user;
  return entry;
}

function accessTime(text: string): number | undefined {
  const found = stampForm.exec(text);
  if (!found) return undefined;
  const [, day, month = '', year, hours, minutes, seconds, sign, zoneHours, zoneMinutes] = found;
  const number = monthNumber(month);
  if (number < 0) return undefined;
  const offset = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  const utc = Date.UTC(Number(year), number, Number(day), Number(hours), Number(minutes) - offset, Number(seconds));
  return utc * 1000;
}

function closingQuote(line: string, start: number): number {
  for (let at = line.indexOf('"', start); at >= 0; at = line.indexOf('"', at + 1)) {
    let slashes = 0;
    while (line.charCodeAt(at - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

/** `[virtual host] address identity user`. */
function readClient(text: string): {fields: Fields; user: string | undefined} | undefined {
  const words = text.split(' ', 4);
  const first = words[0] ?? '';
  const hasHost = isIP(first) === 0 && isIP(words[1] ?? '') !== 0;
  const address = hasHost ? (words[1] ?? '') : first;
  if (address === '' || words.length < 3) return undefined;
  const fields: Fields = isIP(address) === 0 ? {'source.domain': address} : {'source.ip': address};
  if (hasHost) fields['url.domain'] = first;
  const skipped = hasHost ? `${first} ${address} ` : `${address} `;
  const user = text.slice(text.indexOf(' ', skipped.length) + 1);
  return {fields, user: user === '-' || user === '' ? undefined : user};
}

function addRequest(fields: Fields, request: string): void {
  const found = /^([A-Z]{1,32}) (\S+)(?: HTTP\/(\d(?:\.\d)?))?$/.exec(request);
  if (!found) return;
  const [, method = '', target = '', version] = found;
  const mark = target.indexOf('?');
  fields['http.request.method'] = method;
  fields['url.path'] = mark < 0 ? target : target.slice(0, mark);
  if (mark >= 0) fields['url.query'] = target.slice(mark + 1);
  if (version !== undefined) fields['http.version'] = version;
}

function statusLevel(status: number): Level {
  if (status >= 500) return Levels.error;
  return status >= 400 ? Levels.warning : Levels.information;
}
