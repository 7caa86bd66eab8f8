import {statfs} from 'node:fs/promises';
import {join} from 'node:path';
import {sanitizeLine} from '../../event/sanitize.ts';
import {toSample} from './measurements.ts';
import {CpuMeter} from './proc/cpu.ts';
import {DiskMeter, wholeDisks} from './proc/disk.ts';
import {readLoad, readMemory} from './proc/memory.ts';
import {type FileSystemSize, type MountUsage, usageOf, watchedMounts} from './proc/mounts.ts';
import {NetworkMeter} from './proc/network.ts';
import {ProcessMeter} from './proc/processes.ts';
import {isMissing, linkOf, namesIn, readText} from './read-text.ts';
import type {ProcessRow} from './sample.ts';
import type {Sample, Sampler} from './sampler.ts';

export interface LinuxRoots {
  readonly proc: string;
  readonly sys: string;
  readonly statfs: (mount: string) => Promise<FileSystemSize>;
}

const realRoots: LinuxRoots = {proc: '/proc', sys: '/sys', statfs};

/** Measures a Linux machine from /proc and /sys alone: no process is started, so an audit of starts sees nothing. */
export class LinuxSampler implements Sampler {
  missing: readonly string[] = [];
  readonly #roots: LinuxRoots;
  readonly #cpu = new CpuMeter();
  readonly #disk = new DiskMeter();
  readonly #network = new NetworkMeter();
  readonly #processes: ProcessMeter;
  #disks: ReadonlySet<string> = new Set();
  #virtual = new Map<string, boolean>();
  #mounts: readonly MountUsage[] = [];
  #mountsAreNew = false;
  #measuringMounts: Promise<void> | undefined;
  #samples = 0;
  /** What went wrong while the file systems were asked; thrown by the next sample. */
  #failure: unknown;

  constructor(roots: LinuxRoots = realRoots) {
    this.#roots = roots;
    this.#processes = new ProcessMeter(roots.proc);
  }

  async sample(elapsed: number): Promise<Sample> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#samples % devicesEvery === 0) this.#lookAtDevices();
    if (this.#samples % mountsEvery === 0) this.#measureMounts();
    const {proc} = this.#roots;
    const stat = readText(join(proc, 'stat'));
    const meminfo = readText(join(proc, 'meminfo'));
    const diskstats = readText(join(proc, 'diskstats'));
    const netDev = readText(join(proc, 'net', 'dev'));
    if (this.#samples === 0)
      this.missing = namesOf({processor: stat, memory: meminfo, disk: diskstats, network: netDev});
    this.#samples++;
    const {mountsAreNew, mounts} = this.#takeMounts();
    return toSample({
      cpu: this.#cpu.read(stat ?? ''),
      memory: readMemory(meminfo ?? ''),
      load: readLoad(readText(join(proc, 'loadavg')) ?? ''),
      disk: this.#disk.read(diskstats ?? '', this.#disks, elapsed),
      network: this.#network.read(netDev ?? '', name => this.#isVirtual(name), elapsed),
      mounts,
      mountsAreNew,
    });
  }

  processes(elapsed: number): Promise<readonly ProcessRow[]> {
    return this.#processes.read(elapsed);
  }

  /** Resolves when the file systems that are being asked have answered. */
  async mountsMeasured(): Promise<void> {
    await this.#measuringMounts;
  }

  #lookAtDevices(): void {
    this.#disks = wholeDisks(namesIn(join(this.#roots.sys, 'block')));
    this.#virtual = new Map();
  }

  #isVirtual(name: string): boolean {
    const known = this.#virtual.get(name);
    if (known !== undefined) return known;
    const isVirtual = linkOf(join(this.#roots.sys, 'class', 'net', name)).includes('/virtual/');
    this.#virtual.set(name, isVirtual);
    return isVirtual;
  }

  // Not awaited: a file system whose disk is gone may take for ever, and the other values go on meanwhile.
  #measureMounts(): void {
    this.#measuringMounts ??= this.#askMounts()
      .catch(error => {
        this.#failure = error;
      })
      .finally(() => {
        this.#measuringMounts = undefined;
      });
  }

  async #askMounts(): Promise<void> {
    const paths = watchedMounts(readText(join(this.#roots.proc, 'self', 'mounts')) ?? '');
    const answers = await Promise.all(paths.map(path => this.#askMount(path)));
    this.#mounts = answers.filter(answer => answer !== undefined);
    this.#mountsAreNew = true;
  }

  async #askMount(path: string): Promise<MountUsage | undefined> {
    try {
      const bytes = Buffer.from(path, 'latin1').toString('utf8');
      return usageOf(sanitizeLine(bytes), await this.#roots.statfs(bytes));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  #takeMounts(): {readonly mounts: readonly MountUsage[]; readonly mountsAreNew: boolean} {
    const mountsAreNew = this.#mountsAreNew;
    this.#mountsAreNew = false;
    return {mounts: this.#mounts, mountsAreNew};
  }
}

// In samples, that is seconds.
const devicesEvery = 60;
const mountsEvery = 10;

function namesOf(files: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(files).flatMap(([name, text]) => (text === undefined ? [name] : []));
}
