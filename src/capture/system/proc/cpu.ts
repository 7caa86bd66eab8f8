export interface CpuUsage {
  /** Percent of all cores; null where two readings do not differ. */
  readonly total: number | null;
  readonly cores: readonly {readonly core: number; readonly used: number}[];
}

/** Processor use between two readings of /proc/stat. */
export class CpuMeter {
  #last = new Map<string, Ticks>();

  read(stat: string): CpuUsage {
    const now = parse(stat);
    let total: number | null = null;
    const cores: {core: number; used: number}[] = [];
    for (const [name, ticks] of now) {
      const used = share(this.#last.get(name), ticks);
      if (name === 'cpu') total = used;
      else if (used !== null) cores.push({core: Number(name.slice(3)), used});
    }
    this.#last = now;
    return {total, cores};
  }
}

interface Ticks {
  readonly busy: number;
  readonly all: number;
}

// Columns: user nice system idle iowait irq softirq steal guest guest_nice; the last two are in user and nice already.
function parse(stat: string): Map<string, Ticks> {
  const found = new Map<string, Ticks>();
  for (const line of stat.split('\n', mostCores + 1)) {
    if (!line.startsWith('cpu')) break;
    const [name = '', ...columns] = line.trim().split(/ +/);
    const counts = columns.slice(0, 8).map(Number);
    const all = counts.reduce((sum, count) => sum + count, 0);
    found.set(name, {all, busy: all - (counts[3] ?? 0) - (counts[4] ?? 0)});
  }
  return found;
}

// Idle time may run backwards by a tick, and a core that was switched off and on begins anew.
function share(before: Ticks | undefined, now: Ticks): number | null {
  if (before === undefined) return null;
  const all = now.all - before.all;
  if (all <= 0) return null;
  return Math.min(100, Math.max(0, ((now.busy - before.busy) / all) * 100));
}

const mostCores = 1_024;
