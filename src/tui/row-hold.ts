import type {RowKind} from './rows.ts';

/** The most rows kept while the reader stands still. */
export const mostHeld = 5_000;

/**
 * Rows of a window that slides over what comes: while the reader follows, the window itself; while not, what was there
 * stays and new rows are added behind it, so that nothing moves under the reader's eyes. Where the window has moved past
 * the rows held, or there are too many, they stay as they are: a gap is never hidden.
 */
export class RowHold<Row> {
  readonly #kind: RowKind<Row>;
  #rows: readonly Row[] = [];
  #window: readonly Row[] | undefined;

  constructor(kind: RowKind<Row>) {
    this.#kind = kind;
  }

  update(window: readonly Row[], follow: boolean): readonly Row[] {
    if (follow || this.#rows.length === 0) this.#rows = window;
    else if (window !== this.#window) this.#rows = this.#extended(window);
    this.#window = window;
    return this.#rows;
  }

  #extended(window: readonly Row[]): readonly Row[] {
    const last = this.#rows.at(-1);
    if (last === undefined || this.#rows.length >= mostHeld) return this.#rows;
    const key = this.#kind.key(last);
    const at = window.findLastIndex(row => this.#kind.key(row) === key);
    return at < 0 || at === window.length - 1 ? this.#rows : [...this.#rows, ...window.slice(at + 1)];
  }
}
