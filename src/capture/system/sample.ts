import type {Micros} from '../../event/event.ts';

/** One second of the machine. Percentages 0–100; bytes a second; NaN never occurs, null is "not measured". */
export interface LiveSample {
  readonly time: Micros;
  readonly cpu: number | null;
  readonly cores: readonly number[];
  readonly memory: number | null;
  readonly swap: number | null;
  readonly load: number | null;
  readonly diskRead: number | null;
  readonly diskWrite: number | null;
  /** Of the fullest file system. */
  readonly diskUsed: number | null;
  readonly networkReceived: number | null;
  readonly networkSent: number | null;
}

/** `cpu` in percent of one core, as `top` shows it; `memory` in percent of the machine's. */
export interface ProcessRow {
  readonly pid: number;
  readonly name: string;
  readonly cpu: number;
  readonly memory: number;
}

export type MetricUnit = 'percent' | 'bytes' | 'bytes/s' | 'load';

/** One value measured once. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: MetricUnit;
}

/** Names of the metrics there is one of. */
export const MetricNames = {
  cpu: 'cpu.total',
  memory: 'memory.used',
  memoryBytes: 'memory.used.bytes',
  swap: 'swap.used',
  load: 'load.1',
  diskRead: 'disk.read',
  diskWrite: 'disk.write',
  networkReceived: 'network.received',
  networkSent: 'network.sent',
} as const;

export function coreMetric(core: number): string {
  return `cpu.core.${core}`;
}

export function mountMetric(mount: string): string {
  return `disk.${mount}.used`;
}

/** The mount point of a `disk.<mount>.used` metric, or undefined for another metric. */
export function mountOfMetric(name: string): string | undefined {
  return /^disk\.(.+)\.used$/s.exec(name)?.[1];
}

export function interfaceMetric(name: string, direction: 'received' | 'sent'): string {
  return `network.${name}.${direction}`;
}
