import type {LogEvent, Micros} from '../../../event/event.ts';
import {type Emit, type Gap, type Source, type SourceBatch, type SourceContext, SourceError} from '../../source.ts';
import {pause} from '../tail/changes.ts';
import {ChannelEvents, type RecordMark} from './channel-events.ts';
import {type ChannelPosition, movedTo, parseChannelPosition} from './channel-position.ts';
import {channelSource} from './channels.ts';
import {NoChannelError, Wevtutil} from './wevtutil.ts';

export interface ChannelOptions {
  readonly channel: string;
  /** `wevtutil`, or what stands in for it in tests. */
  readonly command?: string;
  /** ms between looks: after news, at most without any, and while there is no such channel. Shorter in tests. */
  readonly timing?: {readonly busy: number; readonly idle: number; readonly absent: number};
}

const usualTiming = {busy: 1_000, idle: 5_000, absent: 30_000};
/** How much longer each pause is than the last, while nothing comes. */
const slower = 1.5;
const mostAtOnce = 500;

/**
 * One channel of the Windows event log, read through wevtutil by record number. The record that was read last is read
 * again with the next ones: where it is another, or is gone, the log was cleared or has overwritten what nobody read.
 */
export function windowsChannel(options: ChannelOptions): Source {
  const id = channelSource(options.channel);
  return {
    id,
    start: async (emit, signal, context) => {
      if (/^[-/]/.test(options.channel)) throw new SourceError(`${id}: no channel has such a name`, 'wevtutil el');
      if (options.channel.toLowerCase() === 'forwardedevents') throw forwarded(id);
      await new ChannelRun(options, emit, signal, context).run();
    },
  };
}

class ChannelRun {
  readonly #channel: string;
  readonly #timing: typeof usualTiming;
  readonly #emit: Emit;
  readonly #signal: AbortSignal;
  readonly #context: SourceContext;
  readonly #tool: Wevtutil;
  readonly #events: ChannelEvents;
  #position: ChannelPosition | undefined;
  /** Records up to this one were written before this run began to watch. */
  #historicalUntil: number | undefined;
  #hasLooked = false;
  /** The newest event, where it is none that can be read. */
  #unreadable: string | undefined;

  constructor(options: ChannelOptions, emit: Emit, signal: AbortSignal, context: SourceContext) {
    this.#channel = options.channel;
    this.#timing = options.timing ?? usualTiming;
    this.#emit = emit;
    this.#signal = signal;
    this.#context = context;
    this.#tool = new Wevtutil(options.command);
    this.#events = new ChannelEvents(options.channel, context);
    this.#position = parseChannelPosition(context.position);
  }

  async run(): Promise<void> {
    let wait = this.#timing.busy;
    while (!this.#signal.aborted) {
      const found = await this.#look();
      if (this.#signal.aborted) return;
      if (found !== 'absent') this.#context.news({state: 'running', detail: this.#channel});
      wait = found === 'news' ? this.#timing.busy : Math.min(this.#timing.idle, wait * slower);
      await pause(found === 'absent' ? this.#timing.absent : wait, this.#signal);
    }
  }

  async #look(): Promise<'news' | 'nothing' | 'absent'> {
    try {
      return (await this.#readNew()) ? 'news' : 'nothing';
    } catch (error) {
      if (!(error instanceof NoChannelError)) throw error;
      const detail = `there is no channel ${this.#channel}`;
      this.#context.news({state: 'waiting', detail, mend: 'wevtutil el lists those that there are'});
      return 'absent';
    }
  }

  /** Whether there was anything new. */
  async #readNew(): Promise<boolean> {
    const xml = await this.#tool.newest(this.#channel, this.#signal);
    const newest = xml === undefined ? undefined : this.#events.read(xml);
    if (this.#signal.aborted) return false;
    this.#historicalUntil ??= newest?.record ?? 0;
    if (!this.#position) await this.#readBack(newest);
    else if (!(await this.#hasNews(this.#position, newest, xml))) return false;
    else {
      if (this.#at().record < this.#historicalUntil) this.#tellCatchingUp();
      await this.#readOn();
    }
    this.#hasLooked = true;
    return true;
  }

  async #hasNews({record, time}: ChannelPosition, newest: RecordMark | undefined, xml?: string): Promise<boolean> {
    if (newest) {
      if (newest.record === record && newest.time === time) return false;
      if (newest.record <= record) await this.#begunAnew();
      return true;
    }
    if (xml !== undefined) {
      // The newest event cannot be read; those before it are read once.
      const isKnown = xml === this.#unreadable;
      this.#unreadable = xml;
      return !isKnown;
    }
    if (record === 0) return false;
    const {records} = await this.#tool.info(this.#channel, this.#signal);
    if (records > 0 || this.#signal.aborted) return false;
    await this.#begunAnew();
    return true;
  }

  /** The first time: what happened since the time asked for. */
  async #readBack(newest: RecordMark | undefined): Promise<void> {
    const {created} = await this.#tool.info(this.#channel, this.#signal);
    if (this.#signal.aborted) return;
    const {backfillFrom} = this.#context;
    this.#position = {version: 1, record: 0, time: 0, created: created === '' ? 'unknown' : created, cleared: 0};
    if (newest) {
      this.#tellCatchingUp();
      const since = new Date(Math.max(0, backfillFrom / 1000)).toISOString();
      await this.#read(`*[System[TimeCreated[@SystemTime>='${since}']]]`, () => true);
    }
    if (this.#signal.aborted) return;
    // What is older than that is passed over for good.
    if (newest && newest.record > this.#at().record) this.#position = movedTo(this.#at(), newest.record, newest.time);
    await this.#send({events: []});
  }

  async #readOn(): Promise<void> {
    const last = this.#at();
    let isFirst = true;
    await this.#read(`*[System[(EventRecordID>=${Math.max(1, last.record)})]]`, async mark => {
      if (!isFirst || last.record === 0) return mark.record > this.#at().record;
      isFirst = false;
      if (mark.record === last.record) {
        if (mark.time === last.time) return false;
        await this.#begunAnew();
        // This log's own numbers begin at 1: what stands before is read by the next look.
        return 'stop';
      }
      await this.#tellOverwritten(last, mark);
      return true;
    });
  }

  /** Reads what a query finds, and hands over each event that `isWanted`. */
  async #read(xpath: string, isWanted: (mark: RecordMark) => Verdict | Promise<Verdict>): Promise<void> {
    let events: LogEvent[] = [];
    let dropped: Record<string, number> = {};
    let newest: RecordMark | undefined;
    const hand = async (): Promise<void> => {
      if (newest) this.#position = movedTo(this.#at(), newest.record, newest.time);
      const historical = newest !== undefined && newest.record <= (this.#historicalUntil ?? 0);
      if (events.length > 0 || Object.keys(dropped).length > 0) {
        await this.#send({events, dropped, ...(historical ? {historical} : undefined)});
      }
      events = [];
      dropped = {};
      newest = undefined;
    };
    for await (const piece of this.#tool.query(this.#channel, xpath, this.#signal)) {
      for (const [reason, count] of Object.entries(piece.drops)) if (count > 0) add(dropped, reason, count);
      for (const xml of piece.events) {
        const mark = this.#events.read(xml);
        const verdict = mark ? await isWanted(mark) : false;
        if (verdict === 'stop') return;
        if (!mark) add(dropped, 'unparsable', 1);
        else if (verdict) {
          events.push(this.#events.event(mark, this.#at()));
          newest = mark;
          if (events.length >= mostAtOnce || mark.record === this.#historicalUntil) await hand();
        }
        if (this.#signal.aborted) return;
      }
    }
    await hand();
  }

  /** The log's numbers are below what was read: someone emptied it. What was in it since the last look is lost. */
  async #begunAnew(): Promise<void> {
    const last = this.#at();
    const event = this.#events.cleared(last);
    const gap: Gap = {from: Math.min(last.time, event.time), to: event.time, reason: 'event log cleared'};
    this.#position = {...last, record: 0, time: 0, cleared: last.cleared + 1};
    // What is in a log that was emptied before our eyes is new.
    if (this.#hasLooked) this.#historicalUntil = 0;
    await this.#send({events: [event], gap});
  }

  /** Records between the last one read and the first that is there. */
  async #tellOverwritten(last: ChannelPosition, first: RecordMark): Promise<void> {
    if (first.record <= last.record + 1) return;
    const {oldest} = await this.#tool.info(this.#channel, this.#signal);
    // A record in between that could not be read is counted as such.
    const lost = Math.min(first.record, oldest) - last.record - 1;
    if (lost <= 0 || this.#signal.aborted) return;
    const from: Micros = Math.min(last.time, first.time);
    await this.#send({
      events: [],
      gap: {from, to: first.time, reason: 'overwritten or cleared before it was read', lost},
    });
  }

  #at(): ChannelPosition {
    return this.#position ?? {version: 1, record: 0, time: 0, created: 'unknown', cleared: 0};
  }

  #send(batch: SourceBatch): Promise<void> {
    return this.#emit({...batch, position: this.#at()});
  }

  #tellCatchingUp(): void {
    this.#context.news({state: 'catching-up', detail: `reading ${this.#channel} back`});
  }
}

/** Whether an event is to be handed over, or that nothing more is to be read. */
type Verdict = boolean | 'stop';

function add(counts: Record<string, number>, reason: string, count: number): void {
  counts[reason] = (counts[reason] ?? 0) + count;
}

function forwarded(id: string): SourceError {
  return new SourceError(
    `${id}: events of other computers keep the record numbers of those, so their place cannot be found again`,
    'take it out of sources in [monitor]; run siem on the computers themselves',
  );
}
