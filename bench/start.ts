// How long it takes until the program answers: its version, a small capture read, a small store asked, the sensor alone,
// the screen's first frame. Argument: rounds (11). One JSON line: the median of the rounds in milliseconds, and how many
// times that of a bare `node -e 0` in the same rounds it is.
import {spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {writeDemo} from '../src/capture/demo/demo-files.ts';
import {second} from '../src/event/clock.ts';

/** Resolves when it is as far as is timed; may give what is to be done then. */
type Start = () => void | Promise<() => Promise<void>>;

const rounds = Number(process.argv[2] ?? 11);
const program = compiled('../bin/siem.js');
const firstFrame = '1 Alerts';
/** Milliseconds after which a screen is ended. */
const longest = 30_000;
const folder = mkdtempSync(join(tmpdir(), 'siem-bench-'));
try {
  process.stdout.write(`${JSON.stringify({bench: 'start', rounds, ...(await measure())})}\n`);
} finally {
  rmSync(folder, {recursive: true, force: true});
}

async function measure(): Promise<object> {
  const {capture, log} = await writeDemo(folder, {seed: 1, start: (Date.now() - 60_000) * 1_000, length: 10 * second});
  const dataDir = join(folder, 'store');
  run([program, 'import', log, '--data-dir', dataDir]);
  const canDraw = spawnSync('script', ['--version']).status === 0;
  const starts: Record<string, Start> = {
    node: () => run(['-e', '0']),
    version: () => run([program, '--version']),
    help: () => run([program, '--help']),
    read: () => run([program, 'read', capture]),
    query: () => run([program, 'query', '--data-dir', dataDir]),
    // Without arguments it ends as soon as it is loaded.
    sensor: () => run([compiled('../src/capture/packets/sensor-main.js')]),
    inspector: () => run([compiled('../src/capture/packets/inspect/inspector-main.js')]),
    ...(canDraw && {firstFrame: drawFirstFrame}),
  };
  const taken = new Map(Object.keys(starts).map(name => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, start] of Object.entries(starts)) {
      const begun = performance.now();
      const leave = await start();
      taken.get(name)?.push(performance.now() - begun);
      await leave?.();
    }
  }
  const bare = median(taken.get('node') ?? []);
  return Object.fromEntries(
    [...taken].map(([name, times]) => [
      name,
      {ms: rounded(median(times), 1), timesNode: rounded(median(times) / bare, 2)},
    ]),
  );
}

function run(args: readonly string[]): void {
  spawnSync(process.execPath, ['--no-warnings', ...args], {stdio: 'ignore'});
}

/** Draws in a terminal of its own, which script(1) makes. Gives what leaves again, which is not timed. */
async function drawFirstFrame(): Promise<() => Promise<void>> {
  const command = `stty rows 50 cols 200; exec ${process.execPath} --no-warnings ${program} monitor --demo`;
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    env: {...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8'},
  });
  const patience = setTimeout(() => child.kill('SIGKILL'), longest);
  const closed = new Promise<void>(resolve => child.once('close', () => resolve()));
  void closed.then(() => clearTimeout(patience));
  let text = '';
  child.stdout.setEncoding('utf8');
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (part: string) => {
      text += part;
      if (text.includes(firstFrame)) resolve();
    });
    void closed.then(() => reject(new Error(`Expected a frame with ${firstFrame}, got ${text}`)));
  });
  return async () => {
    child.stdin.write('q');
    await closed;
  };
}

function compiled(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
