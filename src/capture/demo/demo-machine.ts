import {setTimeout as pause} from 'node:timers/promises';
import {second} from '../../event/clock.ts';
import type {MetricEvent, Micros, Origin} from '../../event/event.ts';
import type {Emit, Source, SourceContext} from '../source.ts';
import {type LiveSample, MetricNames, type ProcessRow} from '../system/sample.ts';
import {phases} from './attack.ts';
import {Random} from './random.ts';

export interface DemoMachineOptions {
  readonly seed: number;
  readonly onSample: (sample: LiveSample) => void;
  readonly onProcesses: (rows: readonly ProcessRow[]) => void;
}

const past = 600;
const attackAfter = 6;

/** The processor, memory, disk and network of the demonstration's server: a calm wave, and what the attack does to it. */
export class DemoMachine implements Source {
  readonly id = 'demo:machine';
  private readonly options: DemoMachineOptions;
  private readonly random: Random;
  private upload = 0;

  constructor(options: DemoMachineOptions) {
    this.options = options;
    this.random = new Random(options.seed + 100);
  }

  /** Ten minutes before the demonstration, at once. */
  show(now: Micros = Date.now() * 1000): void {
    for (let ago = past; ago > 0; ago--) this.options.onSample(this.sample(now - ago * second, -ago));
    this.options.onProcesses(processes);
  }

  async start(emit: Emit, signal: AbortSignal, context: SourceContext): Promise<void> {
    const began = context.clock();
    const {agent, host} = context;
    const origin: Origin = {agent, host, source: this.id, epoch: String(began), dataset: 'system'};
    this.show(began);
    context.news({state: 'running', detail: 'a made-up server'});
    for (let elapsed = 0; !signal.aborted; elapsed++) {
      const sample = this.sample(began + elapsed * second, elapsed);
      this.options.onSample(sample);
      if (elapsed % 10 === 0) await emit({events: metricsOf(sample, origin, elapsed, context.clock())});
      await pause(1_000, undefined, {signal}).catch(() => {});
    }
  }

  private sample(time: Micros, elapsed: number): LiveSample {
    const wave = Math.sin(elapsed / 45) + 0.4 * Math.sin(elapsed / 11);
    const attacked = elapsed - attackAfter;
    this.upload = attacked > phases.exfiltration && attacked < phases.oversizedPing ? 1 : this.upload * 0.6;
    const noise = () => this.random.next();
    const cpu = bounded(22 + 9 * wave + 8 * noise() + 45 * this.upload);
    return {
      time,
      cpu,
      cores: [bounded(cpu + 6 * noise()), bounded(cpu - 6 * noise())],
      memory: bounded(46 + 2 * Math.sin(elapsed / 200) + noise()),
      swap: 1.5,
      load: 0.4 + cpu / 60,
      diskRead: Math.max(0, 2e5 * (1 + wave) + 3e5 * noise() + 6e6 * this.upload),
      diskWrite: 1.5e5 + 2e5 * noise(),
      diskUsed: 61.3,
      networkReceived: 4e4 * (2 + wave) + 2e4 * noise(),
      networkSent: 9e4 * (2 + wave) + 4e4 * noise() + 5.8e5 * this.upload,
    };
  }
}

const processes: readonly ProcessRow[] = [
  {pid: 812, name: 'nginx', cpu: 6.1, memory: 2.2},
  {pid: 930, name: 'postgres', cpu: 4.4, memory: 11.8},
  {pid: 901, name: 'dockerd', cpu: 1.2, memory: 4.1},
  {pid: 1, name: 'systemd', cpu: 0.1, memory: 0.4},
];

function metricsOf(sample: LiveSample, origin: Origin, position: number, ingested: Micros): readonly MetricEvent[] {
  const values = [
    [MetricNames.cpu, sample.cpu, 'percent'],
    [MetricNames.memory, sample.memory, 'percent'],
    [MetricNames.networkReceived, sample.networkReceived, 'bytes/s'],
    [MetricNames.networkSent, sample.networkSent, 'bytes/s'],
  ] as const;
  return values.flatMap(([name, value, unit]) =>
    value === null
      ? []
      : [{kind: 'metric', origin, position, time: sample.time, ingested, name, value, max: value, unit}],
  );
}

function bounded(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}
