import type {LogEvent, Micros, Origin} from '../../event/event.ts';
import type {SourceContext} from '../source.ts';
import {logKind} from './dataset.ts';
import {toLogEvent} from './parse/entry.ts';
import {LineParser} from './parse/line-parser.ts';
import {fingerprint} from './tail/place.ts';

export interface LineFeedOptions {
  readonly path: string;
  /** `Origin.source`. */
  readonly source: string;
  /** Written into each event where one source reads several files. */
  readonly namePath: boolean;
}

/** What is known about the lines handed over next. */
export interface LineState {
  readonly epoch: string;
  /** About when they were written. */
  readonly reference: Micros;
  /** Lines before this are left out. */
  readonly notBefore: Micros;
}

/** Turns the lines of one path into events, a batch at a time. */
export class LineFeed {
  readonly #options: LineFeedOptions;
  readonly #context: SourceContext;
  readonly #parser: LineParser;
  readonly #dataset: string;
  /** Keeps epochs of the files of one source apart. */
  readonly #prefix: string;
  #origin: Origin | undefined;
  #events: LogEvent[] = [];
  #filtered = 0;
  /** Event time of the newest line, for lines that have none: the next line was written later. */
  #newest: Micros = 0;

  constructor(options: LineFeedOptions, context: SourceContext) {
    const kind = logKind(options.path);
    this.#options = options;
    this.#context = context;
    this.#dataset = kind.dataset;
    this.#prefix = options.namePath ? `${fingerprint(Buffer.from(options.path)).hash.slice(0, 12)}.` : '';
    this.#parser = new LineParser({provider: kind.provider, host: context.host});
  }

  get newest(): Micros {
    return this.#newest;
  }

  /** Begins another file: its lines do not follow those before. */
  begin(time: Micros): void {
    this.#newest = time;
  }

  add(text: string, offset: number, cut: boolean, state: LineState): void {
    if (text === '\r') return;
    const entry = this.#parser.parse(text, state.reference);
    const time = entry.time ?? (this.#newest === 0 ? state.reference : this.#newest);
    this.#newest = time;
    if (time < state.notBefore) {
      this.#filtered++;
      return;
    }
    if (cut) entry.fields = {...entry.fields, 'log.flags': 'cut'};
    if (this.#options.namePath) entry.fields = {...entry.fields, 'file.path': this.#options.path};
    this.#events.push(
      toLogEvent(entry, {
        origin: this.origin(state.epoch),
        position: offset,
        time,
        ingested: this.#context.clock(),
      }),
    );
  }

  /** One object an epoch, shared by all its events. */
  origin(epoch: string): Origin {
    const name = `${this.#prefix}${epoch}`;
    if (this.#origin?.epoch !== name) {
      const {agent, host} = this.#context;
      this.#origin = {agent, host, source: this.#options.source, epoch: name, dataset: this.#dataset};
    }
    return this.#origin;
  }

  /** What was added since the last call. */
  take(): {readonly events: readonly LogEvent[]; readonly filtered: number} {
    const taken = {events: this.#events, filtered: this.#filtered};
    this.#events = [];
    this.#filtered = 0;
    return taken;
  }
}
