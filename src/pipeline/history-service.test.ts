import {type Fixture, fixture} from '../../tests/fixtures/stored-rows.ts';
import {minute} from '../event/clock.ts';
import {parse} from '../query/parse.ts';
import {SqlReader} from '../store/store-reader.ts';
import {answer} from './history-service.ts';

let store: Fixture;
let reader: SqlReader;

beforeAll(async () => {
  store = await fixture(false);
  store.insert('stream', {id: 1, agent: 'a', host: 'h', source: 's', epoch: 'e', dataset: 'd'});
  const app = store.name('app');
  // Times come in pairs, so that pages meet at rows of the same time.
  store.database.exec(`WITH RECURSIVE i (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n < 199)
    INSERT INTO log SELECT n + 1, n / 2 * ${minute}, n, 1, n, n % 8, 0, ${app}, ${app}, NULL, n, 'line ' || n, NULL FROM i`);
  reader = new SqlReader(store.database);
});

afterAll(() => store.remove());

const never = () => false;

test('an answer made of pages is the answer made at once, whatever the pages', async () => {
  for (const rowsAPage of [1, 2, 7, 50, 1000])
    for (const request of [
      {kind: 'logs', limit: 1000, where: parse('level>=error')},
      {kind: 'logs', limit: 10, where: parse('pid>5')},
      {kind: 'logs', limit: 10, reverse: true, where: parse('line')},
      {kind: 'logs', limit: 1000, since: 10 * minute, until: 60 * minute, where: parse('level<error')},
    ] as const)
      expect(await answer(reader, {type: 'rows', request}, never, rowsAPage)).toEqual(reader.rows(request));
});

test('counts made of pages are the counts made at once', async () => {
  for (const rowsAPage of [1, 7, 1000])
    for (const request of [
      {kind: 'logs', by: ['level'], limit: 100},
      {kind: 'logs', by: ['level'], every: 20 * minute, since: 5 * minute, until: 90 * minute, limit: 100},
    ] as const)
      expect(await answer(reader, {type: 'count', request}, never, rowsAPage)).toEqual(reader.count(request));
});

test('a question given up is not carried on', async () => {
  let looks = 0;
  const cancelled = () => ++looks > 2;
  const request = {kind: 'logs', limit: 1000, where: parse('nothing')} as const;
  expect(await answer(reader, {type: 'rows', request}, cancelled, 10)).toBeUndefined();
  expect(looks).toBe(3);
});

test('around a moment come as many lines before as after', async () => {
  const rows = (await answer(reader, {type: 'around', moment: 50 * minute, rows: 4}, never)) as {message: string}[];
  expect(rows.map(row => row.message)).toEqual([96, 97, 98, 99, 100, 101, 102, 103].map(n => `line ${n}`));
});

test('an alert shows its life, its minutes and the lines within a minute of its event', async () => {
  const id = 'cd'.repeat(16);
  store.insert('alert', {
    ...{id, seq: 500, first: 0, last: 99 * minute, updated: 0, host: store.name('h'), agent: 'a', rule: 'r'},
    ...{rule_name: 'R', level: 'high', level_rank: 3, category: 'Rule', entity: 'e', reason: 'because', count: 3},
    ...{techniques: '[]', historical: 0, status: 'open', provider: 'app', code: 0},
    event: '{"@timestamp":"1970-01-01T00:50:00.000Z"}',
  });
  store.insert('anomaly', {
    ...{seq: 501, alert: id, minute: 0, time: 1, code: 0, category: 'Rule', level: 'high', provider: 'app'},
    ...{message: 'because', count: 3},
  });
  expect(await answer(reader, {type: 'alert-context', alert: 'cdcd'}, never)).toMatchObject({
    group: {id, reason: 'because'},
    changes: [],
    moment: 50 * minute,
    anomalies: [{'alert.id': id, 'event.count': 3}],
    logs: [98, 99, 100, 101, 102, 103].map(n => ({message: `line ${n}`})),
  });
  expect(await answer(reader, {type: 'alert-context', alert: 'ef'}, never)).toBeNull();
});
