import {type FileHandle, open} from 'node:fs/promises';
import {z} from 'zod';
import {errorCode} from '../../../event/error-code.ts';
import type {LogEvent} from '../../../event/event.ts';
import {Levels} from '../../../event/level.ts';
import {sanitize} from '../../../event/sanitize.ts';
import {pause} from '../../logs/tail/changes.ts';
import type {Emit, Position, Source, SourceBatch, SourceContext} from '../../source.ts';
import {SourceError} from '../../source.ts';
import {DropCounter} from '../drop-counter.ts';
import {fileOrigin} from '../file-format.ts';
import {Chunk, chunkSize} from './chunk.ts';
import {ChunkEvents} from './evtx.ts';
import {type ChunkSlot, chunkSlot, chunkSlots, headSize, isEventLog, readAt} from './file-chunks.ts';

export interface EventLogFileOptions {
  /** Absolute. */
  readonly path: string;
  /** The source this file is a part of, where it is one of several. */
  readonly group?: string;
  /** ms; shorter in tests. `settle`: between two reads of a chunk that is being written. */
  readonly timing?: {readonly poll: number; readonly settle: number};
}

const usualTiming = {poll: 1000, settle: 20};
const mostReads = 5;
const headBytes = 128;

const positionSchema = z.object({
  version: z.literal(1),
  epoch: z.string().optional(),
  last: z.object({id: z.number(), written: z.number()}),
});

/** Whether a path names a Windows event log, which is followed by its chunks and not by its lines. */
export function isEventLogPath(path: string): boolean {
  return /\.evtx$/i.test(path);
}

/**
 * Follows a Windows event log that grows. Reading goes on behind the last record by its number, after a restart too; a
 * log that is full begins again at its front, and one that was cleared is told and read from its beginning.
 *
 * @example
 * await eventLogFile({path: '/mnt/logs/Security.evtx'}).start(emit, signal, context);
 */
export function eventLogFile(options: EventLogFileOptions): Source {
  const id = options.group ?? `file:${options.path}`;
  return {id, start: (emit, signal, context) => new EventLogRun(id, options, emit, context).run(signal)};
}

class EventLogRun {
  readonly #id: string;
  readonly #path: string;
  readonly #timing: {readonly poll: number; readonly settle: number};
  readonly #emit: Emit;
  readonly #context: SourceContext;
  readonly #chunk = new Chunk();
  readonly #drops = new DropCounter({problem: () => {}});
  #events: ChunkEvents;
  #slots: readonly ChunkSlot[] = [];
  #seen = '';
  /** Damage of the newest chunk that was counted already: it is read again and again. */
  #counted = {offset: -1, damage: {} as Record<string, number>};
  #historical = true;
  #state = '';

  constructor(id: string, {path, timing}: EventLogFileOptions, emit: Emit, context: SourceContext) {
    this.#id = id;
    this.#path = path;
    this.#timing = timing ?? usualTiming;
    this.#emit = emit;
    this.#context = context;
    this.#events = this.#begin(positionSchema.safeParse(context.position).data);
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const there = await this.#look(signal);
      if (there) this.#news('running', this.#path);
      else this.#news('waiting', `${this.#path} is not there yet`);
      if (there) this.#historical = false;
      await pause(this.#timing.poll, signal);
    }
  }

  #begin(from: z.infer<typeof positionSchema> | undefined): ChunkEvents {
    const {agent, host, clock} = this.#context;
    const context = {agent, host, clock, maxLine: chunkSize, problem: () => {}};
    const resumed = {source: this.#id, epoch: from?.epoch, last: from?.last ?? {id: 0, written: 0}};
    return new ChunkEvents(this.#path, this.#chunk, context, this.#drops, this.#context.clock(), resumed);
  }

  async #look(signal: AbortSignal): Promise<boolean> {
    let handle: FileHandle;
    try {
      handle = await open(this.#path, 'r');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    }
    try {
      await this.#readNew(handle, signal);
    } finally {
      await handle.close();
    }
    return true;
  }

  async #readNew(handle: FileHandle, signal: AbortSignal): Promise<void> {
    const written = await this.#writtenSlots(handle);
    const [oldest] = written;
    if (!oldest || this.#isCleared(handle, written)) {
      if (oldest) await this.#cleared();
    } else await this.#tellLost(oldest.first ?? 0);
    for (const [index, slot] of written.entries()) {
      if (signal.aborted) return;
      const next = written[index + 1]?.first;
      if (next !== undefined && next <= this.#events.last.id + 1) continue;
      if (this.#historical) this.#news('catching-up', `reading ${this.#path} back`);
      await this.#readStable(handle, slot.offset, signal);
      await this.#hand(slot.offset);
    }
  }

  /** Slots with chunks, in the order of their records. All are asked only when something says that they changed. */
  async #writtenSlots(handle: FileHandle): Promise<readonly ChunkSlot[]> {
    const head = Buffer.alloc(headBytes);
    if (readAt(handle, head, 0) === 0) return [];
    if (!isEventLog(head)) throw new SourceError(`${this.#path}: expected a Windows event log, found something else`);
    const start = headSize(head);
    const {size} = await handle.stat();
    const newest = this.#slots.at(-1);
    const ends = newest ? [newest.offset, following(newest.offset, start, size)] : [];
    const firsts = ends.map(offset => chunkSlot(handle, offset).first);
    const seen = `${size} ${head.toString('latin1')} ${firsts.join(' ')}`;
    if (seen === this.#seen) return this.#slots;
    const slots = (await chunkSlots(handle, start)).filter(slot => slot.first !== undefined);
    this.#slots = slots.sort((a, b) => (a.first ?? 0) - (b.first ?? 0));
    // What is behind the newest chunk is asked the next time.
    this.#seen = newest?.offset === this.#slots.at(-1)?.offset ? seen : '';
    return this.#slots;
  }

  /** Another record has the last one's number, or all numbers are lower: it is not the log that it was. */
  #isCleared(handle: FileHandle, slots: readonly ChunkSlot[]): boolean {
    const {last} = this.#events;
    if (last.id === 0) return false;
    const slot = slots.findLast(({first}) => (first ?? 0) <= last.id);
    if (!slot) return false;
    this.#fill(handle, slot.offset);
    const found = this.#events.find(last.id);
    if (found !== undefined) return found !== last.written;
    return slot === slots.at(-1);
  }

  async #cleared(): Promise<void> {
    const {last} = this.#events;
    const epoch = this.#events.epoch ?? '';
    this.#events = this.#begin(undefined);
    await this.#send({events: [this.#tampering(last.id, epoch)]});
  }

  async #tellLost(oldest: number): Promise<void> {
    const {last} = this.#events;
    if (last.id === 0 || oldest <= last.id + 1) return;
    const lost = oldest - last.id - 1;
    const now = this.#context.clock();
    this.#events.skipTo(oldest - 1);
    await this.#send({events: [], gap: {from: last.written, to: now, reason: 'overwritten before it was read', lost}});
  }

  /** Reads a chunk until it is twice the same: a record may be half written. */
  async #readStable(handle: FileHandle, offset: number, signal: AbortSignal): Promise<void> {
    this.#fill(handle, offset);
    if (this.#historical) return;
    for (let reads = 1; reads < mostReads; reads++) {
      const before = Buffer.from(this.#chunk.bytes);
      await pause(this.#timing.settle, signal);
      this.#fill(handle, offset);
      if (before.equals(this.#chunk.bytes)) return;
    }
  }

  #fill(handle: FileHandle, offset: number): void {
    this.#chunk.bytes.fill(0, readAt(handle, this.#chunk.bytes, offset));
    this.#chunk.changed();
  }

  async #hand(offset: number): Promise<void> {
    const read = this.#events.read(offset, true);
    const from = this.#historical ? this.#context.backfillFrom : 0;
    const events = read.filter(event => event.time >= from);
    const dropped = this.#newDamage(offset, this.#drops.take());
    const left = read.length - events.length;
    if (read.length === 0 && Object.keys(dropped).length === 0) return;
    await this.#send({
      events,
      dropped,
      ...(left > 0 ? {filtered: {'older-than-backfill': left}} : undefined),
      ...(this.#historical ? {historical: true} : undefined),
    });
  }

  /** Records are met once, but where their chain breaks is met whenever the chunk is read. */
  #newDamage(offset: number, damage: Record<string, number>): Record<string, number> {
    const before = this.#counted.offset === offset ? this.#counted.damage : {};
    this.#counted = {offset, damage: {...before, ...damage}};
    const counts = Object.entries(damage).map(([reason, count]) => {
      const known = chainDamage.has(reason) ? (before[reason] ?? 0) : 0;
      return [reason, count - known] as const;
    });
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  #tampering(last: number, epoch: string): LogEvent {
    const now = this.#context.clock();
    const {agent, host, clock} = this.#context;
    const context = {agent, host, clock, maxLine: chunkSize, problem: () => {}};
    return {
      kind: 'log',
      origin: {...fileOrigin(this.#path, `${epoch}:log_truncated`, 'winlog.unknown', context), source: this.#id},
      position: last,
      time: now,
      ingested: now,
      level: Levels.warning,
      code: 0,
      provider: 'siem',
      message: sanitize(`${this.#path} was cleared or replaced: it had been read up to record ${last}`),
      fields: {'event.action': 'log_truncated', 'event.category': 'file', 'file.path': sanitize(this.#path)},
    };
  }

  #send(batch: SourceBatch): Promise<void> {
    const {epoch, last} = this.#events;
    const position: Position = {version: 1, ...(epoch === undefined ? undefined : {epoch}), last};
    return this.#emit({...batch, position});
  }

  #news(state: 'catching-up' | 'running' | 'waiting', detail: string): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#context.news({state, detail});
  }
}

const chainDamage = new Set(['record-size', 'record-signature', 'record-after-damage']);

/** The slot that is written next: a full log begins again at its front. */
function following(offset: number, start: number, size: number): number {
  return offset + 2 * chunkSize <= size ? offset + chunkSize : start;
}
