import type {CpuUsage} from './proc/cpu.ts';
import type {DiskRates} from './proc/disk.ts';
import type {MemoryUsage} from './proc/memory.ts';
import type {MountUsage} from './proc/mounts.ts';
import type {NetworkRates} from './proc/network.ts';
import {coreMetric, interfaceMetric, type Measurement, MetricNames, type MetricUnit, mountMetric} from './sample.ts';
import type {Sample} from './sampler.ts';

/** All that one look at the machine gives, however it was obtained. */
export interface Readings {
  readonly cpu: CpuUsage;
  readonly memory: MemoryUsage | undefined;
  readonly load: number | null;
  readonly disk: DiskRates;
  readonly network: NetworkRates;
  readonly mounts: readonly MountUsage[];
  /** False where `mounts` repeats what was given before. */
  readonly mountsAreNew: boolean;
}

export function toSample(readings: Readings): Sample {
  const {cpu, memory, load, disk, network, mounts} = readings;
  return {
    live: {
      cpu: cpu.total,
      cores: cpu.cores.map(core => core.used),
      memory: memory?.used ?? null,
      swap: memory?.swap ?? null,
      load,
      diskRead: disk.read,
      diskWrite: disk.written,
      diskUsed: mounts.length === 0 ? null : Math.max(...mounts.map(mount => mount.used)),
      networkReceived: network.received,
      networkSent: network.sent,
    },
    measurements: [...measure(readings)],
  };
}

function* measure({cpu, memory, load, disk, network, mounts, mountsAreNew}: Readings): Generator<Measurement> {
  yield* known(MetricNames.cpu, cpu.total, 'percent');
  for (const {core, used} of cpu.cores) yield* known(coreMetric(core), used, 'percent');
  yield* known(MetricNames.memory, memory?.used, 'percent');
  yield* known(MetricNames.memoryBytes, memory?.usedBytes, 'bytes');
  yield* known(MetricNames.swap, memory?.swap, 'percent');
  yield* known(MetricNames.load, load, 'load');
  yield* known(MetricNames.diskRead, disk.read, 'bytes/s');
  yield* known(MetricNames.diskWrite, disk.written, 'bytes/s');
  yield* known(MetricNames.networkReceived, network.received, 'bytes/s');
  yield* known(MetricNames.networkSent, network.sent, 'bytes/s');
  for (const {name, received, sent} of network.interfaces) {
    yield* known(interfaceMetric(name, 'received'), received, 'bytes/s');
    yield* known(interfaceMetric(name, 'sent'), sent, 'bytes/s');
  }
  if (mountsAreNew) for (const {mount, used} of mounts) yield* known(mountMetric(mount), used, 'percent');
}

function* known(name: string, value: number | null | undefined, unit: MetricUnit): Generator<Measurement> {
  if (value !== null && value !== undefined && Number.isFinite(value)) yield {name, value, unit};
}
