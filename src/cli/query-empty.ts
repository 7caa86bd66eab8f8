import type {Micros} from '../event/event.ts';
import type {OpenReader} from './open-reader.ts';
import {timeText} from './output/table.ts';
import type {QueryOptions} from './query-options.ts';

/** Why an answer is empty, in a sentence: nothing stored at all, nothing at that time, or nothing that matches. */
export function whyEmpty({kind, since, until, where}: QueryOptions, {reader, utc}: OpenReader): string {
  const rows = kind === 'traffic' ? 'sums of traffic' : kind;
  const within = reader.holdings(kind, since, until);
  const period = `from ${moment(since, utc)} ${until === undefined ? 'on' : `to ${moment(until, utc)}`}`;
  if (within.rows > 0 && where) return `None of the ${within.rows} ${rows} stored ${period} matches.`;
  if (within.rows > 0) return `The ${within.rows} ${rows} stored ${period} have no bytes.`;
  const all = reader.holdings(kind);
  if (all.rows === 0) return `No ${rows} are stored yet. \`siem monitor\` or \`siem import FILE\` brings some.`;
  const stored = `${all.rows} are stored, from ${moment(all.oldest, utc)} to ${moment(all.newest, utc)}`;
  return `No ${rows} are stored ${period}; ${stored}. -S and -U choose the time.`;
}

function moment(micros: Micros | undefined, utc: boolean): string {
  return micros === undefined ? 'the beginning' : timeText(Math.floor(micros / 1000), utc).replace(/\.\d+/, '');
}
