import type {Micros} from '../event/event.ts';
import type {Expression} from '../query/expression.ts';
import {fieldNamed} from '../query/fields.ts';
import {isTrafficField, type TrafficField, trafficDimensions} from '../query/traffic-dimension.ts';
import type {OpenReader} from './open-reader.ts';
import {timeText} from './output/table.ts';
import type {QueryOptions} from './query-options.ts';

/** Why an answer is empty, in a sentence: nothing stored at all, nothing at that time, or nothing that matches. */
export function whyEmpty(options: QueryOptions, {reader, utc}: OpenReader): string {
  const {kind, since, until, where} = options;
  const rows = kind === 'traffic' ? 'sums of traffic' : kind;
  const within = reader.holdings(kind, since, until);
  const period = `from ${moment(since, utc)} ${until === undefined ? 'on' : `to ${moment(until, utc)}`}`;
  if (within.rows > 0 && where)
    return `None of the ${within.rows} ${rows} stored ${period} matches.${countedApart(options)}`;
  if (within.rows > 0) return `The ${within.rows} ${rows} stored ${period} have no bytes.`;
  const all = reader.holdings(kind);
  if (all.rows === 0) return `No ${rows} are stored yet. \`siem monitor\` or \`siem import FILE\` brings some.`;
  const stored = `${all.rows} are stored, from ${moment(all.oldest, utc)} to ${moment(all.newest, utc)}`;
  return `No ${rows} are stored ${period}; ${stored}. -S and -U choose the time.`;
}

/** Of traffic: what is asked for together though no sum knows both. */
function countedApart({kind, counted, where}: QueryOptions): string {
  if (kind !== 'traffic' || !where) return '';
  const asked = new Set([...(counted?.by ?? []).flatMap(trafficField), ...wanted(where)]);
  if (asked.size < 2) return '';
  const names = [...asked].map(field => trafficDimensions[field]);
  return ` A sum is of one transport, one service or one talker; none has ${names.join(' and ')}. Flows have all: -k flows.`;
}

/** Fields that must have a value for a row to match. */
function wanted(expression: Expression): readonly TrafficField[] {
  if (expression.type === 'and') return expression.terms.flatMap(wanted);
  if (expression.type === 'or') {
    const [first = [], ...others] = expression.terms.map(wanted);
    return first.filter(field => others.every(fields => fields.includes(field)));
  }
  if (expression.type !== 'field' || expression.comparison === '!=' || expression.value === '') return [];
  return trafficField(expression.name);
}

function trafficField(name: string): readonly TrafficField[] {
  const field = fieldNamed(name, 'traffic', 0).name;
  return isTrafficField(field) ? [field] : [];
}

function moment(micros: Micros | undefined, utc: boolean): string {
  return micros === undefined ? 'the beginning' : timeText(Math.floor(micros / 1000), utc).replace(/\.\d+/, '');
}
