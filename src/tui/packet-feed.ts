import {packetsInFrame} from '../capture/packets/messages.ts';
import {errorText} from '../event/error-code.ts';
import type {PacketRow} from '../pipeline/snapshot.ts';
import {rawPacketOf} from './packet-bytes.ts';
import type {PacketInspection} from './packet-inspection.ts';
import {bpfOf, filterPackets} from './row-filter.ts';
import {RowHold} from './row-hold.ts';
import {packetKind} from './rows.ts';

/** The most packets that matched a filter and are kept after they left the snapshot. */
export const mostMatches = 500;

export interface PacketFeedOptions {
  readonly inspection: PacketInspection;
  /** More packets match: `update` gives them. */
  onChange(): void;
  onError(message: string): void;
}

/**
 * The rows of the packet list. A snapshot holds the newest packets only, a second's worth under load: with a filter,
 * those that match stay when the others have long passed. A filter of their bytes is answered elsewhere, a window of rows
 * at a time: what matches comes a moment later.
 */
export class PacketFeed {
  readonly #options: PacketFeedOptions;
  readonly #hold = new RowHold(packetKind);
  #filter = '';
  #matches: readonly PacketRow[] = [];
  /** The last one that was filtered. */
  #window: readonly PacketRow[] | undefined;
  /** Stands for the question that waits for its answer. */
  #asked: object | undefined;

  constructor(options: PacketFeedOptions) {
    this.#options = options;
  }

  update(window: readonly PacketRow[], follow: boolean, filter: string): readonly PacketRow[] {
    if (filter !== this.#filter) this.#begin(filter);
    return this.#hold.update(filter === '' ? window : this.#matching(window, filter), follow);
  }

  #begin(filter: string): void {
    this.#filter = filter;
    this.#matches = [];
    this.#window = undefined;
    this.#asked = undefined;
  }

  #matching(window: readonly PacketRow[], filter: string): readonly PacketRow[] {
    if (window === this.#window || this.#asked !== undefined) return this.#matches;
    const rows = newRows(window, this.#window);
    this.#window = window;
    const bpf = bpfOf(filter);
    if (bpf === undefined) this.#add(filterPackets(rows, filter));
    else if (rows.length > 0) this.#ask(bpf, rows.slice(-packetsInFrame));
    return this.#matches;
  }

  /** What comes meanwhile is asked about when the answer is there. */
  #ask(filter: string, rows: readonly PacketRow[]): void {
    const asked = {};
    this.#asked = asked;
    const answered = (tell: () => void) => {
      if (this.#asked !== asked) return;
      this.#asked = undefined;
      tell();
    };
    this.#options.inspection.match(filter, rows.map(rawPacketOf)).then(
      accepted =>
        answered(() => {
          this.#add(rows.filter((_, index) => accepted[index]));
          this.#options.onChange();
        }),
      (error: unknown) => answered(() => this.#options.onError(`not filtered: ${errorText(error)}`)),
    );
  }

  #add(found: readonly PacketRow[]): void {
    if (found.length > 0) this.#matches = [...this.#matches, ...found].slice(-mostMatches);
  }
}

/** What came since the window before. */
function newRows(window: readonly PacketRow[], before: readonly PacketRow[] | undefined): readonly PacketRow[] {
  const last = before?.at(-1);
  if (last === undefined) return window;
  const key = packetKind.key(last);
  return window.slice(window.findLastIndex(row => packetKind.key(row) === key) + 1);
}
