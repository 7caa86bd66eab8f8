import {closeSync, constants, openSync, readSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {z} from 'zod';
import {errorCode} from '../../event/error-code.ts';
import type {LogEvent, Micros} from '../../event/event.ts';
import type {Emit, Source, SourceContext} from '../source.ts';
import {SourceError} from '../source.ts';
import {readKernelRecord} from './kmsg.ts';
import {toLogEvent} from './parse/entry.ts';
import {pause} from './tail/changes.ts';

const positionSchema = z.object({version: z.literal(1), boot: z.string(), sequence: z.number().int()});

/** Gives one record a call; undefined when there is none now, `overrun` when records were overwritten before. */
export interface KernelLog {
  next(): string | 'overrun' | undefined;
  close(): void;
}

export interface KernelOptions {
  /** /dev/kmsg and the boot's id; tests bring their own. */
  readonly open?: () => KernelLog;
  readonly boot?: () => Promise<string>;
  /** µs on the monotonic clock. */
  readonly uptime?: () => Micros;
  readonly poll?: number;
}

/** Records of a batch; few enough that a turn stays under a few milliseconds. */
const mostAtOnce = 200;

/** The kernel's own log, where neither a journal nor a kern.log brings it. Positions are the kernel's sequence numbers. */
export function kernelLog(options: KernelOptions = {}): Source {
  return {id: 'kernel', start: (emit, signal, context) => run(options, emit, signal, context)};
}

async function run(options: KernelOptions, emit: Emit, signal: AbortSignal, context: SourceContext): Promise<void> {
  const boot = await (options.boot ?? bootId)();
  const stored = positionSchema.safeParse(context.position).data;
  const log = (options.open ?? openKmsg)();
  try {
    const reading = new KernelReading(log, boot, stored?.boot === boot ? stored.sequence : -1, options, context);
    context.news({state: 'running', detail: '/dev/kmsg'});
    while (!signal.aborted) {
      const batch = reading.take();
      if (batch) await emit(batch);
      else await pause(options.poll ?? 250, signal);
    }
  } finally {
    log.close();
  }
}

class KernelReading {
  readonly #log: KernelLog;
  readonly #boot: string;
  readonly #context: SourceContext;
  /** Wall clock of the boot: the kernel counts from there. */
  readonly #booted: Micros;
  readonly #started: Micros;
  #sequence: number;
  #newest: Micros;

  constructor(log: KernelLog, boot: string, sequence: number, options: KernelOptions, context: SourceContext) {
    this.#log = log;
    this.#boot = boot;
    this.#sequence = sequence;
    this.#context = context;
    this.#started = context.clock();
    this.#booted = this.#started - (options.uptime ?? monotonic)();
    this.#newest = this.#booted;
  }

  /** The next records, or undefined when there are none now. */
  take(): Parameters<Emit>[0] | undefined {
    const {agent, host, clock, backfillFrom} = this.#context;
    const origin = {agent, host, source: 'kernel', epoch: this.#boot, dataset: 'kernel'};
    const events: LogEvent[] = [];
    let [lost, unparsable, filtered, taken] = [0, 0, 0, 0];
    for (; taken < mostAtOnce; taken++) {
      const record = this.#log.next();
      if (record === undefined) break;
      const parsed = record === 'overrun' ? undefined : readKernelRecord(record);
      if (!parsed) {
        if (record !== 'overrun') unparsable++;
        continue;
      }
      if (parsed.sequence <= this.#sequence) continue;
      if (this.#sequence >= 0) lost += parsed.sequence - this.#sequence - 1;
      this.#sequence = parsed.sequence;
      this.#newest = this.#booted + parsed.uptime;
      if (this.#newest < backfillFrom) filtered++;
      else
        events.push(
          toLogEvent(parsed.entry, {origin, position: parsed.sequence, time: this.#newest, ingested: clock()}),
        );
    }
    if (taken === 0) return undefined;
    return {
      events,
      position: {version: 1, boot: this.#boot, sequence: this.#sequence},
      ...(this.#newest < this.#started ? {historical: true} : undefined),
      ...(unparsable > 0 ? {dropped: {unparsable}} : undefined),
      ...(filtered > 0 ? {filtered: {'older-than-backfill': filtered}} : undefined),
      ...(lost > 0 ? {gap: {from: this.#booted, to: this.#newest, reason: 'kernel log overwritten', lost}} : undefined),
    };
  }
}

/** Opened so that reading returns at once: a thread that waits in the kernel could not be ended. */
function openKmsg(): KernelLog {
  const descriptor = openDevice();
  const buffer = Buffer.alloc(16 * 1024);
  return {
    next: () => {
      try {
        return buffer.toString('utf8', 0, readSync(descriptor, buffer));
      } catch (error) {
        const code = errorCode(error);
        if (code === 'EAGAIN') return undefined;
        if (code === 'EPIPE') return 'overrun';
        throw error;
      }
    },
    close: () => closeSync(descriptor),
  };
}

function openDevice(): number {
  try {
    return openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EACCES' || code === 'EPERM') {
      throw new SourceError('/dev/kmsg: may not be read by this user', 'sudo sysctl kernel.dmesg_restrict=0');
    }
    throw new SourceError(`/dev/kmsg: could not be opened (${code})`, 'kernel = no in [sources]');
  }
}

async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}

function monotonic(): Micros {
  return Number(process.hrtime.bigint() / 1000n);
}
