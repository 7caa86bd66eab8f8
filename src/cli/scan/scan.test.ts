import {copyFileSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {findFiles} from './find-files.ts';
import {removeFolders, scanWith, temporaryFolder} from './scan.fixture.ts';

afterEach(removeFolders);

const login = `title: Odd Login
id: 00000000-0000-4000-8000-000000000001
level: medium
tags: [attack.t1078, attack.initial-access]
logsource: {category: application}
detection:
  selection: {action: login, user|startswith: adm}
  condition: selection
`;

const burst = `${login}name: odd_login
---
title: Many Odd Logins
id: 00000000-0000-4000-8000-000000000002
level: high
correlation:
  type: event_count
  rules: [odd_login]
  group-by: [user]
  timespan: 10m
  condition: {gte: 3}
`;

function line(minute: number, user: string, more = ''): string {
  const time = new Date(Date.UTC(2026, 0, 5, 12, minute)).toISOString();
  return `{"@timestamp":"${time}","message":"login of ${user}${more}","action":"login","who":"x","target.user":"${user}"}\n`;
}

/** Fields that this program's own reader keeps for itself are not what a rule asks for, so `user` is a dotted name. */
const rules = (text: string) =>
  text.replaceAll('user|startswith', 'target.user|startswith').replaceAll('[user]', '[target.user]');

function file(folder: string, name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('a hit tells the rule, why, the event, where it stands and the fields that decided', async () => {
  const path = file(temporaryFolder(), 'a.ndjson', line(0, 'adm_bob') + line(1, 'carl'));
  const {records, reports} = await scanWith(rules(login), [path]);
  expect(records).toEqual([
    expect.objectContaining({
      '@timestamp': '2026-01-05T12:00:00.000Z',
      'rule.id': '00000000-0000-4000-8000-000000000001',
      'rule.name': 'Odd Login',
      'rule.level': 'medium',
      'rule.tags': ['attack.t1078', 'attack.initial-access'],
      'threat.technique.id': ['T1078'],
      'event.kind': 'alert',
      'file.path': path,
      message: 'login of adm_bob',
      'sigma.match.action': 'login',
      'sigma.match.target.user': 'adm_bob',
    }),
  ]);
  expect(records[0]?.['event.reason']).toContain('target.user starts with adm (adm_bob)');
  expect(reports).toEqual([expect.objectContaining({events: 2, dropped: {}})]);
});

test('hits of many files are one timeline', async () => {
  const folder = temporaryFolder();
  file(folder, 'late.ndjson', line(9, 'adm_a'));
  file(folder, 'early.ndjson', line(2, 'adm_b') + line(20, 'adm_c'));
  const {records} = await scanWith(rules(login), [folder]);
  expect(records.map(record => record['sigma.match.target.user'])).toEqual(['adm_b', 'adm_a', 'adm_c']);
});

test('a copy of a log, packed or not, gives no hit twice; what stands twice in one log does', async () => {
  const folder = temporaryFolder();
  const text = line(0, 'adm_bob') + line(0, 'adm_bob') + line(3, 'adm_eve');
  const original = file(folder, 'a.ndjson', text);
  copyFileSync(original, join(folder, 'b.ndjson'));
  file(folder, 'c.ndjson.gz', gzipSync(text));
  const {hits} = await scanWith(rules(login), [folder]);
  expect(hits.map(({copies}) => copies)).toEqual([3, 3, 3]);
});

test('a correlation counts the events of all files in the order of time, and copies once', async () => {
  const folder = temporaryFolder();
  file(folder, 'a.ndjson', line(8, 'adm_bob') + line(40, 'adm_bob'));
  file(folder, 'b.ndjson', line(0, 'adm_bob') + line(1, 'adm_eve'));
  file(folder, 'z.ndjson', line(4, 'adm_bob', ' again'));
  copyFileSync(join(folder, 'z.ndjson'), join(folder, 'copy.ndjson'));
  const {records} = await scanWith(rules(burst), [folder]);
  expect(
    records.map(record => [record['rule.name'], record['sigma.group.target.user'], record['event.count']]),
  ).toEqual([['Many Odd Logins', 'adm_bob', 3]]);
  expect(records[0]?.['@timestamp']).toBe('2026-01-05T12:08:00.000Z');
});

test('a correlation that is wanted counts rules that are not', async () => {
  const folder = temporaryFolder();
  file(folder, 'a.ndjson', line(0, 'adm_bob') + line(1, 'adm_bob') + line(2, 'adm_bob'));
  const wanted = await scanWith(rules(burst), [folder], {minLevel: 'high'});
  expect(wanted.records.map(record => record['rule.name'])).toEqual(['Many Odd Logins']);
  const excluded = await scanWith(rules(burst), [folder], {exclude: ['Many *']});
  expect(excluded.records).toEqual([]);
});

test.each([
  [{include: ['odd *']}, 1],
  [{include: ['t1078']}, 1],
  [{include: ['attack.initial-*']}, 1],
  [{include: ['00000000-*']}, 1],
  [{include: ['something else']}, 0],
  [{exclude: ['attack.t1078']}, 0],
  [{minLevel: 'medium'}, 1],
  [{minLevel: 'high'}, 0],
  [{tuning: 'disable "Odd *"'}, 0],
  [{tuning: 'suppress "Odd *" target.user=adm_bob'}, 0],
  [{tuning: 'suppress "Odd *" target.user=eve'}, 1],
  [{tuning: 'level "Odd *" high', minLevel: 'high'}, 1],
] as const)('rules are chosen and tuned: %j', async (choice, hits) => {
  const path = file(temporaryFolder(), 'a.ndjson', line(0, 'adm_bob'));
  expect((await scanWith(rules(login), [path], choice)).records).toHaveLength(hits);
});

test('one damaged file does not keep the others from being read, and is told', async () => {
  const folder = temporaryFolder();
  file(folder, 'a.ndjson', `${line(0, 'adm_bob')}{"broken\n`);
  file(folder, 'b.gz', gzipSync(line(1, 'adm_eve').repeat(2_000)).subarray(0, 60));
  file(folder, 'c.bin', Buffer.from([0, 1, 2, 3]));
  const {records, reports} = await scanWith(rules(login), [folder]);
  expect(records).toHaveLength(1);
  expect(reports.map(({dropped, failure, isUnknown}) => [dropped, failure !== undefined, isUnknown ?? false])).toEqual([
    [{unparsable: 1}, false, false],
    [{}, true, false],
    [{}, false, true],
  ]);
});

test('a folder gives its files at any depth, and says what it leaves out', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'deep', 'deeper'), {recursive: true});
  file(join(folder, 'deep', 'deeper'), 'x.log', 'x\n');
  file(folder, 'rule.yml', 'title: x\n');
  file(folder, 'empty.log', '');
  file(folder, '.hidden', 'x\n');
  const {targets, skipped, failures} = await findFiles([folder]);
  expect(targets.map(({path}) => path)).toEqual([join(folder, 'deep', 'deeper', 'x.log')]);
  expect(Object.fromEntries(skipped)).toEqual({'no log by its name (.yml)': 1, empty: 1, hidden: 1});
  expect(failures).toEqual([]);
  expect((await findFiles([join(folder, 'rule.yml')])).targets).toHaveLength(1);
  expect((await findFiles([join(folder, 'deep', '*', '*.log')])).targets).toHaveLength(1);
  await expect(findFiles([join(folder, 'none')])).rejects.toThrow(/Expected a file or folder at .*none, found none/);
  await expect(findFiles([join(folder, '*.none')])).rejects.toThrow(/Expected files that fit/);
  const both = await findFiles([join(folder, 'none'), folder]);
  expect(both.targets).toHaveLength(1);
  expect(both.failures).toEqual([expect.stringMatching(/none, found none/)]);
});
