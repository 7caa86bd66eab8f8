import {hour, minute} from '../event/clock.ts';
import {type QueryFlags, queryOptions} from './query-options.ts';

const now = Date.UTC(2026, 10, 22, 12) * 1000;

function options(flags: Partial<QueryFlags>, text = '') {
  return queryOptions(text, {kind: 'logs', ...flags}, {now, utc: true});
}

test('without flags the last hour of logs is asked for, a thousand rows', () => {
  expect(options({})).toMatchObject({kind: 'logs', since: now - hour, until: undefined, limit: 1000, output: 'table'});
  expect(options({follow: true}).limit).toBe(10);
  expect(options({until: '10:00'}).since).toBe(now - 3 * hour);
});

test('a kind may be named in the singular', () => {
  expect(options({kind: 'alert'}).kind).toBe('alerts');
  expect(options({kind: 'anomaly'}).kind).toBe('anomalies');
});

test('counting is asked for by any of its flags', () => {
  expect(options({every: '5m'}).counted).toEqual({by: [], every: 5 * minute});
  expect(options({by: 'level, source'}).counted).toEqual({by: ['level', 'source'], every: undefined});
});

const wrong: readonly (readonly [Partial<QueryFlags>, RegExp])[] = [
  [{since: 'soon'}, /Expected a time such as/],
  [{since: 'now', until: '-1h'}, /--since to come before --until/],
  [{kind: 'dogs'}, /--kind to be one of logs, alerts, anomalies, flows, metrics, traffic; got "dogs"/],
  [{lines: '0'}, /--lines to be a whole number/],
  [{lines: '1e3'}, /--lines to be a whole number/],
  [{output: 'xml'}, /--output to be one of table, json, ndjson, csv/],
  [{by: 'colour'}, /--by: Expected a field of logs, got "colour"/],
  [{fields: 'message,'}, /--fields to be up to 50 field names/],
  [{every: 'often'}, /a length of time such as/],
  [{follow: true, count: true}, /--follow or --count/],
  [{follow: true, until: 'now'}, /--follow or --until/],
  [{sql: 'select 1', count: true}, /--sql alone/],
  [{kind: 'traffic', follow: true}, /those of traffic still grow/],
  [{kind: 'traffic', by: 'talker,service'}, /--by one of transport, service and talker.*got talker, service/],
];

test.each(wrong)('%j is refused in words', (flags, message) => {
  expect(() => options(flags)).toThrow(message);
});
