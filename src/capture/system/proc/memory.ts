export interface MemoryUsage {
  readonly totalBytes: number;
  readonly usedBytes: number;
  /** Percent. */
  readonly used: number;
  /** Percent; null where the machine has no swap. */
  readonly swap: number | null;
}

/** Reads /proc/meminfo. Used is what is not available, as `free` says it; undefined where the file is not understood. */
export function readMemory(meminfo: string): MemoryUsage | undefined {
  const total = kilobytes(meminfo, 'MemTotal');
  const available = kilobytes(meminfo, 'MemAvailable') ?? kilobytes(meminfo, 'MemFree');
  if (!total || available === undefined) return undefined;
  const swapTotal = kilobytes(meminfo, 'SwapTotal') ?? 0;
  const swapFree = kilobytes(meminfo, 'SwapFree') ?? 0;
  return {
    totalBytes: total * 1024,
    usedBytes: (total - available) * 1024,
    used: ((total - available) / total) * 100,
    swap: swapTotal > 0 ? ((swapTotal - swapFree) / swapTotal) * 100 : null,
  };
}

/** The first number of /proc/loadavg: the mean of a minute. */
export function readLoad(loadavg: string): number | null {
  const load = Number.parseFloat(loadavg);
  return Number.isFinite(load) ? load : null;
}

function kilobytes(meminfo: string, name: string): number | undefined {
  const at = meminfo.startsWith(`${name}:`) ? 0 : meminfo.indexOf(`\n${name}:`) + 1;
  if (at === 0 && !meminfo.startsWith(`${name}:`)) return undefined;
  const value = Number.parseInt(meminfo.slice(at + name.length + 1, at + name.length + 40), 10);
  return Number.isNaN(value) ? undefined : value;
}
