import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {coveredByJournal} from './journal-coverage.ts';
import {journalPlace, readJournalRecord} from './journal-entry.ts';
import {parseJournalLine} from './journal-json.ts';
import {journald} from './journald.ts';
import {SourceHarness} from './source-harness.fixture.ts';

const writer = '/usr/lib/systemd/systemd-journal-remote';
const able = existsSync(writer) && spawnSync('journalctl', ['--version']).status === 0;
const withJournal = able ? describe : describe.skip;
if (!able) console.warn('journald tests are skipped: journalctl or systemd-journal-remote is not installed');

const boot = '4ee2a31d9d3948f0a1bf3e1a2b3c4d5e';
const start = Date.UTC(2026, 10, 22, 10) * 1000;

describe('a journal entry', () => {
  const entry = (changes: object = {}) => new Map<string, unknown>(Object.entries({...fields, ...changes}));
  const fields = {
    __CURSOR: `s=abc;i=1f;b=${boot};m=1;t=2;x=3`,
    __REALTIME_TIMESTAMP: String(start),
    _BOOT_ID: boot,
    _HOSTNAME: 'web1',
    PRIORITY: '5',
    SYSLOG_FACILITY: '10',
    SYSLOG_IDENTIFIER: 'sshd',
    _PID: '77',
    _UID: '0',
    _COMM: 'sshd',
    _EXE: '/usr/sbin/sshd',
    _SYSTEMD_UNIT: 'ssh.service',
    _TRANSPORT: 'syslog',
    MESSAGE: 'Failed password for root from 1.2.3.4 port 22 ssh2',
  };

  test('has its place from the cursor', () => {
    expect(journalPlace(entry())).toEqual({cursor: fields.__CURSOR, epoch: 'abc', position: 31, time: start});
    expect(journalPlace(new Map([['MESSAGE', 'x']]))).toBeUndefined();
  });

  test('gives ECS fields and who logged in', () => {
    expect(readJournalRecord(entry(), start)).toEqual({
      time: start,
      level: 5,
      provider: 'sshd',
      host: 'web1',
      pid: 77,
      user: 'root',
      message: fields.MESSAGE,
      fields: {
        'host.boot.id': boot,
        'log.syslog.facility.name': 'authpriv',
        'user.id': '0',
        'process.name': 'sshd',
        'process.executable': '/usr/sbin/sshd',
        'systemd.unit': 'ssh.service',
        'systemd.transport': 'syslog',
        'event.action': 'ssh_login',
        'event.category': 'authentication',
        'event.outcome': 'failure',
        'sshd.method': 'password',
        'source.ip': '1.2.3.4',
        'source.port': 22,
      },
    });
  });

  test('that another program wrote under the name sshd is no login', () => {
    const forged = readJournalRecord(entry({_COMM: 'logger', _EXE: '/usr/bin/logger'}), start);
    expect(forged.fields).not.toHaveProperty('event.category');
    expect(readJournalRecord(entry({_EXE: '/tmp/sshd'}), start).user).toBeUndefined();
  });

  test('may hold bytes, repeated fields and its own fields', () => {
    const changes = {MESSAGE: [97, 0, 27], SYSLOG_IDENTIFIER: ['a', 'b'], MY_FIELD: '\u001b'};
    expect(readJournalRecord(entry(changes), 0)).toMatchObject({
      message: 'a␀␛',
      provider: 'a',
      fields: {'journald.my_field': '␛'},
    });
  });

  test('of the audit transport is an audit record', () => {
    const audit = {_TRANSPORT: 'audit', _AUDIT_TYPE_NAME: 'USER_LOGIN', _AUDIT_ID: '9'};
    const message = 'USER_LOGIN pid=1 msg=\'acct="bob" addr=1.2.3.4 res=failed\'';
    expect(readJournalRecord(entry({...audit, MESSAGE: message}), 5)).toMatchObject({
      provider: 'auditd',
      user: 'bob',
      host: 'web1',
      time: 5,
      fields: {'source.ip': '1.2.3.4', 'auditd.sequence': 9},
    });
  });

  test.each([
    {A: 'x', B: 'a":"b', C: '\\', D: ''},
    {A: 'tab\t"quoted" \\" and ü \u001b', B: '","B":"'},
    {A: [1, 2], B: ['x', 'y'], C: null},
    {A: 'x', 'odd name': 'y'},
  ])('is the same whichever way its line %j is read', fields => {
    const record = parseJournalLine(JSON.stringify(fields));
    expect(record && Object.fromEntries(record)).toEqual(fields);
  });

  test('that is cut short or no object is none', () => {
    const line = JSON.stringify({A: 'x"y', B: 'z'});
    for (let length = 0; length < line.length; length++) {
      expect(parseJournalLine(line.slice(0, length))).toBeUndefined();
    }
    expect(parseJournalLine(`${line}x`)).toBeUndefined();
  });
});

withJournal('journald', () => {
  let folder = '';
  let harness = new SourceHarness();
  let written = 0;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'siem-journal-'));
    harness = new SourceHarness();
    written = 0;
  });

  afterEach(async () => {
    await harness.stop().catch(() => {});
    rmSync(folder, {recursive: true, force: true});
  });

  function write(count: number, file = 'system.journal'): void {
    const entries = Array.from({length: count}, () => {
      const time = start + written * 1000;
      return [
        `__REALTIME_TIMESTAMP=${time}`,
        `__MONOTONIC_TIMESTAMP=${written * 1000}`,
        `_BOOT_ID=${boot}`,
        'PRIORITY=6',
        'SYSLOG_IDENTIFIER=app',
        `MESSAGE=entry ${written++}`,
      ].join('\n');
    });
    const text = join(folder, 'entries.export');
    writeFileSync(text, `${entries.join('\n\n')}\n\n`);
    const done = spawnSync(writer, ['-o', join(folder, file), text], {encoding: 'utf8'});
    if (done.status !== 0) throw new Error(done.stderr);
    rmSync(text);
  }

  const seen = (count: number) => harness.until(() => harness.events.length >= count, `${count} entries`);
  const allOnce = () => harness.logs.map(event => event.message).sort();
  const expected = () => Array.from({length: written}, (_, number) => `entry ${number}`).sort();

  test('what is there is read back, then new entries are followed, none of them twice', async () => {
    write(300);
    harness.start(journald({folder}));
    await seen(300);
    await harness.until(() => harness.news.some(news => news.state === 'running'));
    write(5);
    await seen(305);
    expect(allOnce()).toEqual(expected());
    expect(harness.batches[0]?.historical).toBe(true);
    expect(harness.duplicates).toBe(0);
  });

  test('a restart goes on behind the cursor', async () => {
    write(10);
    harness.start(journald({folder}));
    await seen(10);
    await harness.stop();
    write(10);
    harness.start(journald({folder}));
    await seen(20);
    expect(allOnce()).toEqual(expected());
    expect(harness.duplicates).toBe(0);
    expect(harness.gaps).toEqual([]);
  });

  test('a lost cursor falls back to the time before it, and the gap is told', async () => {
    write(10);
    harness.start(journald({folder}));
    await seen(10);
    await harness.stop();
    rmSync(join(folder, 'system.journal'));
    write(4, 'other.journal');
    harness.start(journald({folder}));
    await seen(14);
    expect(allOnce()).toEqual(expected());
    expect(harness.gaps.map(gap => gap.reason)).toEqual(['journal vacuumed or begun anew']);
  });

  test('a follower that is killed is begun again', async () => {
    write(3);
    const command = join(folder, 'mortal-journalctl');
    writeFileSync(command, '#!/bin/sh\n(sleep 0.2; kill $$) >/dev/null 2>&1 &\nexec journalctl "$@"\n', {mode: 0o755});
    harness.start(journald({folder, command}));
    await harness.until(() => harness.news.filter(news => news.state === 'catching-up').length > 1);
    write(3);
    await seen(6);
    expect(allOnce()).toEqual(expected());
    expect(harness.gaps).toEqual([]);
  });

  test('usual syslog files are covered by a journal that is as fresh, others never', async () => {
    write(1);
    const paths = ['/nowhere/auth.log', '/nowhere/audit/audit.log', '/nowhere/dpkg.log'];
    expect([...(await coveredByJournal(paths, {folder}))]).toEqual(['/nowhere/auth.log']);
    const fresher = join(folder, 'syslog');
    writeFileSync(fresher, 'x');
    utimesSync(fresher, start / 1e6, start / 1e6 + 60);
    expect((await coveredByJournal([fresher], {folder})).size).toBe(1);
    utimesSync(fresher, start / 1e6, start / 1e6 + 3600);
    expect((await coveredByJournal([fresher], {folder})).size).toBe(0);
    expect((await coveredByJournal(paths, {folder: join(folder, 'none')})).size).toBe(0);
  });
});

test('a machine without journalctl says so with the setting that helps', async () => {
  const harness = new SourceHarness();
  harness.start(journald({command: '/nonexistent/journalctl'}));
  await expect(harness.ended()).rejects.toMatchObject({
    name: 'SourceError',
    mend: expect.stringContaining('journald = no'),
  });
});
