import {appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {discoverLogs} from './discover.ts';
import {fileGroup} from './file-group.ts';
import {expandGlob} from './glob.ts';
import {SourceHarness} from './source-harness.fixture.ts';

let folder = '';
let harness = new SourceHarness();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-discover-'));
  harness = new SourceHarness();
});

afterEach(async () => {
  await harness.stop().catch(() => {});
  rmSync(folder, {recursive: true, force: true});
});

const put = (name: string, text = '') => {
  mkdirSync(join(folder, name, '..'), {recursive: true});
  writeFileSync(join(folder, name), text);
};

function settings(sources: string[], files: string[] = []) {
  const monitor = {sources, backfill_days: 7, backfill_events: 1, queue: 1000, snapshots: 1};
  const rest = {
    journald: true,
    kernel: true,
    sensors: true,
    syslog: false,
    syslog_address: '127.0.0.1',
    syslog_port: 5514,
  };
  return {monitor, sources: {...rest, files, max_line: 1000}};
}

async function found(sources: string[], files: string[] = []): Promise<string[]> {
  const options = {
    logFolder: folder,
    root: join(folder, 'root'),
    journal: {folder: join(folder, 'journal')},
    kernelDevice: join(folder, 'kmsg'),
  };
  const list = await discoverLogs(settings(sources, files), options);
  return list.map(source => source.id.replaceAll(folder, ''));
}

test('the usual logs that exist and those the user names are followed', async () => {
  put('auth.log');
  put('audit/audit.log');
  put('nginx/access.log');
  expect(await found(['auto'], [join(folder, 'x.log'), join(folder, 'app/*.log')])).toEqual([
    'file:/auth.log',
    'file:/audit/audit.log',
    'file:/x.log',
    'file:/app/*.log',
    'file:/nginx/*.log',
  ]);
});

test('the logs of Suricata and Zeek are followed where they are, each folder once', async () => {
  put('root/var/log/suricata/eve.json');
  put('root/opt/zeek/spool/zeek/conn.log');
  mkdirSync(join(folder, 'root/opt/zeek/logs'));
  symlinkSync('../spool/zeek', join(folder, 'root/opt/zeek/logs/current'));
  mkdirSync(join(folder, 'root/var/log/zeek'), {recursive: true});
  symlinkSync('../../../opt/zeek/spool/zeek', join(folder, 'root/var/log/zeek/current'));
  expect(await found(['auto'])).toEqual([
    'file:/root/var/log/suricata/eve*.json',
    'file:/root/opt/zeek/logs/current/*.log',
    'file:/root/var/log/zeek/*.log',
  ]);
});

test('named sources are all there is', async () => {
  put('auth.log');
  expect(await found([`file:${join(folder, 'x.log')}`, 'syslog', 'system'])).toEqual([
    'file:/x.log',
    'syslog:udp:127.0.0.1:5514',
  ]);
});

describe('on other systems', () => {
  const on = async (sources: string[], platform: NodeJS.Platform, channels?: string) => {
    const wevtutil = join(folder, 'wevtutil');
    if (channels !== undefined) writeFileSync(wevtutil, `#!/bin/sh\nprintf '${channels}'\n`, {mode: 0o755});
    const options = {
      logFolder: folder,
      root: join(folder, 'root'),
      journal: {folder},
      kernelDevice: join(folder, 'kmsg'),
      platform,
      wevtutil,
    };
    return (await discoverLogs(settings(sources), options)).map(({id}) => id);
  };

  test('the usual channels of Windows that are there are read, and those the user names, each once', async () => {
    const there = 'Setup\\r\\nSecurity\\r\\nSystem\\r\\nmicrosoft-windows-sysmon/operational\\r\\n';
    expect(await on(['auto', 'windows:security', 'windows:Setup'], 'win32', there)).toEqual([
      'windows:security',
      'windows:System',
      'windows:Microsoft-Windows-Sysmon/Operational',
      'windows:Setup',
    ]);
    expect(await on(['auto'], 'linux', there)).toEqual([]);
  });

  test('the channels that every Windows has are tried where their names cannot be had, and say why', async () => {
    expect(await on(['auto'], 'win32')).toEqual(['windows:Security', 'windows:System', 'windows:Application']);
  });

  test('the log of macOS is read there, and elsewhere where it is named', async () => {
    expect(await on(['auto'], 'darwin')).toEqual(['macos']);
    expect(await on(['macos'], 'linux')).toEqual(['macos']);
  });
});

test("the kernel's own log is read only where no other source brings it", async () => {
  put('kmsg');
  expect(await found(['auto'])).toEqual(['kernel']);
  put('kern.log');
  expect(await found(['auto'])).toEqual(['file:/kern.log']);
});

test('globs', async () => {
  for (const name of ['a.log', 'b1.log', 'b2.log', '.c.log', 'd/e.log', 'f/e.log']) put(name);
  const expand = async (pattern: string) =>
    (await expandGlob(join(folder, pattern))).map(path => path.slice(folder.length + 1));
  expect(await expand('*.log')).toEqual(['a.log', 'b1.log', 'b2.log']);
  expect(await expand('b[!1]?log')).toEqual(['b2.log']);
  expect(await expand('?/e.log')).toEqual(['d/e.log', 'f/e.log']);
  expect(await expand('none/*.log')).toEqual([]);
});

test('a group follows its files, those that appear later too, and goes on where it was', async () => {
  put('a.log', 'one\n');
  put('a.log.1', 'zero\n');
  const source = () =>
    fileGroup({pattern: join(folder, '*'), maxLine: 100, every: 5, timing: {poll: 4, settle: 1, grace: 20}});
  harness.start(source());
  await harness.until(() => harness.events.length === 2);
  put('b.log', 'one\n');
  await harness.until(() => harness.events.length === 3);
  await harness.stop();
  appendFileSync(join(folder, 'a.log'), 'two\n');
  appendFileSync(join(folder, 'b.log'), 'two\n');
  harness.start(source());
  await harness.until(() => harness.events.length === 5);
  await harness.stop();
  expect([...harness.messages].sort()).toEqual(['one', 'one', 'two', 'two', 'zero']);
  expect(harness.duplicates).toBe(0);
  expect(new Set(harness.logs.map(event => event.fields?.['file.path'])).size).toBe(2);
  expect(new Set(harness.logs.map(event => event.origin.source)).size).toBe(1);
});
