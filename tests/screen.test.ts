// Drives the built screen in a real terminal (tmux), as a user would: keys in, the shown screen out.
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const program = join(__dirname, '..', 'dist', 'bench', 'screen-program.js');
const hasTmux = spawnSync('tmux', ['-V']).status === 0;
if (!hasTmux) console.warn('skipped: tmux is not installed (apt-get install tmux)');
const inTmux = hasTmux ? test : test.skip;

let folder = '';
let socket = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-screen-'));
  socket = join(folder, 'tmux');
});

afterEach(() => {
  spawnSync('tmux', ['-S', socket, 'kill-server']);
  rmSync(folder, {recursive: true, force: true});
});

inTmux(
  '80×24 shows one pane, 200×50 four and the status bar, less than 80×24 says so; every resize is followed',
  async () => {
    open(80, 24);
    run('4');
    await see('1 Alerts · 12');
    expect(screen()).not.toContain('3 Packets ·');
    for (const [key, shows] of [
      ['2', '2 Logs ·'],
      ['3', '3 Packets ·'],
      ['4', 'CPU'],
      ['5', 'Every event is accounted for'],
      ['1', '1 Alerts ·'],
    ] as const) {
      keys(key);
      await see(shows);
    }
    resize(200, 50);
    const parts = ['1 Alerts ·', '2 Logs ·', '3 Packets ·', '4 Charts ·', 'Failed logins, kind 3', 'ev/s', '? help'];
    await see('open alerts', text => parts.every(part => text.includes(part)));
    resize(70, 20);
    await see('need 80×24, have 70×20', text => !text.includes('Alerts'));
    resize(120, 32);
    await see('1 Alerts ·', text => longestLine(text) <= 120 && parts.slice(0, 4).every(part => text.includes(part)));
  },
);

inTmux('help, details, filter, search and pause, each left by esc', async () => {
  open(100, 30);
  run('4');
  await see('1 Alerts');
  keys('?');
  await see('Help', text => text.includes('this help'));
  keys('Escape');
  await see('2 Logs');
  keys('Enter');
  await see('Log lines a minute before and after');
  await see('stored entry');
  keys('Escape');
  await see('2 Logs');
  keys('2', 'F', '(', 'Enter');
  await see('Expected');
  keys('C-u', 'x', 'Enter');
  await see('filter: x', text => text.includes('stored entry 9'));
  keys('/');
  keys('9', '0', '1', '2', 'Enter');
  await see('search: 9012');
  keys('Escape', 'Escape');
  await see('2 Logs', text => !text.includes('search:') && !text.includes('filter:'));
  keys('Space');
  await see('PAUSED +20');
  keys('Space');
  await see('2 Logs', text => !text.includes('PAUSED'));
});

inTmux.each([
  ['TERM', 143],
  ['INT', 130],
  ['HUP', 129],
])('SIG%s leaves the terminal as it was found, with status %i', async (signal, status) => {
  const before = await openedShell();
  run('4');
  await see('1 Alerts');
  process.kill(programId(), `SIG${signal}`);
  await leftAsFound(before, status);
});

inTmux('a crash leaves the terminal as it was found and shows the error', async () => {
  const before = await openedShell();
  run('4');
  await see('1 Alerts');
  process.kill(programId(), 'SIGUSR2');
  await see('made to crash');
  await leftAsFound(before, 1);
});

inTmux('ctrl+Z gives the terminal back, fg takes it again, quitting leaves it as it was found', async () => {
  const before = await openedShell();
  run('4');
  await see('1 Alerts');
  keys('C-z');
  await see('Stopped', text => !text.includes('1 Alerts'));
  expect(cursorShown()).toBe('1');
  sendLine('stty -a > stopped.txt; echo "looked"');
  await see('\nlooked');
  expect(readFileSync(join(folder, 'stopped.txt'), 'utf8')).toBe(before);
  sendLine('fg; echo "status $?"');
  await see('1 Alerts', text => text.includes('open') && text.includes('? help'));
  keys('2');
  await see('2 Logs');
  keys('q');
  await leftAsFound(before, 0);
});

function open(width: number, height: number): void {
  const shell = 'env -u NO_COLOR LANG=C.UTF-8 LC_ALL=C.UTF-8 bash --norc';
  tmux('-f', '/dev/null', 'new-session', '-d', '-x', String(width), '-y', String(height), '-c', folder, shell);
  tmux('set-option', '-g', 'window-size', 'manual');
  sendLine("PS1='ready> '; set -m; clear");
}

/** Opens a shell and gives its terminal settings. */
async function openedShell(): Promise<string> {
  open(100, 30);
  sendLine('stty -a > before.txt; echo "marked $?"');
  await see('\nmarked 0');
  return readFileSync(join(folder, 'before.txt'), 'utf8');
}

function run(perSecond: string): void {
  sendLine(`${process.execPath} ${program} ${perSecond} figures.txt; echo "status $?"`);
}

async function leftAsFound(before: string, status: number): Promise<void> {
  await see(`status ${status}`, text => text.includes('marked 0') && !text.includes('1 Alerts'));
  expect(cursorShown()).toBe('1');
  expect(tmux('display-message', '-p', '#{alternate_on}').trim()).toBe('0');
  sendLine('stty -a > after.txt; echo "compared $?"');
  await see('\ncompared 0');
  expect(readFileSync(join(folder, 'after.txt'), 'utf8')).toBe(before);
}

function cursorShown(): string {
  return tmux('display-message', '-p', '#{cursor_flag}').trim();
}

function programId(): number {
  const shell = tmux('display-message', '-p', '#{pane_pid}').trim();
  return Number(execFileSync('ps', ['-o', 'pid=', '--ppid', shell], {encoding: 'utf8'}).trim());
}

function sendLine(text: string): void {
  tmux('send-keys', '-l', text);
  keys('Enter');
}

function keys(...names: readonly string[]): void {
  for (const name of names) {
    tmux('send-keys', name);
    // Two keys in one chunk, the first of them Esc, would be one: alt and the second.
    if (name === 'Escape') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
  }
}

function resize(width: number, height: number): void {
  tmux('resize-window', '-x', String(width), '-y', String(height));
}

function screen(): string {
  return tmux('capture-pane', '-p');
}

function longestLine(text: string): number {
  return Math.max(...text.split('\n').map(line => [...line].length));
}

/** Waits until the screen shows a text (and what else is asked of it); fails with the screen after a long time. */
async function see(wanted: string, also: (text: string) => boolean = () => true): Promise<void> {
  let text = '';
  for (let attempt = 0; attempt < 400; attempt++) {
    text = screen();
    if (text.includes(wanted) && also(text)) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error(`expected to see ${JSON.stringify(wanted)}, got:\n${text}`);
}

function tmux(...args: readonly string[]): string {
  return execFileSync('tmux', ['-S', socket, ...args], {encoding: 'utf8'});
}
