import {spawn} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, renameSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {linux, needs, program, root} from './needs.ts';
import {
  cleanUp,
  configure,
  freePort,
  isGone,
  logLine,
  monitor,
  query,
  type Running,
  seeded,
  sendDatagram,
  siem,
  sql,
  stop,
  until,
  workFolder,
} from './support/siem.ts';

const engines = ['auto', 'sql.js'];
const kills = 4;
const journalRemote = '/lib/systemd/systemd-journal-remote';

afterEach(cleanUp);

test.each(engines)(
  'engine %s: killed at any moment while a log is written and rotated, each line is stored once',
  async engine => {
    const {dataDir, file} = machine(engine);
    const log = new RotatingLog(file, seeded(engine.length));
    for (let kill = 0; kill < kills; kill++) {
      log.writeSome();
      const run = siem(['monitor', '--headless', '--data-dir', dataDir]);
      await log.writeFor(log.between(200, 1_800));
      await killed(run);
      log.writeSome();
    }
    const run = await monitor(dataDir);
    log.writeSome();
    await until('the last line is stored', async () => (await query(dataDir, `"number ${log.written - 1}."`)).length);
    await stop(run);
    const rows = await query(dataDir, 'source:app');
    expect(numbersOf(rows)).toEqual(Array.from({length: log.written}, (_, number) => number));
    expect(new Set(rows.map(row => row['event.id'])).size).toBe(log.written);
    expect(await sql(dataDir, "select * from gap where source like 'file:%'")).toEqual([]);
  },
);

test.each(engines)('engine %s: the time in which no datagram could be received is recorded as a gap', async engine => {
  const port = await freePort();
  const {dataDir} = machine(engine, ['syslog'], {sources: {syslog_port: port}});
  const first = await monitor(dataDir);
  const stored = (text: string) => async () => (await query(dataDir, 'source:box', text)).length;
  await until('it listens', async () => (await sql(dataDir, 'select * from position')).length);
  await sendDatagram(port, '<13>1 - - box - - - before');
  await until('the first datagram is stored', stored('before'));
  await killed(first);
  const down = Date.now() * 1000;
  await sendDatagram(port, '<13>1 - - box - - - lost').catch(() => {});
  await monitor(dataDir);
  const gaps = () => sql(dataDir, "select * from gap where source like 'syslog:%'");
  await until('the gap is recorded', async () => (await gaps()).length);
  await sendDatagram(port, '<13>1 - - box - - - after');
  await until('the last datagram is stored', stored('after'));
  expect(await gaps()).toMatchObject([{reason: 'not listening'}]);
  const [gap] = await gaps();
  expect(Number(gap?.began)).toBeLessThan(down);
  expect(Number(gap?.ended)).toBeGreaterThan(down);
  expect((await query(dataDir, 'source:box')).map(row => row.message)).toEqual(['before', 'after']);
});

needs(linux, root)('the time in which no packet could be captured is recorded as a gap', async () => {
  const {dataDir} = machine('auto', ['packets'], {capture: {interfaces: 'lo'}});
  const positions = () => sql(dataDir, "select updated from position where source = 'packets:lo'");
  const first = await monitor(dataDir);
  await until('it captures', async () => (await positions()).length);
  await killed(first);
  await until('the capture process is gone too', () => isGone(first));
  const down = Date.now() * 1000;
  await monitor(dataDir);
  const gaps = () => sql(dataDir, "select * from gap where source = 'packets:lo'");
  await until('the gap is recorded', async () => (await gaps()).length);
  expect(await gaps()).toMatchObject([{reason: 'not capturing'}]);
  const [gap] = await gaps();
  expect(Number(gap?.began)).toBeLessThan(down);
  expect(Number(gap?.ended)).toBeGreaterThan(down);
});

needs(
  linux,
  existsSync(journalRemote) ? '' : `needs ${journalRemote}`,
  program('journalctl'),
)('killed at any moment while the journal grows, each entry is stored once', async () => {
  const folder = workFolder();
  const dataDir = join(folder, 'data');
  const journal = new Journal(join(folder, 'journal'));
  configure(dataDir, {monitor: {sources: 'journald'}});
  const env = {PATH: `${journal.commands}:${process.env.PATH}`};
  const random = seeded(4);
  for (let kill = 0; kill < kills; kill++) {
    await journal.write(300);
    const run = siem(['monitor', '--headless', '--data-dir', dataDir], env);
    await pause(300 + random() * 900);
    await journal.write(20);
    await pause(random() * 300);
    await killed(run);
  }
  const run = siem(['monitor', '--headless', '--data-dir', dataDir], env);
  await until(
    'the last entry is stored',
    async () => (await query(dataDir, `"number ${journal.written - 1}."`)).length,
  );
  await stop(run);
  expect(numbersOf(await query(dataDir, 'source:app'))).toEqual(
    Array.from({length: journal.written}, (_, number) => number),
  );
});

function machine(engine: string, more: readonly string[] = [], sections = {}) {
  const folder = workFolder();
  const dataDir = join(folder, 'data');
  const file = join(folder, 'app.log');
  writeFileSync(file, '');
  configure(dataDir, {monitor: {sources: [`file:${file}`, ...more].join(', ')}, store: {engine}, ...sections});
  return {dataDir, file};
}

function killed(run: Running) {
  return stop(run, 'SIGKILL');
}

function numbersOf(rows: readonly Readonly<Record<string, unknown>>[]): number[] {
  return rows.map(row => Number(/number (\d+)\./.exec(String(row.message))?.[1])).sort((a, b) => a - b);
}

/** A log of numbered lines that is turned over as logrotate does it, by renaming or by copying and truncating. */
class RotatingLog {
  written = 0;
  private readonly path: string;
  private readonly random: () => number;
  private generation = 0;

  constructor(path: string, random: () => number) {
    this.path = path;
    this.random = random;
  }

  between(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least));
  }

  async writeFor(milliseconds: number): Promise<void> {
    for (const end = Date.now() + milliseconds; Date.now() < end; await pause(this.between(1, 60))) this.writeSome();
  }

  /** Some lines, sometimes a rotation, and always some lines after it. */
  writeSome(): void {
    this.lines(this.path);
    const dice = this.random();
    if (dice < 0.04) this.rename();
    else if (dice < 0.08) this.copyAndTruncate();
    this.lines(this.path);
  }

  private lines(path: string): void {
    for (let left = this.between(1, 40); left > 0; left--)
      logLine(path, `number ${this.written++}. ${'x'.repeat(this.between(0, 80))}`);
  }

  private rename(): void {
    this.shift();
    renameSync(this.path, `${this.path}.1`);
    // The program that logs learns of it a little later.
    this.lines(`${this.path}.1`);
    writeFileSync(this.path, '');
  }

  private copyAndTruncate(): void {
    this.shift();
    copyFileSync(this.path, `${this.path}.1`);
    truncateSync(this.path);
  }

  private shift(): void {
    for (let number = this.generation++; number > 0; number--)
      renameSync(`${this.path}.${number}`, `${this.path}.${number + 1}`);
  }
}

/** A journal file of this test's own, and a `journalctl` that reads it instead of the machine's. */
class Journal {
  written = 0;
  readonly commands: string;
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = join(folder, 'files');
    this.commands = join(folder, 'bin');
    mkdirSync(this.folder, {recursive: true});
    mkdirSync(this.commands);
    const script = `#!/bin/sh\nexec /usr/bin/journalctl --directory='${this.folder}' "$@"\n`;
    writeFileSync(join(this.commands, 'journalctl'), script, {mode: 0o755});
  }

  /** Adds entries as one file more, as a journal that is turned over has them. */
  async write(count: number): Promise<void> {
    let text = '';
    for (let left = count; left > 0; left--) {
      const time = Date.now() * 1000 + (this.written % 1000);
      text += `__REALTIME_TIMESTAMP=${time}\n__MONOTONIC_TIMESTAMP=${1_000_000 + this.written}\n`;
      text += `_BOOT_ID=${'b'.repeat(32)}\n_MACHINE_ID=${'a'.repeat(32)}\n_HOSTNAME=web1\nPRIORITY=6\n`;
      text += `SYSLOG_IDENTIFIER=app\nMESSAGE=number ${this.written++}. of the journal\n\n`;
    }
    const output = join(this.folder, 'system.journal');
    const child = spawn(journalRemote, [`--output=${output}`, '--split-mode=none', '-'], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    child.stdin.end(text);
    let complaint = '';
    child.stderr.on('data', (piece: Buffer) => {
      complaint += piece;
    });
    const status = await new Promise(resolve => child.once('close', resolve));
    if (status !== 0) throw new Error(`systemd-journal-remote: ${complaint}`);
  }
}
