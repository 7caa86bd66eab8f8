import {userInfo} from 'node:os';
import {z} from 'zod';
import {second} from '../../event/clock.ts';
import {errorCode} from '../../event/error-code.ts';
import type {LogEvent, Origin} from '../../event/event.ts';
import type {Emit, Gap, Source, SourceBatch, SourceContext} from '../source.ts';
import {SourceError} from '../source.ts';
import {JournalChild, type JournalLines, type JournalOptions} from './journal-child.ts';
import {cursorPart, type JournalPlace, journalPlace, readJournalRecord} from './journal-entry.ts';
import {parseJournalLine} from './journal-json.ts';
import {toLogEvent} from './parse/entry.ts';
import {pause} from './tail/changes.ts';

const positionSchema = z.object({version: z.literal(1), cursor: z.string(), time: z.number()});
type JournalPosition = z.infer<typeof positionSchema>;

/** Read again where the cursor is lost, µs. */
const overlap = 60 * second;
/** Identities remembered to drop what the overlap brings again. */
const mostRecent = 10_000;
const shortestPause = 200;
const longestPause = 30_000;

/**
 * The systemd journal through journalctl. It first reads what was missed to its end and only then follows, because
 * `-f` of systemd 250 to 257 keeps to the current boot. A follower that ends (vacuuming can kill it) is begun again.
 */
export function journald(options: JournalOptions = {}): Source {
  const id =
    options.folder === undefined && options.file === undefined
      ? 'journald'
      : `journald:${options.folder ?? options.file}`;
  return {id, start: (emit, signal, context) => new JournalRun(id, options, emit, context).run(signal)};
}

class JournalRun {
  readonly #id: string;
  readonly #options: JournalOptions;
  readonly #emit: Emit;
  readonly #context: SourceContext;
  readonly #origins = new Map<string, Origin>();
  readonly #recent = new Set<string>();
  #position: JournalPosition | undefined;
  #child: JournalChild | undefined;
  #hinted = false;

  constructor(id: string, options: JournalOptions, emit: Emit, context: SourceContext) {
    this.#id = id;
    this.#options = options;
    this.#emit = emit;
    this.#context = context;
    this.#position = positionSchema.safeParse(context.position).data;
  }

  async run(signal: AbortSignal): Promise<void> {
    const kill = () => void this.#child?.end();
    signal.addEventListener('abort', kill);
    let wait = shortestPause;
    try {
      for (let first = true; !signal.aborted; first = false) {
        this.#context.news({state: 'catching-up', detail: 'reading the journal back'});
        await this.#catchUp(signal, first);
        if (signal.aborted) return;
        this.#tellRunning();
        const read = await this.#follow(signal);
        wait = read ? shortestPause : Math.min(longestPause, wait * 2);
        await pause(wait, signal);
      }
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }

  async #catchUp(signal: AbortSignal, historical: boolean): Promise<void> {
    const {cursor} = this.#position ?? {};
    if (!cursor) {
      await this.#read([this.#from()], signal, historical);
      return;
    }
    const found = await this.#read([`--cursor=${cursor}`], signal, historical, cursor);
    if (found === 'found' || signal.aborted) return;
    // The entry of the cursor is gone, or the journal was begun anew: go by time, and drop what comes again.
    const gap = this.#gapAfterLoss();
    this.#position = {version: 1, cursor: '', time: Math.max(0, gap.from - overlap)};
    await this.#send({events: [], gap});
    await this.#read([this.#from()], signal, historical);
  }

  /** Whether anything was read before the follower ended. */
  async #follow(signal: AbortSignal): Promise<boolean> {
    const args = ['--follow', '--no-tail', this.#from()];
    return (await this.#read(args, signal, false, this.#position?.cursor || undefined)) === 'found';
  }

  #from(): string {
    const {cursor, time} = this.#position ?? {cursor: '', time: this.#context.backfillFrom};
    return cursor === '' ? `--since=@${(time / second).toFixed(6)}` : `--cursor=${cursor}`;
  }

  /**
   * Runs one journalctl to its end. With a cursor: `lost` when the first entry is not the cursor's own; then nothing
   * was taken. `found` when there was any entry else.
   */
  async #read(
    args: readonly string[],
    signal: AbortSignal,
    historical: boolean,
    cursor?: string,
  ): Promise<'found' | 'nothing' | 'lost'> {
    const child = new JournalChild(args, this.#options);
    this.#child = child;
    let expected = cursor;
    let found = false;
    try {
      for await (const piece of child.lines()) {
        if (expected !== undefined && !startsAt(piece, expected)) return 'lost';
        expected = undefined;
        found = true;
        await this.#hand(piece, historical);
        if (signal.aborted) return 'found';
      }
      this.#complain(child.complaint, found);
    } catch (error) {
      // Ending the child cuts its output short.
      if (signal.aborted) return 'found';
      throw this.#explained(error);
    } finally {
      await child.end();
    }
    if (found) return 'found';
    return cursor === undefined ? 'nothing' : 'lost';
  }

  async #hand(piece: JournalLines, historical: boolean): Promise<void> {
    const events: LogEvent[] = [];
    let unparsable = 0;
    for (const line of piece.lines) {
      const record = parseJournalLine(line);
      const place = record && journalPlace(record);
      if (!record || !place) unparsable++;
      else if (!this.#isRepeated(place)) {
        this.#position = {version: 1, cursor: place.cursor, time: place.time};
        const entry = readJournalRecord(record, place.time);
        const {position, time} = place;
        events.push(
          toLogEvent(entry, {origin: this.#origin(place.epoch), position, time, ingested: this.#context.clock()}),
        );
      }
    }
    const dropped = {
      ...(unparsable > 0 ? {unparsable} : undefined),
      ...(piece.cut > 0 ? {'too-long': piece.cut} : undefined),
    };
    if (events.length === 0 && unparsable + piece.cut === 0) return;
    await this.#send({events, dropped, ...(historical ? {historical} : undefined)});
  }

  #isRepeated(place: JournalPlace): boolean {
    const identity = `${place.epoch} ${place.position}`;
    if (place.cursor === this.#position?.cursor || this.#recent.has(identity)) return true;
    this.#recent.add(identity);
    if (this.#recent.size > mostRecent) {
      for (const oldest of this.#recent) {
        this.#recent.delete(oldest);
        break;
      }
    }
    return false;
  }

  #origin(epoch: string): Origin {
    const known = this.#origins.get(epoch);
    if (known) return known;
    // Journals of many machines have many sequence ids; origins are small and quickly made again.
    if (this.#origins.size >= 256) this.#origins.clear();
    const {agent, host} = this.#context;
    const origin: Origin = {agent, host, source: this.#id, epoch, dataset: 'journald'};
    this.#origins.set(epoch, origin);
    return origin;
  }

  #gapAfterLoss(): Gap {
    const to = this.#context.clock();
    return {from: this.#position?.time ?? to, to, reason: 'journal vacuumed or begun anew'};
  }

  #send(batch: SourceBatch): Promise<void> {
    return this.#emit(this.#position ? {...batch, position: this.#position} : batch);
  }

  #complain(complaint: string, found: boolean): void {
    if (/not seeing messages from other users/.test(complaint)) this.#hinted = true;
    if (found || complaint === '') return;
    if (/insufficient permissions/.test(complaint)) {
      throw new SourceError(`the journal may not be read by ${userInfo().username}`, joinGroup());
    }
    if (/No journal files were found/.test(complaint)) {
      throw new SourceError('no journal files were found', 'journald = no in [sources], if there is no systemd here');
    }
  }

  #tellRunning(): void {
    this.#context.news(
      this.#hinted
        ? {state: 'running', detail: 'only the journal of this user may be read', mend: joinGroup()}
        : {state: 'running', detail: this.#id},
    );
  }

  #explained(error: unknown): unknown {
    if (errorCode(error) !== 'ENOENT') return error;
    return new SourceError('journalctl was not found', 'journald = no in [sources]');
  }
}

function startsAt(piece: JournalLines, cursor: string): boolean {
  const first = parseJournalLine(piece.lines[0] ?? '')?.get('__CURSOR');
  if (typeof first !== 'string') return false;
  return ['s', 'i'].every(part => cursorPart(first, part) === cursorPart(cursor, part));
}

function joinGroup(): string {
  return `sudo usermod -aG systemd-journal ${userInfo().username}`;
}
