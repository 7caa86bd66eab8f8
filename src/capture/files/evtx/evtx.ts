import {stat} from 'node:fs/promises';
import type {LogEvent, Micros, Origin} from '../../../event/event.ts';
import {sanitize} from '../../../event/sanitize.ts';
import {WindowsEntry} from '../../logs/windows/windows-entry.ts';
import {datasetOf, winlogEvent} from '../../logs/windows/winlog-event.ts';
import type {SourceBatch} from '../../source.ts';
import {DropCounter} from '../drop-counter.ts';
import type {FileContext, FileFormat} from '../file-format.ts';
import {originMaker} from '../origins.ts';
import {Chunk, chunkHead} from './chunk.ts';
import type {Damage} from './damage.ts';
import {DamageError} from './damage.ts';
import {fileChunks, hasRightChecksums, isEventLog} from './file-chunks.ts';
import {readFields} from './read-fields.ts';
import {contentOf, type RecordPlace, recordId, recordsOf, writtenTime} from './records.ts';

/** Windows event logs (libevtx, "Windows XML Event Log (EVTX)"; [MS-EVEN6]), in the order in which they were written. */
export const evtx: FileFormat = {name: 'Windows event log', detects: isEventLog, read: readEventLog};

async function* readEventLog(path: string, context: FileContext): AsyncGenerator<SourceBatch> {
  const drops = new DropCounter(context);
  const chunk = new Chunk();
  const changed = Math.round((await stat(path)).mtimeMs * 1000);
  const reader = new ChunkEvents(path, chunk, context, drops, changed);
  const damaged = (damage: Damage) => drops.add(damage, reader.number + 1);
  let checked = true;
  for await (const {offset} of fileChunks(path, chunk.bytes, damaged)) {
    chunk.changed();
    if (checked && !hasRightChecksums(chunk.bytes)) {
      checked = false;
      context.problem({reason: 'checksum is wrong (read all the same),', line: reader.number + 1});
    }
    yield {events: reader.read(offset), dropped: drops.take(), historical: true};
  }
  yield {events: [], dropped: drops.take(), historical: true};
}

export interface LastRecord {
  readonly id: number;
  readonly written: Micros;
}

/** Where reading goes on from an earlier time, and of what source the log is a part where it is one of several. */
export interface Resumed {
  readonly source: string;
  readonly epoch: string | undefined;
  readonly last: LastRecord;
}

/** What a log's chunks are read to, and what is remembered from one to the next. */
export class ChunkEvents {
  /** Records so far. */
  number = 0;
  /** The record with the highest number that was met, and when it was written. */
  last: LastRecord = {id: 0, written: 0};
  readonly #path: string;
  readonly #source: string | undefined;
  readonly #shownPath: string;
  readonly #chunk: Chunk;
  readonly #context: FileContext;
  readonly #drops: DropCounter;
  /** Of the file: when events happened that do not say when. */
  readonly #changed: Micros;
  readonly #entry = new WindowsEntry();
  #epoch: string | undefined;
  #origins: ((host: string | undefined, dataset: string) => Origin) | undefined;
  #latest = {channel: '', computer: '', origin: undefined as Origin | undefined};

  constructor(
    path: string,
    chunk: Chunk,
    context: FileContext,
    drops: DropCounter,
    changed: Micros,
    resumed?: Resumed,
  ) {
    this.#path = path;
    this.#source = resumed?.source;
    this.#epoch = resumed?.epoch;
    if (resumed) this.last = resumed.last;
    this.#shownPath = sanitize(path);
    this.#chunk = chunk;
    this.#context = context;
    this.#drops = drops;
    this.#changed = changed;
  }

  /** `event.id`s count within it: the same for every copy of a log, also when it has grown since. */
  get epoch(): string | undefined {
    return this.#epoch;
  }

  /** The events of the chunk that was read, `offset` bytes into the file; with `onlyNew`, of records not met yet. */
  read(offset: number, onlyNew = false): LogEvent[] {
    const events: LogEvent[] = [];
    const damaged = (damage: Damage, count: number) => {
      for (let i = 0; i < count; i++) this.#drops.add(damage, this.number + 1);
    };
    for (const place of recordsOf(this.#chunk, damaged)) {
      if (onlyNew && recordId(this.#chunk.bytes, place.at) <= this.last.id) continue;
      this.number++;
      const event = this.#event(place, this.#position(place, offset));
      if (event) events.push(event);
    }
    return events;
  }

  /** When the record of this number was written, where it is in the chunk. */
  find(id: number): Micros | undefined {
    for (const {at} of recordsOf(this.#chunk, () => {})) {
      if (recordId(this.#chunk.bytes, at) === id) return writtenTime(this.#chunk.bytes, at);
    }
    return undefined;
  }

  /** Goes on behind a record that cannot be read any more. */
  skipTo(id: number): void {
    this.last = {id, written: this.last.written};
  }

  #event(place: RecordPlace, position: number): LogEvent | undefined {
    const entry = this.#entry;
    entry.reset();
    try {
      readFields(this.#chunk, contentOf(this.#chunk, place), entry);
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      this.#drops.add(error.damage, this.number);
      return undefined;
    }
    entry.fields.add('file.path', this.#shownPath);
    const written = writtenTime(this.#chunk.bytes, place.at);
    return winlogEvent(entry, {
      origin: this.#origin(entry),
      position,
      time: possible(entry.time) ?? possible(written) ?? this.#changed,
      ingested: this.#context.clock(),
    });
  }

  /** The record's number; where that was there before, or is none, where it stands. */
  #position({at}: RecordPlace, offset: number): number {
    const id = recordId(this.#chunk.bytes, at);
    if (id <= this.last.id || id >= byOffset) return byOffset + offset + at;
    this.last = {id, written: writtenTime(this.#chunk.bytes, at)};
    return id;
  }

  #origin({channel, computer}: WindowsEntry): Origin {
    const latest = this.#latest;
    if (latest.origin && latest.channel === channel && latest.computer === computer) return latest.origin;
    const made = this.#maker()(computer === '' ? undefined : computer, datasetOf(channel));
    const origin = this.#source === undefined ? made : {...made, source: this.#source};
    this.#latest = {channel, computer, origin};
    return origin;
  }

  #maker(): (host: string | undefined, dataset: string) => Origin {
    this.#epoch ??= epochOf(this.#chunk.bytes);
    this.#origins ??= originMaker(this.#path, this.#epoch, this.#context);
    return this.#origins;
  }
}

const byOffset = 2 ** 52;

/** A log is told from others by its first record: its number and when it was written. */
function epochOf(bytes: Buffer): string {
  return bytes.toString('hex', chunkHead + 8, chunkHead + 24);
}

function possible(time: Micros | undefined): Micros | undefined {
  return time !== undefined && time >= 0 && Number.isSafeInteger(time) ? time : undefined;
}
