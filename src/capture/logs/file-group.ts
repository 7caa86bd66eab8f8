import {basename, dirname, join} from 'node:path';
import {z} from 'zod';
import {eventLogFile, isEventLogPath} from '../files/evtx/event-log-file.ts';
import type {Emit, Position, Source, SourceBatch, SourceContext, SourceNews} from '../source.ts';
import {SourceError} from '../source.ts';
import {expandGlob} from './glob.ts';
import {pause} from './tail/changes.ts';
import {rotatedFrom} from './tail/rotation.ts';
import {type TextFileOptions, textFile} from './text-file.ts';

export interface FileGroupOptions {
  /** Absolute, with `*`, `?` or `[…]`. */
  readonly pattern: string;
  readonly maxLine: number;
  /** Paths that other sources read or cover. */
  readonly without?: ReadonlySet<string>;
  /** ms between looks for new files. */
  readonly every?: number;
  readonly timing?: TextFileOptions['timing'];
}

const positionSchema = z.object({
  version: z.literal(1),
  files: z.record(z.string(), z.record(z.string(), z.unknown())),
});

const lookEvery = 3000;
/** Looks until a file that failed is tried again. */
const looksUntilRetry = 10;
/** Files followed at once by one pattern. */
export const mostFollowed = 200;

/**
 * Follows all files that a pattern names, those that appear later included, as one source: its position holds theirs.
 * Rotated and packed files are read by the follower of the file they were rotated from.
 */
export function fileGroup(options: FileGroupOptions): Source {
  const id = `file:${options.pattern}`;
  return {id, start: (emit, signal, context) => new GroupRun(id, options, emit, context).run(signal)};
}

class GroupRun {
  readonly #id: string;
  readonly #options: FileGroupOptions;
  readonly #emit: Emit;
  readonly #context: SourceContext;
  readonly #positions = new Map<string, Position>();
  readonly #followers = new Map<string, {done: Promise<void>; state: SourceNews['state']}>();
  readonly #failures = new Map<string, {error: unknown; looks: number}>();
  #told = '';

  constructor(id: string, options: FileGroupOptions, emit: Emit, context: SourceContext) {
    this.#id = id;
    this.#options = options;
    this.#emit = emit;
    this.#context = context;
    const stored = positionSchema.safeParse(context.position).data;
    for (const [path, position] of Object.entries(stored?.files ?? {})) this.#positions.set(path, position);
  }

  async run(signal: AbortSignal): Promise<void> {
    for (let first = true; !signal.aborted; first = false) {
      const paths = followable(
        await expandGlob(this.#options.pattern),
        this.#options.without ?? new Set(),
        this.#followers,
      );
      for (const path of paths.slice(0, mostFollowed)) this.#follow(path, !first, signal);
      this.#tell(paths.length);
      await pause(this.#options.every ?? lookEvery, signal);
    }
    await Promise.all([...this.#followers.values()].map(follower => follower.done));
  }

  #follow(path: string, appeared: boolean, signal: AbortSignal): void {
    const failure = this.#failures.get(path);
    if (this.#followers.has(path) || (failure && failure.looks++ < looksUntilRetry)) return;
    this.#failures.delete(path);
    const follower = {state: 'starting' as SourceNews['state'], done: Promise.resolve()};
    const context = {
      ...this.#context,
      position: this.#positions.get(path),
      news: (news: SourceNews) => {
        follower.state = news.state;
      },
    };
    const {maxLine, timing} = this.#options;
    const source = isEventLogPath(path)
      ? eventLogFile({path, group: this.#id})
      : textFile({path, maxLine, group: this.#id, appeared, ...(timing ? {timing} : undefined)});
    follower.done = source.start(this.#emitFor(path), signal, context).catch((error: unknown) => {
      this.#failures.set(path, {error, looks: 0});
      this.#followers.delete(path);
    });
    this.#followers.set(path, follower);
  }

  /** One file's batches carry the places of all, as they stood when the batch was handed over. */
  #emitFor(path: string): Emit {
    const emit = (batch: SourceBatch): Promise<void> => {
      if (batch.position) this.#positions.set(path, batch.position);
      return this.#emit({...batch, position: {version: 1, files: Object.fromEntries(this.#positions)}});
    };
    return Object.assign(emit, {room: () => this.#emit.room()});
  }

  #tell(found: number): void {
    const news = this.#newsOf(found);
    const text = JSON.stringify(news);
    if (text === this.#told) return;
    this.#told = text;
    this.#context.news(news);
  }

  #newsOf(found: number): SourceNews {
    const [failed] = this.#failures;
    const reading = [...this.#followers.values()];
    if (found === 0) return {state: 'waiting', detail: `no file matches ${this.#options.pattern} yet`};
    const more = found > mostFollowed ? `, ${found - mostFollowed} more are left out` : '';
    const detail = `${reading.length} of ${found} files${more}`;
    if (!failed) {
      const busy = reading.some(follower => follower.state === 'catching-up' || follower.state === 'starting');
      return {state: busy ? 'catching-up' : 'running', detail};
    }
    const [path, {error}] = failed;
    const reason = error instanceof Error ? error.message : String(error);
    const mend = error instanceof SourceError ? error.mend : undefined;
    return {
      state: reading.length > 0 ? 'running' : 'failed',
      detail: `${detail}; ${reason.includes(path) ? reason : `${path}: ${reason}`}`,
      ...(mend === undefined ? undefined : {mend}),
    };
  }
}

/** Without packed files, and without those that are rotated forms of another found one. */
function followable(
  paths: readonly string[],
  without: ReadonlySet<string>,
  followed: ReadonlyMap<string, unknown>,
): readonly string[] {
  // Between renaming a file and beginning the next one there is only the renamed one.
  const all = new Set([...paths, ...followed.keys()]);
  return paths.filter(path => {
    if (without.has(path) || /\.(?:gz|xz|bz2|zst|zip|journal)$/.test(path)) return false;
    const from = rotatedFrom(basename(path));
    return from === undefined || !all.has(join(dirname(path), from));
  });
}
