import {execFileSync, spawnSync} from 'node:child_process';
import {type Fixture, fixture} from '../../tests/fixtures/stored-rows.ts';
import {hour, minute} from '../event/clock.ts';
import {isoTime} from '../event/ecs.ts';
import {idOf} from '../event/event-id.ts';
import {matches} from '../query/match.ts';
import {parse} from '../query/parse.ts';
import type {QueryKind, QueryRow} from '../query/request.ts';
import {SqlReader} from './store-reader.ts';

const start = Date.UTC(2026, 10, 22, 10) * 1000;
let store: Fixture;
let reader: SqlReader;

beforeAll(async () => {
  store = await fixture();
  fill(store);
  reader = new SqlReader(store.database, () => ({now: start + hour, utc: true}));
});

afterAll(() => store.remove());

function found(expression: string, kind: QueryKind = 'logs'): readonly QueryRow[] {
  return reader.rows({kind, where: parse(expression), limit: 10_000});
}

function messages(expression: string): unknown[] {
  return found(expression).map(row => row.message);
}

test('a log row comes back by ECS names, with the id that its place in the source gives', () => {
  const [row] = reader.rows({kind: 'logs', limit: 1, until: start + 1});
  expect(row).toEqual({
    'event.id': idOf({agent: 'agent-1', source: 'file:/var/log/auth.log', epoch: 'e1'}, 0),
    '@timestamp': isoTime(start),
    'event.kind': 'event',
    'event.sequence': 1,
    'event.dataset': 'syslog',
    'host.name': 'web-1',
    'agent.id': 'agent-1',
    'log.level': 'warning',
    'event.code': 0,
    'event.provider': 'sshd',
    'user.name': 'root',
    'process.pid': 100,
    message: 'Failed password for root from 10.1.2.3 port 22',
    'source.ip': '10.1.2.3',
    'source.port': 4022,
  });
});

test('the newest rows are given, oldest first, or newest first when reversed', () => {
  const all = found('');
  const newest = reader.rows({kind: 'logs', limit: 3});
  expect(newest).toEqual(all.slice(-3));
  expect(reader.rows({kind: 'logs', limit: 3, reverse: true})).toEqual([...newest].reverse());
});

test('rows may be read one by one, and are the same', () => {
  for (const limit of [1, 3, 4, 100]) {
    const request = {kind: 'logs', limit} as const;
    expect([...reader.iterate(request)]).toEqual(reader.rows(request));
  }
});

test('since is within, until is not', () => {
  const times = reader.rows({kind: 'logs', since: start + minute, until: start + 3 * minute, limit: 99});
  expect(times.map(row => row['@timestamp'])).toEqual([isoTime(start + minute), isoTime(start + 2 * minute)]);
});

test('following gives rows in store order from the oldest on, late ones too, and loses none at the limit', () => {
  const late = reader.rows({kind: 'logs', afterSeq: 3, limit: 2});
  expect(late.map(row => row['event.sequence'])).toEqual([4, 5]);
  expect(reader.newestSequence('logs')).toBe(8);
});

test('what a person writes finds what a person means', () => {
  expect(messages('level>=warning source:sshd')).toHaveLength(3);
  expect(messages('-user:root source:sshd')).toEqual([
    'Accepted password for bob from 192.168.7.9',
    'Connection closed',
  ]);
  expect(messages('"failed password"')).toHaveLength(2);
  expect(messages('"password failed"')).toEqual([]);
  expect(messages('fail')).toEqual([]);
  expect(messages('fail*')).toHaveLength(2);
  expect(messages('src.ip:10.0.0.0/8')).toHaveLength(2);
  expect(messages('src.ip:2001:db8::/32')).toEqual(['connection from afar']);
  expect(messages('source.port>5000')).toEqual(['connection from afar']);
  expect(messages('winlog.channel:security')).toEqual(['An account was logged on']);
  expect(messages('host:web*')).toHaveLength(7);
  expect(messages('code:4624,4625')).toEqual(['An account was logged on']);
  expect(messages('user:""')).toHaveLength(5);
  expect(messages('user:*')).toHaveLength(3);
  expect(messages('grüße')).toEqual(['Schöne GRÜSSE, 100% GRÜßE_x']);
});

test('wildcard characters of SQL are plain characters', () => {
  expect(messages('message:"*100%*"')).toEqual([]);
  expect(messages('message:*100%*')).toEqual(['Schöne GRÜSSE, 100% GRÜßE_x']);
  expect(messages('message:*1_0*')).toEqual([]);
});

test('alerts carry their own fields, then those of the event', () => {
  expect(found('level>=high status:open', 'alerts')).toEqual([
    expect.objectContaining({
      'event.id': 'aa'.repeat(16),
      'event.kind': 'alert',
      'rule.id': 'auth.failed.burst',
      'threat.technique.id': ['T1110', 'T1110.001'],
      'event.count': 12,
      'source.ip': '10.1.2.3',
      message: 'Failed password for root',
    }),
  ]);
  expect(found('technique:T1110.001 src.ip:10.0.0.0/8 log.level:warning', 'alerts')).toHaveLength(1);
  expect(found('technique:T9*', 'alerts')).toEqual([]);
});

test('an alert or flow that lasts is found in every period it touches', () => {
  const touching = (since: number, until: number) => reader.rows({kind: 'alerts', since, until, limit: 9}).length;
  expect(touching(start + 2 * minute, start + 3 * minute)).toBe(1);
  expect(touching(start - hour, start)).toBe(0);
});

test('flows and metrics are asked by their own columns', () => {
  expect(found('dst.port:443 src.ip:10.0.0.0/8 bytes>1000 ended:true', 'flows')).toHaveLength(1);
  expect(found('dst.port:443 -ended:true', 'flows')).toHaveLength(0);
  expect(found('name:cpu.* value>=50 host:web-1', 'metrics')).toHaveLength(1);
});

test('counts go by field and by bucket, anomalies by what they stand for', () => {
  expect(reader.count({kind: 'logs', by: ['level'], limit: 9})).toEqual([
    {keys: ['warning'], count: 4},
    {keys: ['information'], count: 3},
    {keys: ['error'], count: 1},
  ]);
  expect(reader.count({kind: 'logs', by: ['source', 'src.ip'], where: parse('src.ip:*'), limit: 9})).toEqual([
    {keys: ['sshd', '10.1.2.3'], count: 2},
    {keys: ['nginx', '2001:db8::5'], count: 1},
  ]);
  expect(reader.count({kind: 'logs', by: [], every: 5 * minute, limit: 9})).toEqual([
    {bucket: start, keys: [], count: 5},
    {bucket: start + 5 * minute, keys: [], count: 3},
  ]);
  expect(reader.count({kind: 'anomalies', by: ['category'], limit: 9})).toEqual([{keys: ['System Log'], count: 4012}]);
});

test('a bucket begins at the origin asked for, also for times before it', () => {
  const origin = start + 3 * minute;
  const counts = reader.count({kind: 'logs', by: [], every: 4 * minute, origin, limit: 9});
  expect(counts.map(row => row.bucket)).toEqual([origin - 4 * minute, origin, origin + 4 * minute]);
});

test('holdings tell how much is stored, from when to when', () => {
  expect(reader.holdings('logs')).toEqual({rows: 8, oldest: start, newest: start + 7 * minute});
  expect(reader.holdings('logs', start + minute, start + 3 * minute)).toMatchObject({rows: 2});
  expect(reader.holdings('logs', start + hour)).toEqual({rows: 0});
});

test('an alert is found by the beginning of its id, with its changes', () => {
  const alert = reader.alert('AAAA');
  expect(alert?.group).toMatchObject({rule: 'auth.failed.burst', host: 'web-1', techniques: ['T1110', 'T1110.001']});
  expect(alert?.changes).toEqual([
    {alert: 'aa'.repeat(16), time: start + 9, actor: 'ann', action: 'comment', note: 'mine'},
  ]);
  expect(reader.alert('bb')).toBeUndefined();
  expect(() => reader.alert('a')).toThrow(/begins with a, got 2/);
});

test("a statement of the user's own may read and nothing else", () => {
  expect(reader.sql('select count(*) as n from log', 10)).toEqual({columns: ['n'], rows: [{n: 8}]});
  expect(reader.sql("with a as (select 'delete from; x' as t) select t from a;", 10).rows).toHaveLength(1);
  expect(reader.sql('select seq from log', 2).rows).toHaveLength(2);
  for (const wrong of [
    'delete from log',
    'select 1; delete from log',
    'pragma journal_mode=delete',
    '',
    "attach 'x' as y",
  ])
    expect(() => reader.sql(wrong, 1)).toThrow(/^Expected/);
  expect(() => reader.sql('with a as (select 1) delete from log', 1)).toThrow(/DELETE/);
  expect(() => reader.sql('select nowhere', 1)).toThrow(/no such column/);
});

test('a text is found the same way with the full-text index, without it, and by matches', async () => {
  const many = await fixture();
  try {
    insertStream(many);
    const app = many.name('app');
    many.database.exec(`WITH RECURSIVE i (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n < 59999)
      INSERT INTO log SELECT n + 1, n, n, 1, n, 6, 0, ${app}, ${app}, NULL, NULL,
        CASE WHEN n % 10000 = 7 THEN 'rare Word' || (n / 10000 % 3) ELSE 'line ' || n END, NULL FROM i`);
    many.index(1, 60_000);
    const indexed = new SqlReader(many.database);
    const hits = indexed.rows({kind: 'logs', where: parse('"rare word1" or rare word2*'), limit: 100});
    expect(hits.map(row => row.message)).toEqual(['rare Word1', 'rare Word2', 'rare Word1', 'rare Word2']);
  } finally {
    many.remove();
  }
});

const sqlite = spawnSync('sqlite3', ['--version']).status === 0;
(sqlite ? test : test.skip)('the sqlite3 shell gives the same rows (skipped where there is none)', () => {
  const shell = (sql: string) =>
    execFileSync('sqlite3', ['-readonly', store.path, sql], {encoding: 'utf8'}).trim().split('\n');
  const pairs = [
    ['level>=warning source:sshd', "l.level <= 4 and n.text = 'sshd'"],
    ['-user:root host:web*', "coalesce(u.text, '') <> 'root' and h.text like 'web%'"],
    ['pid>=102 or message:*closed*', "l.pid >= 102 or l.message like '%closed%'"],
    ['source.port<5000', 'cast(json_extract(l.fields, \'$."source.port"\') as int) < 5000'],
  ] as const;
  for (const [expression, where] of pairs)
    expect(found(expression).map(row => String(row['event.sequence']))).toEqual(
      shell(
        `select l.seq from log l join name n on n.id = l.provider join name h on h.id = l.host left join name u on u.id = l.user where ${where} order by l.time, l.seq`,
      ),
    );
});

test('SQL and memory agree on every expression', () => {
  const random = seeded(42);
  const kinds = ['logs', 'alerts', 'anomalies', 'flows', 'metrics'] as const;
  const all = new Map(kinds.map(kind => [kind, found('', kind)]));
  let hits = 0;
  for (let round = 0; round < 1500; round++) {
    const kind = pick(kinds, random);
    const text = randomExpression(kind, random, 3);
    const expression = parse(text);
    if (!expression) continue;
    const expected = all.get(kind)?.filter(row => matches(expression, row, kind));
    hits += expected?.length ?? 0;
    expect({text, rows: found(text, kind).map(row => row['event.sequence'])}).toEqual({
      text,
      rows: expected?.map(row => row['event.sequence']),
    });
  }
  expect(hits).toBeGreaterThan(1000);
});

test('sql.js gives the same answers', async () => {
  const other = await fixture(true, 'sql.js');
  try {
    fill(other);
    const asked = new SqlReader(other.database, () => ({now: start + hour, utc: true}));
    for (const [kind, text] of [
      ['logs', 'level>=warning source:s* src.ip:10.0.0.0/8 "failed password"'],
      ['logs', 'labels.size>1 or grüße or -user:*'],
      ['alerts', 'technique:T1110 src.ip:10.1.2.3'],
      ['metrics', 'value>0.2'],
      ['flows', ''],
    ] as const) {
      const request = {kind, where: parse(text), limit: 100};
      expect(asked.rows(request)).toEqual(reader.rows(request));
      expect([...asked.iterate(request)]).toEqual(reader.rows(request));
    }
    const counted = {kind: 'logs', by: ['level', 'src.ip'], every: 5 * minute, limit: 100} as const;
    expect(asked.count(counted)).toEqual(reader.count(counted));
    expect(asked.sql('select count(*) as n from log', 1).rows).toEqual([{n: 8}]);
  } finally {
    other.remove();
  }
});

function randomExpression(kind: StoredKind, random: () => number, depth: number): string {
  const roll = random();
  const inner = () => randomExpression(kind, random, depth - 1);
  if (depth > 0 && roll < 0.2) return `(${inner()} or ${inner()})`;
  if (depth > 0 && roll < 0.45) return `${inner()} ${inner()}`;
  if (depth > 0 && roll < 0.6) return `not ${inner()}`;
  if (roll < 0.7) return pick(texts, random);
  const [name, values, ordered] = pick([...vocabulary[kind], ...vocabulary.every], random);
  const comparison = pick(comparisons[String(ordered)] ?? [], random);
  const value = pick(values, random);
  return comparison.length === 1 && /[:=]/.test(comparison) && random() < 0.2
    ? `${name}:${value},${pick(values, random)}`
    : `${name}${comparison}${value}`;
}

const comparisons: Readonly<Record<string, readonly string[]>> = {
  true: ['=', '!=', '<', '<=', '>', '>='],
  false: [':', '=', '!='],
  times: ['<', '<=', '>', '>='],
};

/** Kinds whose rows have a store sequence number. */
type StoredKind = Exclude<QueryKind, 'traffic'>;

type Vocabulary = readonly (readonly [name: string, values: readonly string[], ordered?: boolean | 'times'])[];

const texts = [
  'failed',
  'fail*',
  '"password for"',
  'PASSWORD',
  '"grüße"',
  'Word',
  '"->"',
  '10.1.2.3',
  'connection',
  'k',
  'cpu',
];
const addresses = [
  '10.0.0.0/8',
  '10.1.2.3',
  '10.1.2.0/30',
  '0.0.0.0/0',
  '2001:db8::/32',
  '::/0',
  '10.*',
  '*',
  '""',
  '192.168.0.0/16',
  '::ffff:10.1.2.3',
];
const vocabulary: Readonly<Record<StoredKind | 'every', Vocabulary>> = {
  every: [
    ['seq', ['3', '5', '*', '1?'], false],
    ['seq', ['3', '5', '1e1', '-1'], true],
    ['time', ['2026-11-22T10:03:00Z', '"2026-11-22 10:05"', '@1700000000'], 'times'],
  ],
  logs: [
    ['level', ['warning', 'err*', 'information', '*'], false],
    ['level', ['warning', 'error', 'debug'], true],
    ['source', ['sshd', 'SSHD', 's*', '?shd', '*d', '"s*"', '*', '""', 'ünï*'], false],
    ['source', ['nginx', 'T', 'ü'], true],
    ['user', ['root', 'r*', '*', '""', 'BOB'], false],
    ['pid', ['100', '10*', '*', '""'], false],
    ['pid', ['100', '101.5', '103'], true],
    ['host', ['web*', 'db-1', '""'], false],
    ['message', ['*password*', '*%*', '*_x', '*GRÜß*', '""', '*', '?onnection*', 'connection?closed'], false],
    ['src.ip', addresses, false],
    ['src.port', ['4022', '40*', '*', '""', '70000'], false],
    ['src.port', ['4022', 'x'], true],
    ['winlog.channel', ['Security', 'sec*', '""', '*'], false],
    ['labels.flag', ['true', 't*', '*', 'false'], false],
    ['labels.size', ['1.5', '1.50', '1', '*'], false],
    ['labels.size', ['1', '2', 'a'], true],
    ['event.id', ['*', 'a*', '""', '*0*'], false],
    ['dataset', ['syslog', 'sys*', '*'], false],
    ['agent.id', ['AGENT-1', 'x'], false],
    ['event.kind', ['event', 'x'], false],
  ],
  alerts: [
    ['level', ['high', 'low', 'c*'], false],
    ['level', ['medium', 'info'], true],
    ['technique', ['T1110', 't1110*', '*', '""'], false],
    ['status', ['open', 'clos*'], false],
    ['historical', ['true', 'false', '*'], false],
    ['count', ['12', '1*'], false],
    ['src.ip', addresses, false],
    ['log.level', ['warning', 'error'], true],
    ['user', ['root', '""'], false],
    ['entity', ['10.1.2.3', '10*'], false],
  ],
  anomalies: [
    ['level', ['high', 'low'], true],
    ['rule', ['auth*', '*', '""'], false],
    ['host', ['web-1', '""'], false],
    ['count', ['4000', '12'], true],
  ],
  flows: [
    ['src.ip', addresses, false],
    ['dst.port', ['443', '4*', '*', '53'], false],
    ['bytes', ['1000', '2000'], true],
    ['ended', ['true', 'false', '*'], false],
    ['ended', ['f', 'u'], true],
    ['service', ['https', '""', '*'], false],
    ['host', ['web-1', 'web*'], false],
  ],
  metrics: [
    ['name', ['cpu*', 'memory.used', '*'], false],
    ['value', ['12.5', '75', '50'], true],
    ['value', ['1*', '*.5', '75'], false],
    ['unit', ['percent', '""'], false],
  ],
};

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Line {
  level?: number;
  code?: number;
  provider?: string;
  host?: string;
  user?: string;
  pid?: number;
  message: string;
  fields?: Record<string, string | number | boolean>;
}

function insertLog(into: Fixture, seq: number, line: Line): void {
  const time = start + (seq - 1) * minute;
  into.insert('log', {
    seq,
    time,
    ingested: time,
    stream: 1,
    position: seq - 1,
    level: line.level ?? 6,
    code: line.code ?? 0,
    provider: into.name(line.provider ?? 'app'),
    host: into.name(line.host ?? 'web-1'),
    user: line.user === undefined ? null : into.name(line.user),
    pid: line.pid ?? null,
    message: line.message,
    fields: line.fields ? JSON.stringify(line.fields) : null,
  });
}

function insertStream(into: Fixture): void {
  into.insert('stream', {
    id: 1,
    agent: 'agent-1',
    host: 'web-1',
    source: 'file:/var/log/auth.log',
    epoch: 'e1',
    dataset: 'syslog',
  });
}

function fill(into: Fixture): void {
  insertStream(into);
  const lines: Line[] = [
    {
      level: 4,
      provider: 'sshd',
      user: 'root',
      pid: 100,
      message: 'Failed password for root from 10.1.2.3 port 22',
      fields: {'source.ip': '10.1.2.3', 'source.port': 4022},
    },
    {
      level: 4,
      provider: 'sshd',
      user: 'root',
      pid: 101,
      message: 'failed password for root',
      fields: {'source.ip': '10.1.2.3', 'source.port': '4022'},
    },
    {
      provider: 'sshd',
      user: 'bob',
      pid: 102,
      message: 'Accepted password for bob from 192.168.7.9',
      fields: {'labels.flag': true, 'labels.size': 1.5},
    },
    {level: 4, provider: 'sshd', pid: 103, message: 'Connection closed'},
    {
      level: 4,
      provider: 'nginx',
      message: 'connection from afar',
      fields: {'source.ip': '2001:db8::5', 'source.port': 50000, 'labels.size': 'a'},
    },
    {
      code: 4624,
      provider: 'Security-Auditing',
      message: 'An account was logged on',
      fields: {'winlog.channel': 'Security'},
    },
    {level: 3, provider: 'ünïcode', host: 'db-1', message: 'Schöne GRÜSSE, 100% GRÜßE_x'},
    {message: '\u212a -> 10.1.2.3', fields: {'labels.flag': false, 'labels.size': '2'}},
  ];
  for (const [index, line] of lines.entries()) insertLog(into, index + 1, line);
  fillAlerts(into);
  fillFlowsAndMetrics(into);
}

function fillAlerts(into: Fixture): void {
  const alert = {
    id: 'aa'.repeat(16),
    seq: 20,
    first: start + minute,
    last: start + 5 * minute,
    updated: start + 5 * minute,
    host: into.name('web-1'),
    agent: 'agent-1',
    rule: 'auth.failed.burst',
    rule_name: 'Many failed logins',
    level: 'high',
    level_rank: 3,
    category: 'System Log',
    entity: '10.1.2.3',
    reason: '12 failed logins within ten minutes',
    count: 12,
    techniques: JSON.stringify(['T1110', 'T1110.001']),
    historical: 0,
    status: 'open',
    provider: 'sshd',
    code: 0,
    event: JSON.stringify({
      'event.id': 'ff',
      'log.level': 'warning',
      'source.ip': '10.1.2.3',
      message: 'Failed password for root',
    }),
  };
  into.insert('alert', alert);
  into.insert('alert', {
    ...alert,
    id: `ab${'0'.repeat(30)}`,
    seq: 21,
    first: start + 20 * minute,
    last: start + 30 * minute,
    level: 'low',
    techniques: '[]',
    status: 'closed',
    historical: 1,
    event: '{}',
    entity: 'cpu',
  });
  into.insert('alert_change', {
    seq: 22,
    alert: alert.id,
    time: start + 9,
    actor: 'ann',
    action: 'comment',
    verdict: null,
    note: 'mine',
  });
  const anomaly = {
    minute: start,
    code: 0,
    category: 'System Log',
    level: 'high',
    provider: 'sshd',
    message: '12 failed logins',
  };
  into.insert('anomaly', {...anomaly, seq: 23, alert: alert.id, time: start + 2, count: 12});
  into.insert('anomaly', {...anomaly, seq: 24, alert: 'gone', time: start + 3, count: 4000, level: 'low'});
}

function fillFlowsAndMetrics(into: Fixture): void {
  const flow = {
    time: start,
    last: start + minute,
    ingested: start,
    stream: 1,
    ended: 1,
    transport: 'tcp',
    service: 'https',
    source_ip: '10.1.2.3',
    source_port: 52404,
    source_mac: '02:00:00:00:00:01',
    destination_ip: '192.0.2.1',
    destination_port: 443,
    destination_mac: '02:00:00:00:00:02',
    interface: 'eth0',
    vlan: 0,
    packets_out: 5,
    bytes_out: 900,
    packets_in: 6,
    bytes_in: 1100,
    state: 'SF',
    history: 'ShAD',
  };
  into.insert('flow', {...flow, seq: 30, position: 1});
  into.insert('flow', {
    ...flow,
    seq: 31,
    position: 2,
    source_ip: '::ffff:10.1.2.2',
    destination_port: 53,
    service: '',
    ended: 0,
    bytes_in: 10,
  });
  into.insert('series', {id: 1, stream: 1, name: 'cpu.total', unit: 'percent'});
  into.insert('series', {id: 2, stream: 1, name: 'memory.used', unit: ''});
  into.insert('metric', {seq: 40, time: start, ingested: start, series: 1, position: 1, value: 75, max: 99});
  into.insert('metric', {seq: 41, time: start + 1, ingested: start, series: 1, position: 2, value: 12.5, max: 99});
  into.insert('metric', {
    seq: 42,
    time: start + 2,
    ingested: start,
    series: 2,
    position: 1,
    value: 0.1 + 0.2,
    max: 1e21,
  });
}
