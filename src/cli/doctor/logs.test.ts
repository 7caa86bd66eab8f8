import {chmodSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {settingsSchema} from '../../config/settings.ts';
import {probeJournal} from './journal.ts';
import {type LogFacts, logChecks} from './logs.ts';

const settings = settingsSchema.parse({});
const facts: LogFacts = {
  settings: settings.sources,
  sources: ['auto'],
  user: 'ada',
  journal: {state: 'absent'},
  access: path => (path === '/dev/kmsg' || path === '/var/log/syslog' ? 'readable' : 'missing'),
  expand: pattern => [pattern],
  datagrams: {taken: [], privilegedBelow: 1024, mayBind: false, monitorRuns: false},
};

function find(changes: Partial<LogFacts>, name: string) {
  return logChecks({...facts, ...changes}).find(({check}) => check === name);
}

test('a log that may not be read fails with the group that may, and is covered by a journal that can be read', () => {
  const access: LogFacts['access'] = path => (path === '/var/log/auth.log' ? 'denied' : 'missing');
  expect(find({access}, 'log /var/log/auth.log')).toMatchObject({
    state: 'fails',
    mend: expect.stringMatching(/sudo.*-aG adm ada.*setfacl -m u:ada:r/),
  });
  const journal = {state: 'readable', version: 'systemd 252'} as const;
  expect(find({access, journal}, 'log /var/log/auth.log')?.state).toBe('ok');
});

test('a journal that may not be read fails; none, or an empty one, is a note', () => {
  const version = 'systemd 252';
  expect(find({journal: {state: 'denied', version}}, 'journal')).toMatchObject({
    state: 'fails',
    mend: expect.stringContaining('sudo usermod -aG systemd-journal ada'),
  });
  expect(find({journal: {state: 'partly', version}}, 'journal')?.state).toBe('fails');
  expect(find({journal: {state: 'failed', detail: 'x'}}, 'journal')?.state).toBe('fails');
  expect(find({journal: {state: 'empty', version}}, 'journal')?.state).toBe('note');
  expect(find({}, 'journal')?.state).toBe('note');
  expect(find({sources: ['journald']}, 'journal')?.state).toBe('fails');
});

test('the kernel log that may not be read fails unless something else covers it', () => {
  const access: LogFacts['access'] = path => (path === '/dev/kmsg' ? 'denied' : 'missing');
  expect(find({access}, 'kernel log')?.state).toBe('fails');
  expect(find({access: path => (path === '/var/log/kern.log' ? 'readable' : access(path))}, 'kernel log')?.state).toBe(
    'ok',
  );
});

test('a syslog port below the privileged one, or taken, fails; taken by our own monitor it is fine', () => {
  const listening = {...settings.sources, syslog: true};
  const low = find({settings: {...listening, syslog_port: 514}}, 'syslog listener');
  expect(low).toMatchObject({state: 'fails', mend: expect.stringContaining('syslog_port = 5514')});
  const taken = {...facts.datagrams, taken: [{address: '0.0.0.0', port: 5514}]};
  expect(find({settings: listening, datagrams: taken}, 'syslog listener')?.state).toBe('fails');
  expect(find({settings: listening, datagrams: {...taken, monitorRuns: true}}, 'syslog listener')?.state).toBe('ok');
  expect(find({settings: listening}, 'syslog listener')?.state).toBe('ok');
});

test('a log named twice is told once, and one that is not there is a note', () => {
  const files = ['/var/log/syslog', '/var/log/mine.log'];
  const checks = logChecks({...facts, settings: {...settings.sources, files}});
  expect(checks.filter(({check}) => check === 'log /var/log/syslog')).toHaveLength(1);
  expect(checks.find(({check}) => check === 'log /var/log/mine.log')?.state).toBe('note');
});

describe('journalctl', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'siem-doctor-'));
  });
  afterEach(() => rmSync(folder, {recursive: true, force: true}));

  function standIn(body: string): string {
    const path = join(folder, 'journalctl');
    writeFileSync(path, `#!/bin/sh\n[ "$1" = --version ] && { echo 'systemd 252'; exit; }\n${body}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  test.each([
    ['an entry', "echo '{}'", 'readable'],
    [
      'a hint that others are hidden',
      "echo '{}'; echo 'Hint: You are currently not seeing messages from other users' >&2",
      'partly',
    ],
    ['no right', "echo 'No journal files were opened due to insufficient permissions.' >&2; exit 1", 'denied'],
    ['no files', "echo 'No journal files were found.' >&2", 'empty'],
    ['an error', "echo 'Failed to open' >&2; exit 1", 'failed'],
    ['no answer', 'exec sleep 30', 'failed'],
  ])('%s is told apart', async (_name, body, state) => {
    expect(await probeJournal(standIn(body))).toMatchObject({state});
  });

  test('one that is not installed is absent', async () => {
    expect(await probeJournal(join(folder, 'nothing'))).toEqual({state: 'absent'});
  });
});
