import {execFileSync} from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import type {LogEvent} from '../../../event/event.ts';
import type {Position} from '../../source.ts';
import {type Harness, harness} from '../test-context.test-helper.ts';
import {FileWatch} from './files.ts';

const start = Date.UTC(2026, 0, 5, 12) * 1000;
const keys = '/home/bob/.ssh/authorized_keys';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'siem-files-'));
  write(
    '/etc/passwd',
    'root:x:0:0::/root:/bin/sh\nbob:x:1000:1000::/home/bob:/bin/sh\nnobody:x:65534:1::/:/bin/false\n',
  );
  write('/etc/sudoers', 'root ALL=(ALL) ALL\n');
  write(keys, 'ssh-ed25519 AAAA bob@laptop\n');
});

afterEach(() => rmSync(root, {recursive: true}));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), {recursive: true});
  writeFileSync(join(root, path), text);
}

async function watch(run: Harness, position?: Position, files: readonly string[] = []): Promise<LogEvent[]> {
  await new FileWatch({seconds: 5, files, root, pause: run.pause}).start(run.emit, run.signal, run.context(position));
  return run.batches.flatMap(batch => batch.events) as LogEvent[];
}

/** What is reported when `change` is made between the first look and the second. */
const after = (change: () => void, files: readonly string[] = []) =>
  watch(
    harness(start, 2, count => count === 1 && change()),
    undefined,
    files,
  );

const brief = (events: readonly LogEvent[]) =>
  events.map(({fields = {}}) => [fields['event.action'], fields['file.path']]);

test('the first run takes the files as they are', async () => {
  const run = harness(start, 1);
  expect(await watch(run)).toEqual([]);
  expect(run.news).toMatchObject([{detail: '2 files, looked at each 5 s'}]);
});

test('a key added to authorized_keys is reported with what changed and the line itself', async () => {
  const [event] = await after(() => appendFileSync(join(root, keys), 'ssh-rsa BBBB evil@host\n'));
  expect(event).toMatchObject({
    provider: 'siem',
    message: `${keys} was changed: size 28 → 51 bytes, 1 line added`,
    fields: {
      'event.action': 'file_changed',
      'siem.watch.kind': 'authorized-keys',
      'siem.watch.added': 'ssh-rsa BBBB evil@host',
      'file.size': 51,
    },
  });
});

test('units, cron tables and sudo rights that appear and disappear are reported by kind', async () => {
  const created = await after(() => {
    write('/etc/systemd/system/evil.service', '[Service]\n');
    write('/etc/cron.d/job', '* * * * * root /tmp/x\n');
    write('/var/spool/cron/crontabs/bob', '* * * * * /tmp/x\n');
    write('/var/spool/cron/crontabs/tmp.Ab3', 'half\n');
    write('/etc/sudoers.d/90-bob', 'bob ALL=(ALL) NOPASSWD:ALL\n');
    unlinkSync(join(root, keys));
  });
  expect(created.map(({fields = {}}) => `${fields['event.action']} ${fields['siem.watch.kind']}`).sort()).toEqual([
    'file_created cron',
    'file_created cron',
    'file_created sudoers',
    'file_created unit',
    'file_removed authorized-keys',
  ]);
});

test('a change of mode or of a link says from what to what', async () => {
  write('/etc/systemd/system/a.service', 'x');
  symlinkSync('/lib/one', join(root, '/etc/systemd/system/b.service'));
  chmodSync(join(root, '/etc/sudoers'), 0o440);
  const events = await after(() => {
    chmodSync(join(root, '/etc/sudoers'), 0o666);
    unlinkSync(join(root, '/etc/systemd/system/b.service'));
    symlinkSync('/lib/two', join(root, '/etc/systemd/system/b.service'));
  });
  expect(events.map(event => event.fields?.['siem.watch.changes'])).toEqual([
    'mode 0440 → 0666',
    'link /lib/one → /lib/two',
  ]);
});

test('a file that was only touched, or replaced by its like, is not reported', async () => {
  const events = await after(() => {
    utimesSync(join(root, '/etc/sudoers'), 1, 1);
    write('/etc/sudoers-new', 'ssh-ed25519 AAAA bob@laptop\n');
    renameSync(join(root, '/etc/sudoers-new'), join(root, keys));
  });
  expect(events).toEqual([]);
});

test('a change made while the program was down is found at the next start', async () => {
  const first = harness(start, 1);
  await watch(first);
  appendFileSync(join(root, '/etc/sudoers'), 'bob ALL=(ALL) ALL\n');
  const again = harness(start, 1);
  const events = await watch(again, JSON.parse(JSON.stringify(first.batches.at(-1)?.position)));
  expect(brief(events)).toEqual([['file_changed', '/etc/sudoers']]);
  const third = harness(start, 1);
  expect(await watch(third, again.batches.at(-1)?.position)).toEqual([]);
});

test('a file the user names is watched through a link, and its content is never repeated', async () => {
  write('/srv/secret', 'password=1\n');
  symlinkSync(join(root, '/srv/secret'), join(root, '/srv/link'));
  const [event, ...more] = await after(() => write('/srv/secret', 'password=22\n'), ['/srv/link']);
  expect(more).toEqual([]);
  expect(event?.fields).toMatchObject({'file.path': '/srv/link', 'siem.watch.kind': 'watched'});
  expect(JSON.stringify(event)).not.toContain('password');
});

test('a file that is newly named is taken as it is', async () => {
  const first = harness(start, 1);
  await watch(first);
  write('/srv/app/one.conf', '1');
  const again = harness(start, 2, count => count === 1 && write('/srv/app/two.conf', '2'));
  expect(brief(await watch(again, first.batches.at(-1)?.position, ['/srv/app']))).toEqual([
    ['file_created', '/srv/app/two.conf'],
  ]);
});

const withPipes = process.platform === 'win32' ? test.skip : test;

withPipes('a pipe put where keys are expected neither holds the watch up nor hides what comes after it', async () => {
  const path = join(root, keys);
  const run = harness(start, 3, count => {
    unlinkSync(path);
    if (count === 1) execFileSync('mkfifo', ['-m', '644', path]);
    else writeFileSync(path, 'ssh-rsa BBBB evil@host\n', {mode: 0o644});
  });
  const events = await watch(run);
  expect(events.map(event => event.fields?.['siem.watch.changes'])).toEqual([
    expect.stringContaining('no file any more'),
    expect.stringMatching(/now a file.*1 line added, 1 line removed/),
  ]);
});

test('control characters in a path or a line cannot reach a terminal', async () => {
  const events = await after(() => write('/etc/cron.d/\u001b[2J', '\u001b]0;x\u0007 * * * * *\n'));
  expect(events).toHaveLength(1);
  expect(JSON.stringify(events)).not.toMatch(/\\u001b|\\u0007/);
});
