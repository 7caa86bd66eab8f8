import type {PacketRow} from '../pipeline/snapshot.ts';
import {filterPackets} from './row-filter.ts';
import {RowHold} from './row-hold.ts';
import {packetKind} from './rows.ts';

/** The most packets that matched a filter and are kept after they left the snapshot. */
export const mostMatches = 500;

/**
 * The rows of the packet list. A snapshot holds the newest packets only, a second's worth under load: with a filter,
 * those that match stay when the others have long passed.
 */
export class PacketFeed {
  readonly #hold = new RowHold(packetKind);
  #filter = '';
  #matches: readonly PacketRow[] = [];
  #window: readonly PacketRow[] | undefined;

  update(window: readonly PacketRow[], follow: boolean, filter: string): readonly PacketRow[] {
    return this.#hold.update(filter === '' ? this.#unfiltered(window) : this.#matching(window, filter), follow);
  }

  #unfiltered(window: readonly PacketRow[]): readonly PacketRow[] {
    this.#filter = '';
    this.#matches = [];
    return window;
  }

  #matching(window: readonly PacketRow[], filter: string): readonly PacketRow[] {
    if (filter !== this.#filter) {
      this.#filter = filter;
      this.#matches = filterPackets(window, filter);
    } else if (window !== this.#window) {
      const found = filterPackets(newRows(window, this.#window), filter);
      if (found.length > 0) this.#matches = [...this.#matches, ...found].slice(-mostMatches);
    }
    this.#window = window;
    return this.#matches;
  }
}

/** What came since the window before. */
function newRows(window: readonly PacketRow[], before: readonly PacketRow[] | undefined): readonly PacketRow[] {
  const last = before?.at(-1);
  if (last === undefined) return window;
  const key = packetKind.key(last);
  return window.slice(window.findLastIndex(row => packetKind.key(row) === key) + 1);
}
