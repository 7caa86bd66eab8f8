import {toSample} from './measurements.ts';
import {sumOf} from './proc/counter-rate.ts';
import type {ProcessRow} from './sample.ts';
import type {Sample, Sampler} from './sampler.ts';

/** The part of `systeminformation` that is used here. */
export interface Information {
  currentLoad(): Promise<{currentLoad: number; avgLoad: number; cpus: {load: number}[]}>;
  mem(): Promise<{total: number; available: number; swaptotal: number; swapused: number}>;
  fsSize(): Promise<{mount: string; use: number}[]>;
  fsStats(): Promise<{rx_sec: number | null; wx_sec: number | null} | null>;
  networkStats(interfaces: string): Promise<{iface: string; rx_sec: number | null; tx_sec: number | null}[]>;
  processes(): Promise<{list: {pid: number; name: string; cpu: number; mem: number}[]}>;
}

/**
 * Measures macOS and Windows through `systeminformation`, which for most values starts a process: so only the processor
 * is read each second, all else each ten.
 */
export class InformationSampler implements Sampler {
  readonly missing: readonly string[] = [];
  readonly #information: Information;
  #samples = 0;
  #slow: Slow = noneYet;

  constructor(information: Information) {
    this.#information = information;
  }

  async sample(): Promise<Sample> {
    const isNew = this.#samples++ % slowEvery === 0;
    if (isNew) this.#slow = await this.#readSlow();
    const load = await this.#information.currentLoad();
    const {memory, disk, network, mounts} = this.#slow;
    return toSample({
      cpu: {total: load.currentLoad, cores: load.cpus.map((core, number) => ({core: number, used: core.load}))},
      // Windows has no load average; the package says 0 there.
      load: process.platform === 'win32' ? null : load.avgLoad,
      memory,
      disk,
      network,
      mounts,
      mountsAreNew: isNew,
    });
  }

  async processes(): Promise<readonly ProcessRow[]> {
    const {list} = await this.#information.processes();
    const rows = list.map(({pid, name, cpu, mem}) => ({pid, name, cpu, memory: mem}));
    const byCpu = [...rows].sort((a, b) => b.cpu - a.cpu).slice(0, shown);
    const byMemory = [...rows].sort((a, b) => b.memory - a.memory).slice(0, shown);
    return [...new Set([...byCpu, ...byMemory])];
  }

  async #readSlow(): Promise<Slow> {
    const source = this.#information;
    const [mem, sizes, stats, nets] = await Promise.all([
      source.mem(),
      source.fsSize(),
      source.fsStats(),
      source.networkStats('*'),
    ]);
    const used = mem.total - mem.available;
    const interfaces = nets.map(({iface, rx_sec, tx_sec}) => ({name: iface, received: rx_sec, sent: tx_sec}));
    const outward = interfaces.filter(({name}) => !/^lo\d*$/.test(name));
    return {
      memory: {
        totalBytes: mem.total,
        usedBytes: used,
        used: (used / mem.total) * 100,
        swap: mem.swaptotal > 0 ? (mem.swapused / mem.swaptotal) * 100 : null,
      },
      disk: {read: stats?.rx_sec ?? null, written: stats?.wx_sec ?? null},
      network: {
        received: sumOf(outward.map(({received}) => received)),
        sent: sumOf(outward.map(({sent}) => sent)),
        interfaces: interfaces.slice(0, 32),
      },
      mounts: sizes.slice(0, 64).map(({mount, use}) => ({mount, used: use})),
    };
  }
}

type Slow = Pick<Parameters<typeof toSample>[0], 'memory' | 'disk' | 'network' | 'mounts'>;

const noneYet: Slow = {
  memory: undefined,
  disk: {read: null, written: null},
  network: {received: null, sent: null, interfaces: []},
  mounts: [],
};

const slowEvery = 10;
const shown = 10;
