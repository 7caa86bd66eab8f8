import {spawnSync} from 'node:child_process';
import {closeSync, existsSync, mkdirSync, openSync, readdirSync, statSync, writeFileSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {
  alert,
  batch,
  flow,
  log,
  logs,
  metric,
  noon,
  origin,
  removeTemporaryFolders,
  storeSettings,
  temporaryFolder,
} from '../../tests/support/store-fixture.ts';
import type {Settings} from '../config/settings.ts';
import {day, hour} from '../event/clock.ts';
import type {SqlRow} from './engine.ts';
import {databasePath} from './folder.ts';
import {openDatabase} from './open-database.ts';
import type {StoreBatch, StoreError} from './sink.ts';
import {openWriter, type StoreWriter} from './writer.ts';

let open: StoreWriter[] = [];

afterEach(() => {
  for (const writer of open) writer.close();
  open = [];
  removeTemporaryFolders();
});

describe.each(['auto', 'sql.js'] as const)('with engine %s', engine => {
  const start = async (folder: string, changes: Partial<Settings['store']> = {}, clock = () => noon) => {
    const writer = await openWriter(folder, storeSettings({engine, ...changes}), clock);
    open.push(writer);
    return writer;
  };
  const stop = (writer: StoreWriter) => {
    writer.close();
    open = open.filter(other => other !== writer);
  };
  const ask = async (folder: string, sql: string): Promise<SqlRow[]> => {
    const database = await openDatabase(databasePath(folder), {mode: 'read', engine});
    const rows = database.prepare(sql).all();
    database.close();
    return rows.map(row => ({...row}));
  };

  test('known events are ignored and counted exactly, event by event, also within one batch', async () => {
    const writer = await start(temporaryFolder());
    writer.write(batch({events: logs(0, 40)}));
    const other = log(7, {origin: {...origin, source: 'journald'}});
    const result = writer.write(batch({events: [...logs(30, 20), log(49), other, metric(1, 5), metric(1, 6)]}));
    expect([result.stored, result.duplicate]).toEqual([12, 12]);
    const isNew = Array.from(result.sequences, sequence => sequence > 0);
    expect(isNew).toEqual([...Array(10).fill(false), ...Array(10).fill(true), false, true, true, false]);
    expect(writer.stats().logs).toBe(51);
  });

  test('hourly totals count what was stored once, and not duplicates', async () => {
    const writer = await start(temporaryFolder());
    const events = [log(1), log(2, {level: 4, provider: 'cron', code: 17}), log(3, {time: noon + hour})];
    writer.write(batch({events}));
    writer.write(batch({events, tallies: [{hour: noon, dimension: 'protocol', value: 'TCP', count: 9}]}));
    writer.write(batch({anomalies: [anomalyRow(3), anomalyRow(4)]}));
    const totals = writer.tallies(noon).filter(row => row.hour === noon);
    expect(totals.map(row => `${row.dimension} ${row.value} ${row.count}`).sort()).toEqual([
      'anomalies all 7',
      'anomaly-type System Log 7',
      'event-id 0 1',
      'event-id 17 1',
      'level information 1',
      'level warning 1',
      'protocol TCP 9',
      'source cron 1',
      'source sshd 1',
    ]);
    expect(writer.tallies(noon + hour).map(row => row.value)).toEqual(['0', 'information', 'sshd']);
  });

  test('values that an attacker makes up do not fill the totals', async () => {
    const writer = await start(temporaryFolder());
    const events = Array.from({length: 1_200}, (_, n) => log(n, {time: noon, provider: `made-up-${n}`}));
    writer.write(batch({events: events.slice(0, 600)}));
    writer.write(batch({events: events.slice(600)}));
    const sources = writer.tallies(noon).filter(row => row.dimension === 'source');
    expect(sources).toHaveLength(1_001);
    expect(sources.find(row => row.value === '(other)')?.count).toBe(200);
  });

  test("a flow's later report replaces the earlier one", async () => {
    const folder = temporaryFolder();
    const writer = await start(folder);
    writer.write(batch({events: [flow(1)]}));
    const result = writer.write(batch({events: [flow(1, {ended: true, bytesIn: 900, state: 'SF'})]}));
    expect(result.stored).toBe(1);
    expect(await ask(folder, 'SELECT source_ip, destination_port, bytes_in, state, ended FROM flows')).toEqual([
      {source_ip: '10.0.0.5', destination_port: 443, bytes_in: 900, state: 'SF', ended: 1},
    ]);
  });

  test('alerts are kept by id, their status follows their changes, findings of a minute add up', async () => {
    const folder = temporaryFolder();
    const writer = await start(folder);
    writer.write(batch({alerts: [alert('a1'), alert('a2')], anomalies: [anomalyRow(3)]}));
    const change = {alert: 'a1', time: noon, actor: 'eve', action: 'acknowledge'} as const;
    writer.write(batch({changes: [change]}));
    writer.write(batch({alerts: [alert('a1', {count: 20, last: noon + 5})], anomalies: [anomalyRow(4)]}));
    expect(writer.loadAlerts(noon, 10).map(group => [group.id, group.status, group.count])).toEqual([
      ['a2', 'open', 12],
      ['a1', 'acknowledged', 20],
    ]);
    expect(writer.loadAlerts(noon, 10)[0]).toEqual(alert('a2'));
    expect(writer.alertTotals()).toEqual({open: 1, acknowledged: 1, closed: 0, findings: 32});
    expect(await ask(folder, 'SELECT alert, count, anomaly_type, timestamp FROM anomalies')).toEqual([
      {alert: 'a1', count: 7, anomaly_type: 'System Log', timestamp: '2026-11-22T12:00:00.000000Z'},
    ]);
  });

  test('positions, states and the sequence go on after a restart', async () => {
    const folder = temporaryFolder();
    const first = await start(folder);
    first.write(
      batch({
        events: logs(0, 3),
        positions: [{source: origin.source, position: {offset: 42}}],
        states: [{key: 'drain', value: {templates: [1, 2]}}],
        gaps: [{source: 'syslog', gap: {from: noon - 5, to: noon, reason: 'not listening'}}],
      }),
    );
    const {sequence} = first;
    stop(first);
    const second = await start(folder);
    expect(second.positions().get(origin.source)).toEqual({offset: 42});
    expect(second.states().get('drain')).toEqual({templates: [1, 2]});
    expect([second.sequence, second.stats().logs]).toEqual([sequence, 3]);
    expect(second.write(batch({events: logs(0, 4)}))).toMatchObject({stored: 1, duplicate: 3});
    expect(second.sequence).toBeGreaterThan(sequence);
  });

  test('a reader sees what was just written, with readable names', async () => {
    const folder = temporaryFolder();
    const writer = await start(folder);
    writer.write(batch({events: [log(1)]}));
    const reader = await openDatabase(databasePath(folder), {mode: 'read', engine});
    const statement = reader.prepare(
      'SELECT message, level, source, host, user, pid, timestamp FROM logs ORDER BY seq',
    );
    expect(statement.all()).toHaveLength(1);
    writer.write(batch({events: [log(2, {level: 3, user: 'root', pid: 77, message: 'grüße', time: noon + 1})]}));
    expect({...statement.all()[1]}).toEqual({
      message: 'grüße',
      level: 'error',
      source: 'sshd',
      host: 'web1',
      user: 'root',
      pid: 77,
      timestamp: '2026-11-22T12:00:00.000001Z',
    });
    expect(() => reader.exec('DELETE FROM log')).toThrow(/readonly/);
    reader.close();
  });

  test('a batch that fails is not stored at all, and the next one is', async () => {
    const folder = temporaryFolder();
    const writer = await start(folder);
    const broken = {...log(5), message: undefined} as unknown as StoreBatch['events'][number];
    expect(() => writer.write(batch({events: [...logs(0, 5), broken], anomalies: [anomalyRow(1)]}))).toThrow();
    expect(writer.write(batch({events: logs(0, 6)}))).toMatchObject({stored: 6, duplicate: 0});
    expect(writer.tallies(noon).find(row => row.dimension === 'level')?.count).toBe(6);
    expect(writer.stats().logs).toBe(6);
    expect(await ask(folder, 'SELECT count(*) AS n FROM logs')).toEqual([{n: 6}]);
  });

  test('rows beyond the size limit go, the oldest first, while the newest and the alerts stay', async () => {
    const folder = temporaryFolder();
    const writer = await start(folder, {max_megabytes: 16, sqljs_megabytes: 8});
    writer.write(batch({alerts: [alert('a1')], changes: [], events: [flow(1), metric(1, 1)]}));
    const limit = (writer.stats().engine === 'sql.js' ? 8 : 16) * 1_048_576;
    const text = 'word '.repeat(100);
    let deleted = 0;
    for (let at = 0; at < 40_000; at += 1_000) {
      writer.write(batch({events: logs(at, 1_000).map(event => ({...event, message: text}))}));
      deleted += retain(writer, noon);
      if (writer.stats().engine !== 'sql.js') expect(writer.stats().bytes).toBeLessThan(limit);
    }
    expect(writer.stats().logs + deleted).toBe(40_002);
    const [log] = await ask(
      folder,
      'SELECT count(*) AS n, max(position) AS newest, max(seq) - min(seq) AS span FROM log',
    );
    expect(log).toEqual({n: writer.stats().logs, newest: 39_999, span: writer.stats().logs - 1});
    expect(writer.loadAlerts(0, 10)).toHaveLength(1);
    stop(writer);
    expect(statSync(databasePath(folder)).size).toBeLessThan(limit);
  });

  test('rows older than the limit by the time they were stored go, and the file shrinks', async () => {
    const folder = temporaryFolder();
    let now = noon;
    const writer = await start(folder, {max_megabytes: 32}, () => now);
    const change = {alert: 'a1', time: noon, actor: 'eve', action: 'comment', note: 'seen'} as const;
    // Events of last year count from now on.
    const old = logs(0, 20_000).map(event => ({...event, time: event.time - 365 * day}));
    writer.write(batch({events: old, alerts: [alert('a1')], changes: [change], anomalies: [anomalyRow(1)]}));
    now += 29 * day;
    expect(retain(writer, now)).toBe(0);
    writer.write(batch({events: logs(20_000, 10), alerts: [alert('a2')]}));
    const before = writer.stats().bytes;
    now += 2 * day;
    expect(retain(writer, now)).toBe(20_002);
    expect(writer.stats().logs).toBe(10);
    expect(await ask(folder, 'SELECT id FROM alerts')).toEqual([{id: 'a2'}]);
    expect(await ask(folder, 'SELECT count(*) AS n FROM alert_change')).toEqual([{n: 0}]);
    expect(await ask(folder, 'SELECT count(*) AS n FROM anomaly')).toEqual([{n: 0}]);
    expect(writer.tallies(0).map(row => row.hour)).not.toContain(noon - 365 * day);
    stop(writer);
    expect(statSync(databasePath(folder)).size).toBeLessThan(before / 3);
  });

  test('rows above the held sequence number stay, whatever the limits say', async () => {
    let now = noon;
    const writer = await start(temporaryFolder(), {}, () => now);
    writer.write(batch({events: logs(0, 100)}));
    const held = writer.sequence;
    writer.write(batch({events: logs(100, 50)}));
    now += 40 * day;
    writer.write(batch({}));
    writer.holdRetention(held);
    expect(retain(writer, now)).toBe(100);
    writer.holdRetention(undefined);
    expect(retain(writer, now)).toBe(50);
  });

  test('a database that is none is set aside with its journal, and a new one begun, in words', async () => {
    const folder = temporaryFolder();
    const first = await start(folder);
    first.write(batch({events: logs(0, 10)}));
    stop(first);
    writeFileSync(databasePath(folder), 'this was a database'.repeat(1_000));
    const second = await start(folder);
    expect(second.takeNotices()).toEqual([
      expect.stringMatching(/damaged .*set aside as .*siem\.db\.damaged-2026-11-22T12/),
    ]);
    expect(second.write(batch({events: logs(0, 3)})).stored).toBe(3);
    expect(readdirSync(folder).filter(name => name.includes('.damaged-'))).toHaveLength(1);
  });

  test('damage found while writing stops writing until the database was replaced', async () => {
    const folder = temporaryFolder();
    const first = await start(folder, {full_text: false});
    first.write(batch({events: logs(0, 2_000)}));
    stop(first);
    const second = await start(folder, {full_text: false});
    if (second.stats().engine === 'sql.js') return;
    const other = await openDatabase(databasePath(folder), {mode: 'write', engine});
    const bytes = Buffer.alloc(statSync(databasePath(folder)).size - 8_192, 0x5a);
    const file = openSync(databasePath(folder), 'r+');
    writeSync(file, bytes, 0, bytes.length, 8_192);
    closeSync(file);
    // What another connection commits makes this one forget the pages it remembers.
    other.exec('PRAGMA application_id = 7');
    expect(() => second.write(batch({events: logs(2_000, 2_000)}))).toThrow(expect.objectContaining({code: 'damaged'}));
    expect(() => second.write(batch({events: logs(0, 1)}))).toThrow(expect.objectContaining({code: 'damaged'}));
    other.close();
    await second.recover();
    expect(second.write(batch({events: logs(2_000, 2_000)})).stored).toBe(2_000);
    expect(second.takeNotices().join()).toContain('set aside');
  });

  test('a database of a later version is refused and left alone', async () => {
    const folder = temporaryFolder();
    const first = await start(folder);
    first.write(batch({events: logs(0, 10)}));
    stop(first);
    const database = await openDatabase(databasePath(folder), {mode: 'write', engine});
    database.exec('PRAGMA user_version = 99');
    database.close();
    const refused = start(folder);
    await expect(refused).rejects.toMatchObject({code: 'newer', mend: expect.stringContaining('newer siem')});
    expect(readdirSync(folder).filter(name => name.includes('damaged'))).toEqual([]);
    expect(await ask(folder, 'SELECT count(*) AS n FROM log')).toEqual([{n: 10}]);
  });

  test('a second monitor on the same folder is refused, and let in when the first has ended', async () => {
    const folder = temporaryFolder();
    const first = await start(folder);
    const error = await start(folder).catch((reason: StoreError) => reason);
    expect(error).toMatchObject({code: 'busy', message: expect.stringContaining(`process ${process.pid}`)});
    stop(first);
    expect((await start(folder)).write(batch({events: logs(0, 1)})).stored).toBe(1);
  });

  test('folder and files are for their owner only', async () => {
    const folder = join(temporaryFolder(), 'made', 'here');
    const writer = await start(folder);
    writer.write(batch({events: logs(0, 10)}));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const loose = readdirSync(folder).filter(name => (statSync(join(folder, name)).mode & 0o077) !== 0);
    expect(loose).toEqual([]);
    stop(writer);
    expect(statSync(databasePath(folder)).mode & 0o777).toBe(0o600);
  });

  test("counts agree with the sqlite3 shell's", async () => {
    if (spawnSync('sqlite3', ['--version']).error) {
      console.warn('skipped: no sqlite3 program here to compare with');
      return;
    }
    const folder = temporaryFolder();
    const writer = await start(folder);
    const random = seeded(20261122);
    const seen = new Set<number>();
    for (let round = 0; round < 20; round++) {
      const events = Array.from({length: 50}, () => log(Math.floor(random() * 500), {level: random() < 0.2 ? 4 : 6}));
      const known = events.filter(event => seen.has(event.position) || !seen.add(event.position)).length;
      expect(writer.write(batch({events}))).toMatchObject({stored: 50 - known, duplicate: known});
    }
    stop(writer);
    const shell = (sql: string) => spawnSync('sqlite3', [databasePath(folder), sql], {encoding: 'utf8'}).stdout.trim();
    expect(shell('SELECT count(*), count(DISTINCT position) FROM log')).toBe(`${seen.size}|${seen.size}`);
    expect(shell("SELECT sum(count) FROM tally WHERE dimension = 'level'")).toBe(String(seen.size));
    expect(shell("SELECT count(*) FROM logs WHERE level = 'warning'")).toBe(
      shell("SELECT count FROM tally WHERE dimension = 'level' AND value = 'warning'"),
    );
  });
});

test('either engine goes on where the other was killed', async () => {
  const folder = temporaryFolder();
  for (const [round, engine] of (['auto', 'sql.js', 'auto', 'sql.js'] as const).entries()) {
    const writer = await openWriter(folder, storeSettings({engine}), () => noon);
    expect(writer.write(batch({events: logs(0, 10 + round)})).duplicate).toBe(round === 0 ? 0 : 9 + round);
    writer.close();
  }
  const native = await openWriter(folder, storeSettings(), () => noon);
  open.push(native);
  expect(native.stats().logs).toBe(13);
  if (!native.stats().fullText) return;
  const reader = await openDatabase(databasePath(folder), {mode: 'read', engine: 'auto'});
  const found = reader.prepare(
    'SELECT count(*) AS n FROM log WHERE seq IN (SELECT rowid FROM log_text WHERE log_text MATCH ?)',
  );
  expect(found.get('accepted AND password')?.n).toBe(13);
  reader.close();
});

test('the full-text index finds words over all its parts, and follows the setting', async () => {
  const folder = temporaryFolder();
  const settings = storeSettings({max_megabytes: 16});
  const count = async (words: string) => {
    const reader = await openDatabase(databasePath(folder), {mode: 'read', engine: 'auto'});
    const found = reader.prepare(
      'SELECT count(*) AS n FROM log WHERE seq IN (SELECT rowid FROM log_text WHERE log_text MATCH ?)',
    );
    const n = found.get(words)?.n;
    reader.close();
    return n;
  };
  const writer = await openWriter(folder, settings, () => noon);
  if (!writer.stats().fullText) return writer.close();
  for (let at = 0; at < 12_000; at += 1_000) writer.write(batch({events: logs(at, 1_000)}));
  expect(await count('user3 OR user4')).toBe(Math.ceil((12_000 - 3) / 7) + Math.ceil((12_000 - 4) / 7));
  expect(await count('1199*')).toBe(11);
  writer.close();
  (await openWriter(folder, {...settings, full_text: false}, () => noon)).close();
  const tables = await openDatabase(databasePath(folder), {mode: 'read', engine: 'auto'});
  expect(tables.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name LIKE 'log_text%'").get()?.n).toBe(0);
  tables.close();
  (await openWriter(folder, settings, () => noon)).close();
  expect(await count('1199*')).toBe(11);
});

test('a reader is told where a store is missing', async () => {
  const {checkReadable} = await import('./folder.ts');
  expect(() => checkReadable(join(temporaryFolder(), 'none'))).toThrow(/Expected a store at .*found none/);
});

test('a folder that existed keeps its rights', async () => {
  const folder = join(temporaryFolder(), 'shared');
  mkdirSync(folder, {mode: 0o755});
  (await openWriter(folder, storeSettings(), () => noon)).close();
  expect(statSync(folder).mode & 0o777).toBe(0o755);
  expect(existsSync(databasePath(folder))).toBe(true);
});

function anomalyRow(count: number): StoreBatch['anomalies'][number] {
  return {
    alert: 'a1',
    minute: noon,
    time: noon,
    code: 0,
    category: 'System Log',
    level: 'medium',
    provider: 'sshd',
    message: 'failed logins',
    count,
  };
}

function retain(writer: StoreWriter, now: number): number {
  let deleted = 0;
  for (;;) {
    const step = writer.retentionStep(now);
    deleted += step.deleted;
    if (step.done) return deleted;
  }
}

/** Mulberry32: the same numbers each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
