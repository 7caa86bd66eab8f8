import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {setImmediate as breathe} from 'node:timers/promises';
import {sanitizeLine} from '../../../event/sanitize.ts';
import {readText} from '../read-text.ts';
import type {ProcessRow} from '../sample.ts';
import {readMemory} from './memory.ts';

/** The processes that use most of the processor and of memory, between two looks at /proc. */
export class ProcessMeter {
  readonly #proc: string;
  readonly #pageBytes: number;
  #last = new Map<string, number>();

  constructor(proc: string) {
    this.#proc = proc;
    this.#pageBytes = pageBytes(proc);
  }

  /** `elapsed` seconds since the last look; at the first, no process has used anything. */
  async read(elapsed: number): Promise<readonly ProcessRow[]> {
    const total = readMemory(readText(join(this.#proc, 'meminfo')) ?? '')?.totalBytes ?? Number.POSITIVE_INFINITY;
    const ticks = new Map<string, number>();
    const rows: ProcessRow[] = [];
    let read = 0;
    for (const pid of this.#pids()) {
      // Hundreds of processes are read in slices, so that nothing else waits for all of them.
      if (++read % slice === 0) await breathe();
      const stat = parse(readText(join(this.#proc, pid, 'stat')) ?? '');
      if (stat === undefined) continue;
      // A process id is given out again: only with its start it names one process.
      const name = `${pid} ${stat.started}`;
      const before = this.#last.get(name);
      ticks.set(name, stat.ticks);
      const used = before === undefined || elapsed <= 0 ? 0 : Math.max(0, stat.ticks - before) / ticksASecond / elapsed;
      const memory = (stat.pages * this.#pageBytes) / total;
      rows.push({pid: Number(pid), name: stat.name, cpu: used * 100, memory: memory * 100});
    }
    this.#last = ticks;
    return largest(rows);
  }

  #pids(): string[] {
    return readdirSync(this.#proc)
      .filter(name => /^\d+$/.test(name))
      .slice(0, mostProcesses);
  }
}

interface Stat {
  readonly name: string;
  readonly ticks: number;
  readonly started: string;
  readonly pages: number;
}

const mostProcesses = 8_192;
const slice = 100;
const shown = 10;
// USER_HZ, which the kernel's interface has fixed at 100 on all platforms Node runs on.
const ticksASecond = 100;

// The name stands in parentheses and may itself hold some: it ends at the last.
function parse(stat: string): Stat | undefined {
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const columns = stat.slice(close + 2).split(' ');
  return {
    name: sanitizeLine(Buffer.from(stat.slice(open + 1, close), 'latin1').toString('utf8')),
    ticks: Number(columns[11]) + Number(columns[12]),
    started: columns[19] ?? '',
    pages: Number(columns[21]),
  };
}

function largest(rows: ProcessRow[]): readonly ProcessRow[] {
  const byCpu = [...rows].sort((a, b) => b.cpu - a.cpu || b.memory - a.memory).slice(0, shown);
  const byMemory = [...rows].sort((a, b) => b.memory - a.memory).slice(0, shown);
  return [...new Set([...byCpu, ...byMemory])];
}

// Without a process to ask: this one's own first mapping tells.
function pageBytes(proc: string): number {
  const kilobytes = /^KernelPageSize:\s+(\d+) kB/m.exec(readText(join(proc, 'self', 'smaps')) ?? '')?.[1];
  return (kilobytes === undefined ? 4 : Number(kilobytes)) * 1024;
}
