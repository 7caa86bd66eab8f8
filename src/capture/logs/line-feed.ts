import type {Event, Micros, Origin} from '../../event/event.ts';
import type {SourceContext} from '../source.ts';
import {logKind} from './dataset.ts';
import {toLogEvent} from './parse/entry.ts';
import {LineParser} from './parse/line-parser.ts';
import {SensorLines} from './sensors/sensor-lines.ts';
import {recordTime, type SensorRecord, sensorEvent} from './sensors/sensor-record.ts';
import {fingerprint} from './tail/place.ts';

export interface LineFeedOptions {
  readonly path: string;
  /** `Origin.source`. */
  readonly source: string;
  /** Written into each event where one source reads several files. */
  readonly namePath: boolean;
}

/** One file of those a path leads to over time; the same object each time. */
export interface LineFile {
  /** Comment lines that it begins with, where reading goes on behind them. */
  readonly header: readonly string[];
}

/** What is known about the lines handed over next. */
export interface LineState {
  readonly epoch: string;
  /** About when they were written. */
  readonly reference: Micros;
  /** Lines before this are left out. */
  readonly notBefore: Micros;
}

/** Kinds of rows that one file holds: Suricata's log has some forty. */
const mostDatasets = 256;

/** Turns the lines of one path into events, a batch at a time. */
export class LineFeed {
  readonly #options: LineFeedOptions;
  readonly #context: SourceContext;
  readonly #parser: LineParser;
  readonly #dataset: string;
  /** Keeps epochs of the files of one source apart. */
  readonly #prefix: string;
  readonly #origins = new Map<string, Origin>();
  #epoch = '';
  #sensors: SensorLines;
  /** A renamed file and the one that follows it are read side by side, each with its own header. */
  readonly #sensorsOf = new WeakMap<LineFile, SensorLines>();
  #events: Event[] = [];
  #filtered = 0;
  #damaged = 0;
  /** Event time of the newest line, for lines that have none: the next line was written later. */
  #newest: Micros = 0;

  constructor(options: LineFeedOptions, context: SourceContext) {
    const kind = logKind(options.path);
    this.#options = options;
    this.#context = context;
    this.#dataset = kind.dataset;
    this.#sensors = new SensorLines(options.path);
    this.#prefix = options.namePath ? `${fingerprint(Buffer.from(options.path)).hash.slice(0, 12)}.` : '';
    this.#parser = new LineParser({provider: kind.provider, host: context.host});
  }

  get newest(): Micros {
    return this.#newest;
  }

  /** Whether the log is Zeek's, by what was read of it. */
  get isZeek(): boolean {
    return this.#sensors.isZeek;
  }

  /** Turns to another file, or back to one: its lines do not follow those before. */
  begin(time: Micros, file: LineFile): void {
    this.#newest = time;
    const known = this.#sensorsOf.get(file);
    this.#sensors = known ?? new SensorLines(this.#options.path);
    if (known) return;
    this.#sensorsOf.set(file, this.#sensors);
    for (const line of file.header) this.#sensors.read(line);
  }

  add(text: string, offset: number, cut: boolean, state: LineState): void {
    if (text === '\r') return;
    const sensed = this.#sensors.read(text);
    if (sensed === 'damaged') this.#damaged++;
    else if (sensed && sensed !== 'header') this.#addSensed(sensed, offset, state);
    if (sensed !== undefined) return;
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

  #addSensed(sensed: SensorRecord, position: number, state: LineState): void {
    const newest = this.#newest === 0 ? state.reference : this.#newest;
    const time = recordTime(sensed) ?? newest;
    this.#newest = time;
    if (time < state.notBefore) {
      this.#filtered++;
      return;
    }
    const origin = (dataset: string) => this.origin(state.epoch, dataset);
    this.#events.push(sensorEvent(sensed, {position, ingested: this.#context.clock(), newest, origin}));
  }

  /** One object an epoch and dataset, shared by all its events. */
  origin(epoch: string, dataset = this.#dataset): Origin {
    const name = `${this.#prefix}${epoch}`;
    if (this.#epoch !== name) this.#origins.clear();
    this.#epoch = name;
    const known = this.#origins.get(dataset);
    if (known) return known;
    const {agent, host} = this.#context;
    const made: Origin = {agent, host, source: this.#options.source, epoch: name, dataset};
    if (this.#origins.size >= mostDatasets) this.#origins.clear();
    this.#origins.set(dataset, made);
    return made;
  }

  /** What was added since the last call. */
  take(): {readonly events: readonly Event[]; readonly filtered: number; readonly damaged: number} {
    const taken = {events: this.#events, filtered: this.#filtered, damaged: this.#damaged};
    this.#events = [];
    this.#filtered = 0;
    this.#damaged = 0;
    return taken;
  }
}
