import {CounterRates, sumOf} from './counter-rate.ts';

export interface DiskRates {
  readonly read: number | null;
  readonly written: number | null;
}

/** Bytes a second read from and written to all disks, between two readings of /proc/diskstats. */
export class DiskMeter {
  readonly #reads = new CounterRates();
  readonly #writes = new CounterRates();

  /** `disks`: the names to count; partitions and stacked devices would count twice. */
  read(diskstats: string, disks: ReadonlySet<string>, elapsed: number): DiskRates {
    const reads = new Map<string, number>();
    const writes = new Map<string, number>();
    for (const line of diskstats.split('\n')) {
      const columns = line.trim().split(/ +/);
      const name = columns[2] ?? '';
      if (!disks.has(name)) continue;
      reads.set(name, Number(columns[5]) * sectorBytes);
      writes.set(name, Number(columns[9]) * sectorBytes);
    }
    return {
      read: sumOf(this.#reads.read(reads, elapsed).values()),
      written: sumOf(this.#writes.read(writes, elapsed).values()),
    };
  }
}

/** Of the names in /sys/block, those that are disks of their own: not loops, memory, or what is stacked on disks. */
export function wholeDisks(blockDevices: readonly string[]): ReadonlySet<string> {
  return new Set(blockDevices.filter(name => !/^(?:loop|ram|zram|dm-|md|sr|fd|drbd|bcache)/.test(name)));
}

// The kernel counts in 512 bytes whatever the device's own sectors are.
const sectorBytes = 512;
