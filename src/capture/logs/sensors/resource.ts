import {isIP} from 'node:net';
import {plainAddress, text} from './network-words.ts';
import type {MutableFields} from './sensor-record.ts';

/** `url.path` and `url.query` of `url.original`, and the host under both of its names. */
export function addRequestParts(fields: MutableFields): void {
  const target = text(fields['url.original']);
  const path = target.replace(/^[a-z][a-z0-9+.-]{0,20}:\/\/[^/?]*/i, '');
  const mark = path.indexOf('?');
  if (target !== '') fields['url.path'] = mark < 0 ? path : path.slice(0, mark);
  if (mark >= 0) fields['url.query'] = path.slice(mark + 1);
  const host = text(fields['url.domain']);
  if (host !== '') fields['http.request.host'] = host;
}

/** `dns.answers` as text with commas, and of them the addresses as `dns.resolved_ip`. */
export function addAnswers(fields: MutableFields, answers: readonly string[]): void {
  const plain = answers.map(plainAddress);
  if (plain.length > 0) fields['dns.answers'] = plain.join(',');
  const addresses = plain.filter(answer => isIP(answer) !== 0);
  if (addresses.length > 0) fields['dns.resolved_ip'] = addresses.join(',');
}
