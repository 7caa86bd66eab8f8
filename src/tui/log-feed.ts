import {type LogRow, newestRows} from '../pipeline/snapshot.ts';
import type {Expression} from '../query/expression.ts';
import type {QueryRequest} from '../query/request.ts';
import type {HistoryClient} from './history-client.ts';
import {remember} from './remember.ts';
import {logRowOf} from './rows.ts';

export interface LogFeedOptions {
  readonly history: HistoryClient;
  /** New rows are there to be shown. */
  onChange(): void;
  /** For a person: why rows could not be read. */
  onError(message: string): void;
}

/** Rows of one page read from the store, and the most that are held while scrolling. */
export const pageRows = 500;
export const mostRows = 20_000;

/**
 * The rows of the Logs pane. While following: the snapshot's newest rows, after a start those before them in the store. While the reader has scrolled up, rows stay
 * (they would otherwise slide out of the snapshot's window) and older pages come from the store. With a filter all rows
 * come from the store.
 */
export class LogFeed {
  readonly #options: LogFeedOptions;
  #rows: readonly LogRow[] = [];
  #newest: readonly LogRow[] | undefined;
  /** Of before this run, until the snapshot has rows enough of its own. */
  #stored: readonly LogRow[] | undefined;
  readonly #joined = remember((stored: readonly LogRow[], newest: readonly LogRow[]): readonly LogRow[] => {
    const from = newest[0]?.seq ?? Number.POSITIVE_INFINITY;
    return [...stored.filter(({seq}) => seq < from), ...newest];
  }, 1);
  #where: Expression | undefined;
  #within: Expression | undefined;
  #follow = true;
  #exhausted = false;
  #loading: AbortController | undefined;

  constructor(options: LogFeedOptions) {
    this.#options = options;
  }

  get rows(): readonly LogRow[] {
    return this.#rows;
  }

  /** True while something is being read. */
  get loading(): boolean {
    return this.#loading !== undefined;
  }

  /** Takes a snapshot's rows into account. */
  update(newest: readonly LogRow[], follow: boolean): readonly LogRow[] {
    if (follow && !this.#follow) this.#exhausted = false;
    this.#follow = follow;
    this.#newest = newest;
    if (this.#where) return this.#rows;
    this.#rows = follow || this.#rows.length === 0 ? this.#following(newest) : appended(this.#rows, newest);
    return this.#rows;
  }

  /**
   * Sets another filter, with which rows come with the next `refresh`, and what rows from the store must satisfy in any case:
   * what the snapshot's rows do.
   */
  setFilter(where: Expression | undefined, within?: Expression): void {
    this.#stopLoading();
    this.#where = where;
    this.#within = within;
    this.#rows = [];
    this.#stored = undefined;
    this.#exhausted = false;
  }

  /** To be called once a second: reads what came since where a filter is set, else once what was there before. */
  refresh(): void {
    if (!this.#where) {
      this.#recall();
      return;
    }
    if (this.#loading || (!this.#follow && this.#rows.length >= mostRows)) return;
    const last = this.#rows.at(-1)?.seq;
    const request: QueryRequest = this.#request();
    this.#load(last === undefined ? request : {...request, afterSeq: last}, found => {
      // A full answer may have left rows out between: following shows the newest, reading on must not show a gap.
      const full = found.length >= pageRows && this.#rows.length > 0;
      if (full && this.#follow) this.#rows = found;
      else if (!full) this.#rows = [...this.#rows, ...found].slice(this.#follow ? -mostRows : 0);
    });
  }

  /** Reads the page before the first row, unless it is being read or there is none. */
  older(): void {
    const first = this.#rows[0];
    if (!first || this.#loading || this.#exhausted || this.#rows.length >= mostRows) return;
    this.#load({...this.#request(), until: first.time + 1}, found => {
      const known = new Set(this.#rows.slice(0, pageRows).map(row => row.seq));
      const older = found.filter(row => !known.has(row.seq) && row.time <= first.time);
      if (older.length === 0) this.#exhausted = true;
      this.#rows = [...older, ...this.#rows];
    });
  }

  stop(): void {
    this.#stopLoading();
  }

  #recall(): void {
    if (this.#stored || this.#loading || !this.#newest || !this.#follow) return;
    this.#stored = [];
    if (this.#newest.length >= newestRows) return;
    this.#load(this.#request(), found => {
      this.#stored = found;
      if (this.#follow) this.#rows = this.#following(this.#newest ?? []);
    });
  }

  /** The snapshot's rows are all that this run brought until there are so many that the first leave it. */
  #following(newest: readonly LogRow[]): readonly LogRow[] {
    const stored = this.#stored ?? [];
    return stored.length === 0 || newest.length >= newestRows ? newest : this.#joined(stored, newest);
  }

  #request(): QueryRequest {
    const terms = [this.#within, this.#where].filter(term => term !== undefined);
    const [only, ...more] = terms;
    if (!only) return {kind: 'logs', limit: pageRows};
    return {kind: 'logs', limit: pageRows, where: more.length === 0 ? only : {type: 'and', terms}};
  }

  #load(request: QueryRequest, use: (rows: readonly LogRow[]) => void): void {
    const loading = new AbortController();
    this.#loading = loading;
    this.#options.history
      .logs(request, loading.signal)
      .then(rows => {
        if (this.#loading !== loading) return;
        this.#loading = undefined;
        use(rows.map(logRowOf));
        this.#options.onChange();
      })
      .catch((error: unknown) => {
        if (this.#loading !== loading) return;
        this.#loading = undefined;
        this.#exhausted = true;
        this.#options.onError(error instanceof Error ? error.message : String(error));
      });
  }

  #stopLoading(): void {
    this.#loading?.abort();
    this.#loading = undefined;
  }
}

/** Held rows with the newer ones behind them; where the window has moved past, as they are: a gap is never hidden. */
function appended(held: readonly LogRow[], newest: readonly LogRow[]): readonly LogRow[] {
  const last = held.at(-1);
  const first = newest[0];
  if (!last || !first || first.seq > last.seq || held.length >= mostRows) return held;
  const more = newest.filter(row => row.seq > last.seq);
  return more.length === 0 ? held : [...held, ...more];
}
