import {isIP} from 'node:net';
import {plainAddress, text} from './network-words.ts';
import type {MutableFields} from './sensor-record.ts';

/** `url.path` and `url.query` of `url.original`, and the host without its port as `destination.domain`. */
export function addRequestParts(fields: MutableFields): void {
  const target = text(fields['url.original']);
  const path = target.replace(/^[a-z][a-z0-9+.-]{0,20}:\/\/[^/?]*/i, '');
  const mark = path.indexOf('?');
  if (target !== '') fields['url.path'] = mark < 0 ? path : path.slice(0, mark);
  if (mark >= 0) fields['url.query'] = path.slice(mark + 1);
  const host = text(fields['http.request.host']);
  if (host !== '') fields['destination.domain'] = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

/** `dns.answers` as text with commas, and the first address among them as `dns.resolved_ip`. */
export function addAnswers(fields: MutableFields, answers: readonly string[]): void {
  const plain = answers.map(plainAddress);
  if (plain.length > 0) fields['dns.answers'] = plain.join(', ');
  const address = plain.find(answer => isIP(answer) !== 0);
  if (address !== undefined) fields['dns.resolved_ip'] = address;
  fields['dns.answers_count'] = plain.length;
}
