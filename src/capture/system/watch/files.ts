import {join} from 'node:path';
import {z} from 'zod';
import type {LogEvent} from '../../../event/event.ts';
import {sanitizeLine} from '../../../event/sanitize.ts';
import type {Emit, Source, SourceContext} from '../../source.ts';
import {type Pause, pause as realPause} from '../pause.ts';
import {type Account, accountName, readAccounts} from './accounts.ts';
import {addedLines, changesBetween, octal} from './file-changes.ts';
import {type FileState, fileStateSchema, lookAtFile} from './file-state.ts';
import {
  WatchActions,
  type WatchKind,
  watchAddedField,
  watchChangesField,
  watchKindField,
  watchKinds,
} from './watch-event.ts';
import {listWatched, mostFiles} from './watch-list.ts';
import {WatchReporter} from './watch-reporter.ts';

export interface FileWatchOptions {
  /** Seconds between looks. */
  readonly seconds: number;
  /** Files and folders to watch besides those that are always watched. */
  readonly files: readonly string[];
  /** The folder that stands for `/`. */
  readonly root?: string;
  readonly pause?: Pause;
}

/**
 * Reports changes of authorized_keys, sudoers, systemd units, cron tables and the files the user names. What they were
 * is kept in the position, so a change made while the program was down is found at the next start. The first run takes
 * them as they are, and so does the first look at a file that was newly named.
 */
export class FileWatch implements Source {
  readonly id = 'watch:files';
  readonly #options: FileWatchOptions;

  constructor(options: FileWatchOptions) {
    this.#options = options;
  }

  async start(emit: Emit, signal: AbortSignal, context: SourceContext): Promise<void> {
    const {seconds, pause = realPause} = this.#options;
    const run = new Run(this.#options, context);
    while (!signal.aborted) {
      const batch = run.look();
      if (batch.events.length > 0 || run.looks === 1) await emit(batch);
      if (run.looks === 1) context.news({state: 'running', detail: run.describe(seconds)});
      await pause(seconds * 1000, signal);
    }
  }
}

const savedFile = fileStateSchema.extend({kind: z.enum(watchKinds)});
const savedPosition = z.object({
  epoch: z.string(),
  sequence: z.number(),
  named: z.array(z.string()),
  files: z.record(z.string(), savedFile),
});

type KnownFile = FileState & {readonly kind: WatchKind};

interface Batch {
  readonly events: readonly LogEvent[];
  readonly position: z.infer<typeof savedPosition>;
}

class Run {
  looks = 0;
  readonly #root: string;
  readonly #named: readonly string[];
  /** Named for the first time in this run. */
  readonly #newlyNamed: readonly string[];
  readonly #reporter: WatchReporter;
  readonly #hasBaseline: boolean;
  readonly #known: Map<string, KnownFile>;
  #accounts: readonly Account[] = [];

  constructor({root = '/', files}: FileWatchOptions, context: SourceContext) {
    const saved = savedPosition.safeParse(context.position).data;
    this.#root = root;
    this.#named = files;
    this.#newlyNamed = files.filter(path => !saved?.named.includes(path));
    this.#reporter = new WatchReporter('watch:files', context, saved);
    this.#hasBaseline = saved !== undefined;
    this.#known = new Map(Object.entries(saved?.files ?? {}));
  }

  describe(seconds: number): string {
    const full = this.#known.size >= mostFiles ? ', the most that can be' : '';
    return `${this.#known.size} files${full}, looked at each ${seconds} s`;
  }

  look(): Batch {
    this.#accounts = readAccounts(this.#root);
    const present = listWatched(this.#root, this.#accounts, this.#named);
    const events: LogEvent[] = [];
    for (const [path, kind] of present) events.push(...this.#lookAt(path, kind));
    for (const path of this.#known.keys()) if (!present.has(path)) events.push(...this.#lookAtUnlisted(path));
    this.looks++;
    const {epoch, sequence} = this.#reporter;
    const files = Object.fromEntries(this.#known);
    return {events, position: {epoch, sequence, named: [...this.#named], files}};
  }

  #lookAt(path: string, kind: WatchKind): LogEvent[] {
    const before = this.#known.get(path);
    const look = lookAtFile(join(this.#root, path), before, kind === 'watched');
    if (look === 'same' || look === 'hidden') return [];
    if (look === 'gone') return this.#forget(path);
    this.#known.set(path, {...remembered(before, look.state), kind});
    if (before === undefined && this.#isBaseline(path)) return [];
    const changes = before ? changesBetween(before, look.state, uid => accountName(this.#accounts, uid)) : '';
    if (before && changes === '') return [];
    const action = before ? WatchActions.fileChanged : WatchActions.fileCreated;
    // What the user names may hold secrets; the others are read to be believed.
    const added = kind === 'watched' ? '' : addedLines(before, look.lines);
    return [this.#event(path, kind, action, look.state, changes, added)];
  }

  // In a folder that can no longer be read, or no longer named: only what is truly gone is reported.
  #lookAtUnlisted(path: string): LogEvent[] {
    const look = lookAtFile(join(this.#root, path), undefined, false);
    if (look === 'gone') return this.#forget(path);
    if (look !== 'hidden') this.#known.delete(path);
    return [];
  }

  #forget(path: string): LogEvent[] {
    const before = this.#known.get(path);
    if (before === undefined) return [];
    this.#known.delete(path);
    return [this.#event(path, before.kind, WatchActions.fileRemoved, before, '', '')];
  }

  #isBaseline(path: string): boolean {
    if (this.looks > 0) return false;
    if (!this.#hasBaseline) return true;
    return this.#newlyNamed.some(named => path === named || path.startsWith(`${named.replace(/\/$/, '')}/`));
  }

  #event(path: string, kind: WatchKind, action: string, state: FileState, changes: string, added: string): LogEvent {
    const safePath = sanitizeLine(path);
    const verb = action.slice('file_'.length);
    return this.#reporter.toEvent({
      message: `${safePath} was ${verb}${changes && `: ${changes}`}`,
      fields: {
        'event.action': action,
        'file.path': safePath,
        'file.size': state.size,
        'file.mode': octal(state.mode),
        'file.owner': accountName(this.#accounts, state.uid),
        [watchKindField]: kind,
        ...(changes && {[watchChangesField]: changes}),
        ...(added && {[watchAddedField]: added}),
      },
    });
  }
}

// What could be read before and can not be now keeps its old content: else who makes a file unreadable for a moment could
// change it unseen.
function remembered(before: FileState | undefined, now: FileState): FileState {
  if (before === undefined || now.hash !== '') return now;
  return {...now, hash: before.hash, lines: before.lines};
}
