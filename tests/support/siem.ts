import {type ChildProcess, spawn} from 'node:child_process';
import {createSocket} from 'node:dgram';
import {appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';

/** The built program, as users run it. */
export const program = join(process.cwd(), 'dist', 'bin', 'siem.js');

/** How a process ended and what it printed. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  out(): string;
  err(): string;
}

export type Row = Readonly<Record<string, unknown>>;
export type Sections = Readonly<Record<string, Readonly<Record<string, string | number>>>>;

let running: Running[] = [];
const folders: string[] = [];

/** A folder of this test with room for a data folder, logs and whatever else; removed by `cleanUp`. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'siem-e2e-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

/** For `afterEach`: ends every process that the test started, its children too, and removes its folders. */
export async function cleanUp(): Promise<void> {
  for (const {child} of running) killGroup(child);
  await Promise.all(running.map(({ended}) => ended));
  running = [];
  for (const folder of folders.splice(0)) rmSync(folder, {recursive: true, force: true, maxRetries: 5});
}

/** Writes the data folder's configuration, where the monitor and the queries find it. Nothing trains by itself. */
export function configure(dataDir: string, sections: Sections): void {
  mkdirSync(dataDir, {recursive: true, mode: 0o700});
  const all: Sections = {...sections, detect: {train: 'no', watch_seconds: 1, ...sections.detect}};
  const text = Object.entries(all).map(
    ([section, settings]) =>
      `[${section}]\n${Object.entries(settings)
        .map(([key, value]) => `${key} = ${value}\n`)
        .join('')}`,
  );
  writeFileSync(join(dataDir, 'siem.ini'), text.join('\n'));
}

/** Starts the program, in a process group of its own so that nothing of it can be left behind. */
export function siem(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  return start(process.execPath, [program, ...args], env);
}

export function start(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {...withoutSettings(process.env), ...env},
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({status, signal, out, err}));
  });
  const one = {child, ended, out: () => out, err: () => err};
  running.push(one);
  return one;
}

/** A headless monitor on a data folder. Resolves when it watches: its store is open and its sources are started. */
export async function monitor(
  dataDir: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const run = siem(['monitor', '--headless', '--data-dir', dataDir, ...args], env);
  await until('the monitor is up', () => {
    if (run.child.exitCode !== null) throw new Error(`the monitor ended: ${run.out()}${run.err()}`);
    return run.out().includes('store: ok');
  });
  return run;
}

/** Resolves when a monitor has said that its sources of this kind run. */
export function watches({out}: Running, kind: string): Promise<void> {
  return until(`${kind} is watched`, () => new RegExp(`^${kind}:.*: ok`, 'm').test(out()));
}

export async function stop(run: Running, signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
  run.child.kill(signal);
  return run.ended;
}

/** Whether nothing of the program is left, its children too. */
export function isGone({child}: Running): boolean {
  try {
    process.kill(-Number(child.pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** What `siem query` finds; empty where it finds nothing. */
export async function query(dataDir: string, ...args: string[]): Promise<readonly Row[]> {
  const done = await siem(['query', '--data-dir', dataDir, '-o', 'ndjson', '-n', '1000000', ...args]).ended;
  if (done.status !== 0 && done.status !== 1) throw new Error(`siem query ended with ${done.status}: ${done.err}`);
  return done.out
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
}

export const sql = (dataDir: string, statement: string) => query(dataDir, '--sql', statement);

/** Looks again and again until the condition holds; fails after a deadline far beyond what is needed. */
export async function until(what: string, holds: () => unknown, deadline = 30_000): Promise<void> {
  for (const end = Date.now() + deadline; Date.now() < end; await pause(50)) if (await holds()) return;
  throw new Error(`waited in vain until ${what}`);
}

/** A UDP port that nobody listens on. */
export async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve));
  const {port} = socket.address();
  await new Promise<void>(resolve => socket.close(() => resolve()));
  return port;
}

export async function sendDatagram(port: number, ...texts: readonly string[]): Promise<void> {
  const socket = createSocket('udp4');
  for (const text of texts) {
    await new Promise<void>((resolve, reject) =>
      socket.send(text, port, '127.0.0.1', error => (error ? reject(error) : resolve())),
    );
  }
  await new Promise<void>(resolve => socket.close(() => resolve()));
}

/** Appends a line as a program would log it. */
export function logLine(path: string, message: string, by = 'app', time = new Date()): void {
  appendFileSync(path, `${time.toISOString()} web1 ${by}[7]: ${message}\n`);
}

/** Numbers that are the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The tester's own settings must not reach the program. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SIEM_') && name !== 'NODE_ENV'));
}
