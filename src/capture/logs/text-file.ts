import {userInfo} from 'node:os';
import {basename} from 'node:path';
import {performance} from 'node:perf_hooks';
import {errorCode} from '../../event/error-code.ts';
import type {LogEvent, Micros} from '../../event/event.ts';
import {Levels} from '../../event/level.ts';
import {sanitize} from '../../event/sanitize.ts';
import type {Emit, Source, SourceBatch, SourceContext} from '../source.ts';
import {SourceError} from '../source.ts';
import {LineFeed} from './line-feed.ts';
import {Changes, pause} from './tail/changes.ts';
import {type Findings, Follower, type Step} from './tail/follower.ts';
import {type FilePlace, parsePosition} from './tail/place.ts';

export interface TextFileOptions {
  /** Absolute. */
  readonly path: string;
  /** Longest line kept, bytes. */
  readonly maxLine: number;
  /** The source this file is a part of, where it is one of several: `file:/var/log/app/*.log`. */
  readonly group?: string;
  /** True for a file that appeared while its group was watched: what it holds is new. */
  readonly appeared?: boolean;
  /** ms; shorter in tests. */
  readonly timing?: {readonly poll: number; readonly settle: number; readonly grace: number};
}

const usualTiming = {poll: 200, settle: 40, grace: 60_000};
/** So much longer between looks at the path where the system tells of changes. */
const slower = 5;

/**
 * Follows one text log over rotation by rename and by copy and truncation, restarts included. An event's position is
 * its line's byte offset; its epoch names the file it was first read from, wherever that is moved to.
 *
 * @example
 * await textFile({path: '/var/log/auth.log', maxLine: 65_536}).start(emit, signal, context);
 */
export function textFile(options: TextFileOptions): Source {
  const id = options.group ?? `file:${options.path}`;
  return {id, start: (emit, signal, context) => new TextFileRun(id, options, emit, context).run(signal)};
}

class TextFileRun {
  readonly #options: TextFileOptions;
  readonly #timing: {readonly poll: number; readonly settle: number; readonly grace: number};
  readonly #emit: Emit;
  readonly #context: SourceContext;
  readonly #feed: LineFeed;
  readonly #follower: Follower;
  readonly #changes = new Changes();
  #feeding: Step | undefined;
  /** Of the lines that wait to be handed over: one piece of a file is one or the other. */
  #historical = false;
  #state = '';

  constructor(source: string, options: TextFileOptions, emit: Emit, context: SourceContext) {
    this.#options = options;
    this.#timing = options.timing ?? usualTiming;
    this.#emit = emit;
    this.#context = context;
    this.#feed = new LineFeed({path: options.path, source, namePath: options.group !== undefined}, context);
    this.#follower = new Follower(
      {path: options.path, maxLine: options.maxLine, grace: this.#timing.grace, now: () => performance.now()},
      parsePosition(context.position),
      context.backfillFrom,
    );
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      await this.#begin();
      while (!signal.aborted) await this.#round(signal);
    } catch (error) {
      throw explained(error, this.#options.path);
    } finally {
      this.#changes.close();
      await this.#follower.close();
    }
  }

  async #begin(): Promise<void> {
    const stored = parsePosition(this.#context.position);
    const findings = await this.#follower.begin(stored, this.#options.appeared !== true);
    await this.#tell(findings);
    this.#changes.follow(this.#options.path);
  }

  async #round(signal: AbortSignal): Promise<void> {
    const read = await this.#readAll(signal);
    if (signal.aborted) return;
    if (read) this.#changes.found();
    for (const path of this.#follower.takeDamaged()) await this.#gap(0, `${basename(path)} is damaged`);
    const findings = await this.#follower.look();
    if (findings === 'missing') this.#news('waiting', `${this.#options.path} is not there yet`);
    else if (findings) {
      await this.#tell(findings);
      this.#changes.follow(this.#options.path);
      return;
    } else if (!this.#follower.historical) this.#news('running', this.#options.path);
    await pause(this.#timing.settle, signal);
    await this.#changes.wait(this.#timing.poll, this.#timing.poll * slower, signal);
  }

  async #readAll(signal: AbortSignal): Promise<boolean> {
    let read = false;
    while (!signal.aborted) {
      if (this.#follower.historical) this.#news('catching-up', `reading ${this.#options.path} back`);
      const step = await this.#follower.readNext((from, text, offset, cut) => this.#line(from, text, offset, cut));
      if (!step) break;
      read = true;
      await this.#hand();
    }
    return read;
  }

  #line(step: Step, text: string, offset: number, cut: boolean): void {
    if (step !== this.#feeding) {
      this.#feeding = step;
      this.#feed.begin(step.reader?.lines.place.time ?? 0, step);
    }
    const historical = isHistorical(step);
    this.#historical = historical;
    this.#feed.add(text, offset, cut, {
      epoch: this.#follower.epochOf(step, text),
      reference: historical ? Math.round(step.file.modified * 1000) : this.#context.clock(),
      notBefore: historical ? this.#follower.backfillFrom : 0,
    });
    step.reader?.lines.note({time: this.#feed.newest});
  }

  async #hand(): Promise<void> {
    const {events, filtered, damaged} = this.#feed.take();
    if (events.length === 0 && filtered === 0 && damaged === 0) return;
    await this.#send({
      events,
      ...(filtered > 0 ? {filtered: {'older-than-backfill': filtered}} : undefined),
      ...(damaged > 0 ? {dropped: {unparsable: damaged}} : undefined),
      ...(this.#historical ? {historical: true} : undefined),
    });
  }

  /** Reports what happened to the files, and stores where reading stands now. */
  async #tell(findings: Findings): Promise<void> {
    const now = this.#context.clock();
    for (const place of findings.lost) {
      const truncated = findings.truncated.includes(place);
      await this.#gap(place.time, truncated ? 'truncated while nobody read it' : 'file removed before it was read');
    }
    const events = [
      ...findings.truncated.map(place => this.#tampering(place, 'log_truncated', now)),
      // Zeek moves a full file to its archive, packs it there, and begins another.
      ...(this.#feed.isZeek ? [] : findings.removed.map(place => this.#tampering(place, 'log_removed', now))),
    ];
    await this.#send({events});
  }

  #gap(from: Micros, reason: string): Promise<void> {
    const to = this.#context.clock();
    return this.#send({events: [], gap: {from: from === 0 ? to : from, to, reason}});
  }

  #tampering(place: FilePlace, action: 'log_truncated' | 'log_removed', now: Micros): LogEvent {
    const what = action === 'log_truncated' ? 'truncated or written anew' : 'removed';
    return {
      kind: 'log',
      // Positions in the file's own epoch are byte offsets of lines; this is none.
      origin: this.#feed.origin(`${place.epoch}:${action}`),
      position: place.offset,
      time: now,
      ingested: now,
      level: Levels.warning,
      code: 0,
      provider: 'siem',
      message: sanitize(
        `${this.#options.path} was ${what}: ${place.offset} bytes had been read of it, and no rotated file holds them`,
      ),
      fields: {'event.action': action, 'event.category': 'file', 'file.path': sanitize(this.#options.path)},
    };
  }

  #send(batch: SourceBatch): Promise<void> {
    return this.#emit({...batch, position: this.#follower.position()});
  }

  #news(state: 'catching-up' | 'running' | 'waiting', detail: string): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#context.news({state, detail});
  }
}

// The place moves on only behind a whole piece, so all lines of a piece get the same answer.
function isHistorical(step: Step): boolean {
  return (step.reader?.lines.place.offset ?? 0) < step.historicalUntil;
}

/** Names the file and the command that helps, where the system refused to open it. */
function explained(error: unknown, path: string): unknown {
  const code = errorCode(error);
  if (code !== 'EACCES' && code !== 'EPERM') return error;
  const user = userInfo().username;
  return new SourceError(`${path}: may not be read by ${user}`, `sudo setfacl -m u:${user}:r ${path}`);
}
