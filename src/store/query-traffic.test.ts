import {type Fixture, fixture} from '../../tests/fixtures/stored-rows.ts';
import {minute} from '../event/clock.ts';
import {matches} from '../query/match.ts';
import {parse} from '../query/parse.ts';
import {SqlReader} from './store-reader.ts';

const start = Date.UTC(2026, 10, 22, 10) * 1000;
let store: Fixture;
let reader: SqlReader;

beforeAll(async () => {
  store = await fixture();
  fill(store);
  reader = new SqlReader(store.database, () => ({now: start, utc: true}));
});

afterAll(() => store.remove());

function fill(into: Fixture): void {
  const rows = [
    [0, 'transport', 'tcp', 90, 10],
    [0, 'transport', 'udp', 9, 1],
    [0, 'service', 'https', 90, 10],
    [0, 'service', 'dns', 9, 1],
    [0, 'talker', '10.0.0.5', 100, 10],
    [0, 'talker', '192.0.2.1', 10, 90],
    [0, 'talker', '(other)', 0, 10],
    [1, 'transport', 'tcp', 1000, 0],
    [1, 'service', '(unknown)', 1000, 0],
    [1, 'talker', '::ffff:10.0.0.5', 1000, 0],
    [1, 'talker', '192.0.2.1', 0, 1000],
  ] as const;
  for (const [at, dimension, value, sent, received] of rows)
    into.insert('traffic_minute', {
      minute: start + at * minute,
      ...{dimension, value, sent, received, packets: 7, flows: 2},
    });
}

function shown(text: string, more: object = {}): unknown[] {
  const rows = reader.rows({kind: 'traffic', where: parse(text), limit: 100, ...more});
  return rows.map(row => row['network.transport'] ?? row['network.protocol'] ?? row['host.ip']);
}

const counted = (by: readonly string[], text = '') =>
  reader.count({kind: 'traffic', by, where: parse(text), limit: 9}).map(({keys, count}) => [...keys, count]);

test('a row is about one transport, service or talker and says what moved within its minute', () => {
  const rows = reader.rows({kind: 'traffic', where: parse('proto:tcp'), limit: 1});
  expect(rows).toEqual([
    {
      '@timestamp': '2026-11-22T10:01:00.000Z',
      'event.kind': 'metric',
      'network.transport': 'tcp',
      'traffic.flows': 2,
      'network.packets': 7,
      'traffic.sent': 1000,
      'traffic.received': 0,
      'network.bytes': 1000,
    },
  ]);
});

test('within a minute the largest come last, and a limit keeps these', () => {
  const order = ['(other)', '192.0.2.1', '10.0.0.5', 'dns', 'https', 'udp', 'tcp'];
  expect(shown('', {until: start + minute})).toEqual(order);
  expect(shown('', {until: start + minute, reverse: true})).toEqual([...order].reverse());
  expect(shown('talker:*', {until: start + minute, limit: 2})).toEqual(['192.0.2.1', '10.0.0.5']);
  expect(shown('', {since: start + minute}).length).toBe(4);
});

test('rows may be read one by one, and are the same at every limit', () => {
  for (let limit = 1; limit < 13; limit++) {
    const request = {kind: 'traffic', limit} as const;
    expect([...reader.iterate(request)]).toEqual(reader.rows(request));
  }
});

test('filters find rows as they do in memory', () => {
  expect(shown('talker:10.0.0.0/8')).toEqual(['10.0.0.5', '::ffff:10.0.0.5']);
  const all = reader.rows({kind: 'traffic', limit: 100});
  for (const text of [
    'service:d*',
    'sent>=100 packets:7',
    '-talker:*',
    'dns or tcp',
    'service:"" bytes<50',
    'flows>2',
  ]) {
    const expression = parse(text);
    const found = reader.rows({kind: 'traffic', where: expression, limit: 100});
    expect({text, found}).toEqual({text, found: all.filter(row => expression && matches(expression, row))});
  }
});

test('bytes are counted once: of what is counted by, else of what the filter names, else of transports', () => {
  expect(counted([])).toEqual([[1110]]);
  expect(counted(['proto'])).toEqual([
    ['tcp', 1100],
    ['udp', 10],
  ]);
  expect(counted(['talker'], '-talker:192.*')).toEqual([
    ['::ffff:10.0.0.5', 1000],
    ['10.0.0.5', 110],
    ['(other)', 10],
  ]);
  expect(counted([], '-service:https')).toEqual([[1010]]);
  expect(reader.count({kind: 'traffic', by: [], every: minute, limit: 9})).toEqual([
    {bucket: start, keys: [], count: 110},
    {bucket: start + minute, keys: [], count: 1000},
  ]);
});

test('sql.js gives the same answers', async () => {
  const other = await fixture(true, 'sql.js');
  try {
    fill(other);
    const asked = new SqlReader(other.database, () => ({now: start, utc: true}));
    const request = {kind: 'traffic', where: parse('-proto:udp'), limit: 8} as const;
    expect(asked.rows(request)).toEqual(reader.rows(request));
    expect([...asked.iterate(request)]).toEqual(reader.rows(request));
  } finally {
    other.remove();
  }
});
