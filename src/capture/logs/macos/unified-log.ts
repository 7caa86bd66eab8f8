import {z} from 'zod';
import {day, second} from '../../../event/clock.ts';
import {errorCode} from '../../../event/error-code.ts';
import type {Micros} from '../../../event/event.ts';
import {type Emit, type Source, type SourceContext, SourceError} from '../../source.ts';
import {pause} from '../tail/changes.ts';
import {HeldLines} from './held-lines.ts';
import {LogChild, type LogEnd, logCommand} from './log-child.ts';
import {UnifiedBatches, unifiedSource} from './unified-batches.ts';

export interface UnifiedLogOptions {
  /** `log`, or what stands in for it in tests. */
  readonly command?: string;
  /** ms; shorter in tests. */
  readonly timing?: UnifiedTiming;
}

export interface UnifiedTiming {
  /** How long the stream's first line is waited for before what is missing is asked for. */
  readonly attach: number;
  /** Between the end of a stream and the next one, at first and at most. */
  readonly shortest: number;
  readonly longest: number;
}

const usualTiming: UnifiedTiming = {attach: 3_000, shortest: 1_000, longest: 30_000};
/** Read again in front of what is missing: messages are not written quite in the order of their times. */
const overlap: Micros = 2 * second;
/** The log of one day is some million messages; to read back a week of it takes hours. */
const furthestBack = day;
const positionSchema = z.object({version: z.literal(1), time: z.number().int().min(0)});

/**
 * The unified log of macOS. `log stream` is begun first and held back; `log show` then brings what was missed since
 * the message handed over last, and what both bring is taken once. A stream that ends is begun again in the same way.
 */
export function unifiedLog(options: UnifiedLogOptions = {}): Source {
  return {
    id: unifiedSource,
    start: (emit, signal, context) => new UnifiedLogRun(options, emit, context).run(signal),
  };
}

class UnifiedLogRun {
  readonly #command: string;
  readonly #timing: UnifiedTiming;
  readonly #context: SourceContext;
  readonly #batches: UnifiedBatches;
  #historical = true;

  constructor(options: UnifiedLogOptions, emit: Emit, context: SourceContext) {
    this.#command = options.command ?? logCommand();
    this.#timing = options.timing ?? usualTiming;
    this.#context = context;
    this.#batches = new UnifiedBatches(positionSchema.safeParse(context.position).data?.time, emit, context);
  }

  async run(signal: AbortSignal): Promise<void> {
    let wait = this.#timing.shortest;
    while (!signal.aborted) {
      const gave = await this.#runOnce(signal);
      if (signal.aborted) return;
      wait = gave ? this.#timing.shortest : Math.min(this.#timing.longest, wait * 2);
      this.#context.news({state: 'waiting', detail: 'log stream ended; it is begun again'});
      await pause(wait, signal);
    }
  }

  /** One stream, to its end. Whether it gave anything. */
  async #runOnce(signal: AbortSignal): Promise<boolean> {
    const child = new LogChild(this.#command, ['stream', '--style', 'ndjson', '--level', 'default']);
    const held = new HeldLines();
    const kill = () => void child.end();
    signal.addEventListener('abort', kill);
    const pumping = pump(child, held);
    // Awaited below, unless something else fails first.
    pumping.catch(() => {});
    try {
      await held.wait(this.#timing.attach);
      if (held.isClosed && held.isEmpty) refuse(await child.result());
      // Without a sign of the stream it may begin later than what is shown ends.
      const isAttached = !held.isEmpty;
      await this.#fill(signal);
      const gave = await this.#follow(held, signal, isAttached);
      await pumping;
      return gave;
    } finally {
      signal.removeEventListener('abort', kill);
      await child.end();
    }
  }

  async #follow(held: HeldLines, signal: AbortSignal, isAttached: boolean): Promise<boolean> {
    let gave = isAttached;
    this.#context.news({state: 'running', detail: 'log stream'});
    while (!signal.aborted) {
      await held.wait();
      if (!gave && !held.isEmpty) held.passedOver = true;
      gave ||= !held.isEmpty;
      const {lines, cut} = held.take();
      this.#batches.drop('too-long', cut);
      await this.#take(lines, signal, false);
      if (signal.aborted) break;
      if (held.passedOver) {
        held.passedOver = false;
        await this.#fill(signal);
      } else if (held.isClosed && held.isEmpty) break;
    }
    return gave;
  }

  /** Asks for what was written since the message handed over last. */
  async #fill(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const now = this.#context.clock();
    const last = this.#batches.time;
    const from = last === undefined ? Math.max(this.#context.backfillFrom, now - furthestBack) : Math.min(last, now);
    if (this.#historical) this.#context.news({state: 'catching-up', detail: 'reading the log back'});
    const child = new LogChild(this.#command, ['show', '--style', 'ndjson', '--start', startOf(from - overlap)]);
    const kill = () => void child.end();
    signal.addEventListener('abort', kill);
    try {
      const first = await this.#show(child, signal);
      if (signal.aborted) return;
      const end = await child.result();
      await this.#tellGap(last, from, first, end);
      this.#historical = false;
    } finally {
      signal.removeEventListener('abort', kill);
      await child.end();
    }
  }

  /** Hands over all that a child gives. The time of its first message. */
  async #show(child: LogChild, signal: AbortSignal): Promise<Micros | undefined> {
    let first: Micros | undefined;
    for await (const {lines, cut} of child.lines()) {
      this.#batches.drop('too-long', cut);
      const time = await this.#take(lines, signal, this.#historical);
      first ??= time;
      if (signal.aborted) break;
    }
    return first;
  }

  /** The time of the first message in the lines. */
  async #take(lines: readonly string[], signal: AbortSignal, historical: boolean): Promise<Micros | undefined> {
    let first: Micros | undefined;
    for (const line of lines) {
      const time = this.#batches.add(line);
      first ??= time;
      if (!this.#batches.isFull) continue;
      await this.#batches.hand(historical);
      if (signal.aborted) return first;
    }
    await this.#batches.hand(historical);
    return first;
  }

  /** The message handed over last is shown again where the log still reaches back to it. */
  async #tellGap(last: Micros | undefined, from: Micros, first: Micros | undefined, end: LogEnd): Promise<void> {
    const now = Math.max(from, this.#context.clock());
    if (end.failure || end.code !== 0) {
      const said = end.complaint.split('\n', 1)[0] || end.failure?.message || `ended with ${end.code}`;
      await this.#batches.gap({from: this.#batches.time ?? from, to: now, reason: `log show: ${said}`});
    } else if (last !== undefined && (first === undefined || first > last)) {
      await this.#batches.gap({from: last, to: first ?? now, reason: 'no longer in the log'});
    }
  }
}

async function pump(child: LogChild, held: HeldLines): Promise<void> {
  try {
    for await (const piece of child.lines()) held.push(piece);
  } finally {
    held.close();
  }
}

/** A form that names its zone: the machine's may change in between. */
function startOf(time: Micros): string {
  const iso = new Date(Math.max(0, Math.floor(time / second)) * 1000).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}+0000`;
}

/** Throws where the stream ended at once for a reason that will not go away by itself. */
function refuse({failure, complaint}: LogEnd): void {
  if (failure) {
    if (errorCode(failure) !== 'ENOENT') throw failure;
    throw new SourceError('log was not found', 'ls -l /usr/bin/log, on macOS');
  }
  if (!/must be admin|not permitted|permission/i.test(complaint)) return;
  throw new SourceError(
    `the log of macOS may not be read: ${complaint.split('\n', 1)[0]}`,
    'sudo siem monitor; or run it as an administrator of this Mac',
  );
}
