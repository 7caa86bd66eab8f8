// What the screen costs: CPU of one core at 10 snapshots a second on 200×50, key to frame, first frame, memory over
// time. Runs the screen on made-up data in a real pty, made by script(1). Argument: seconds (20). Prints a JSON line.
import {type ChildProcessWithoutNullStreams, spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

interface Figure {
  readonly firstFrameMs?: number;
  readonly at?: number;
  readonly cpuMs?: number;
  readonly rss?: number;
}

const warmUpSeconds = 3;
const keyPresses = 200;

if (spawnSync('script', ['--version']).status !== 0) {
  process.stdout.write(`${JSON.stringify({bench: 'screen', skipped: 'script(1) is not installed'})}\n`);
} else {
  const result = await measure(Number(process.argv[2] ?? 20));
  process.stdout.write(`${JSON.stringify({bench: 'screen', size: '200x50', framesPerSecond: 10, ...result})}\n`);
}

async function measure(seconds: number): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'siem-bench-'));
  const figures = join(folder, 'figures');
  const program = fileURLToPath(new URL('./screen-program.js', import.meta.url));
  const command = `stty rows 50 cols 200; exec ${process.execPath} ${program} 10 ${figures}`;
  const spawned = performance.now();
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    env: {...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', NO_COLOR: ''},
  });
  try {
    const output = watch(child);
    await output.saw('open alerts');
    const wholeScreenMs = Math.round(performance.now() - spawned);
    await pause((warmUpSeconds + seconds) * 1000);
    const usage = usageOf(read(figures));
    const latencies = await keyLatencies(child, output);
    child.stdin.write('q');
    await new Promise(resolve => child.once('close', resolve));
    return {...usage, wholeScreenMs, ...latencies, seconds};
  } finally {
    child.kill();
    rmSync(folder, {recursive: true, force: true});
  }
}

/** From the key's byte to the frame that answers it, with a frame of new data each 100 ms besides. */
async function keyLatencies(child: ChildProcessWithoutNullStreams, output: Output): Promise<object> {
  const taken: number[] = [];
  for (let press = 0; press < keyPresses; press++) {
    // Alternately a change of the whole layout, which Ink draws, and one within a pane.
    const [key, answer] = [
      ['?', 'Help'],
      ['?', '4 Charts'],
      ['s', 'sorted by'],
    ][press % 3] ?? ['s', 'sorted by'];
    await pause(20 + ((press * 37) % 60));
    const answered = output.saw(answer ?? '');
    const began = performance.now();
    child.stdin.write(key ?? '');
    await answered;
    taken.push(performance.now() - began);
  }
  taken.sort((a, b) => a - b);
  const at = (share: number) => round(taken[Math.min(taken.length - 1, Math.floor(taken.length * share))] ?? 0);
  return {keyToFrameMs: {p50: at(0.5), p99: at(0.99), max: at(1)}};
}

function usageOf(figures: readonly Figure[]): object {
  const used = figures.filter(figure => figure.at !== undefined).slice(warmUpSeconds - 1);
  const [first, last] = [used[0], used.at(-1)];
  const cpu = ((last?.cpuMs ?? 0) - (first?.cpuMs ?? 0)) / ((last?.at ?? 1) - (first?.at ?? 0));
  return {
    cpuPercent: round(cpu * 100),
    firstFrameMs: Math.round(figures.find(figure => figure.firstFrameMs !== undefined)?.firstFrameMs ?? 0),
    rssMegabytes: {first: round((first?.rss ?? 0) / 1e6), last: round((last?.rss ?? 0) / 1e6)},
  };
}

interface Output {
  /** Resolves when a text comes that is written after this call. */
  saw(wanted: string): Promise<void>;
}

function watch(child: ChildProcessWithoutNullStreams): Output {
  let text = '';
  let waiting: {readonly wanted: string; readonly resolve: () => void} | undefined;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-200_000);
    if (!waiting || !text.includes(waiting.wanted)) return;
    waiting.resolve();
    waiting = undefined;
  });
  return {
    saw(wanted) {
      text = '';
      return new Promise(resolve => {
        waiting = {wanted, resolve};
      });
    },
  };
}

function read(figures: string): readonly Figure[] {
  return readFileSync(figures, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Figure);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
