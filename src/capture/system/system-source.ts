import {second} from '../../event/clock.ts';
import type {MetricEvent, Micros, Origin} from '../../event/event.ts';
import type {Emit, Gap, Position, Source, SourceContext} from '../source.ts';
import {InformationSampler} from './information-sampler.ts';
import {Interval} from './interval.ts';
import {LinuxSampler} from './linux-sampler.ts';
import {type Pause, pause as realPause} from './pause.ts';
import type {LiveSample, ProcessRow} from './sample.ts';
import type {Sampler} from './sampler.ts';

export interface SystemOptions {
  /** Seconds between stored means. */
  readonly interval: number;
  /** Called each second. */
  readonly onSample?: (sample: LiveSample) => void;
  /** Called each ten seconds with the largest processes. */
  readonly onProcesses?: (rows: readonly ProcessRow[]) => void;
  readonly sampler?: Sampler;
  readonly pause?: Pause;
  /** Milliseconds that pass evenly, whatever is done to the wall clock. */
  readonly monotonic?: () => number;
}

/**
 * Samples the machine each second, and emits the mean and maximum of each value over `interval` seconds of the wall
 * clock. What happened while the program was down, or the machine asleep, is a gap. Positions count the metrics since
 * the start, which is the epoch.
 */
export class SystemSource implements Source {
  readonly id = 'system';
  readonly #options: SystemOptions;

  constructor(options: SystemOptions) {
    this.#options = options;
  }

  async start(emit: Emit, signal: AbortSignal, context: SourceContext): Promise<void> {
    const sampler = this.#options.sampler ?? (await samplerOf(process.platform));
    await new Run(this.#options, sampler, emit, context).until(signal);
  }
}

async function samplerOf(platform: NodeJS.Platform): Promise<Sampler> {
  if (platform === 'linux') return new LinuxSampler();
  return new InformationSampler((await import('systeminformation')).default);
}

class Run {
  readonly #options: SystemOptions;
  readonly #sampler: Sampler;
  readonly #emit: Emit;
  readonly #context: SourceContext;
  readonly #origin: Origin;
  readonly #interval = new Interval();
  readonly #width: Micros;
  /** Wall clock of the newest sample. */
  #last: Micros;
  #sampledAt: number | undefined;
  #listedAt: number | undefined;
  #position = 0;
  #dropped = 0;
  #unsentGap: Gap | undefined;
  #listings = 0;
  #failure: unknown;

  constructor(options: SystemOptions, sampler: Sampler, emit: Emit, context: SourceContext) {
    const {agent, host, clock} = context;
    this.#options = options;
    this.#sampler = sampler;
    this.#emit = emit;
    this.#context = context;
    this.#width = options.interval * second;
    this.#last = clock();
    this.#origin = {agent, host, source: 'system', epoch: String(this.#last), dataset: 'system'};
  }

  async until(signal: AbortSignal): Promise<void> {
    const {pause = realPause, monotonic = () => performance.now()} = this.#options;
    const stopped = timeIn(this.#context.position);
    if (stopped !== undefined) this.#noteGap(stopped, this.#last, 'not running');
    while (!signal.aborted) {
      const now = monotonic() / 1000;
      await this.#sample(now);
      if (this.#failure !== undefined && !signal.aborted) throw this.#failure;
      if (this.#isListingDue(now)) await this.#list(now);
      await pause(Math.max(50, (now + 1) * 1000 - monotonic()), signal);
    }
  }

  async #sample(now: number): Promise<void> {
    const isFirst = this.#sampledAt === undefined;
    const sample = await this.#sampler.sample(now - (this.#sampledAt ?? now));
    this.#sampledAt = now;
    const time = this.#context.clock();
    this.#closeInterval(time);
    this.#interval.add(sample.measurements);
    this.#last = time;
    this.#options.onSample?.({time, ...sample.live});
    if (isFirst) this.#tell();
  }

  /** Emits the means when the wall clock has left the interval, in whichever direction. */
  #closeInterval(time: Micros): void {
    if (Math.floor(time / this.#width) === Math.floor(this.#last / this.#width)) return;
    this.#send(this.#interval.take().map(mean => this.#toEvent(mean)));
    this.#noteGap(this.#last, time, 'asleep, or the clock was set');
  }

  #toEvent(mean: Pick<MetricEvent, 'name' | 'value' | 'max' | 'unit'>): MetricEvent {
    const time = this.#last;
    return {kind: 'metric', origin: this.#origin, position: this.#position++, time, ingested: time, ...mean};
  }

  #noteGap(from: Micros, to: Micros, reason: string): void {
    if (to - from > 2 * this.#width + second) this.#send([], {from, to, reason});
  }

  // Never awaited: the screen's samples go on while the store is slow. A full queue costs an interval, counted.
  #send(events: readonly MetricEvent[], gap = this.#unsentGap): void {
    if (events.length === 0 && gap === undefined) return;
    if (!this.#emit.room()) {
      this.#dropped += events.length;
      this.#unsentGap = gap;
      return;
    }
    const dropped = this.#dropped > 0 ? {dropped: {'queue full': this.#dropped}} : undefined;
    this.#dropped = 0;
    this.#unsentGap = undefined;
    const position: Position = {time: gap?.to ?? this.#last};
    this.#emit({events, position, ...dropped, ...(gap && {gap})}).catch(error => {
      this.#failure = error;
    });
  }

  // The second listing follows soon: the first has nothing to compare with, and a screen is waiting.
  #isListingDue(now: number): boolean {
    if (this.#options.onProcesses === undefined) return false;
    return this.#listedAt === undefined || now - this.#listedAt >= (this.#listings === 1 ? 2 : 10) - 0.5;
  }

  async #list(now: number): Promise<void> {
    const rows = await this.#sampler.processes(now - (this.#listedAt ?? now));
    this.#listings++;
    this.#listedAt = now;
    this.#options.onProcesses?.(rows);
  }

  #tell(): void {
    const {missing} = this.#sampler;
    const lacking = missing.length === 0 ? '' : `; not readable here: ${missing.join(', ')}`;
    this.#context.news({state: 'running', detail: `processor, memory, disks and network each second${lacking}`});
  }
}

function timeIn(position: Position | undefined): Micros | undefined {
  const time = position?.time;
  return typeof time === 'number' && Number.isFinite(time) ? time : undefined;
}
