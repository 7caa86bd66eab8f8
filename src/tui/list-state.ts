import type {ListView} from './pane.ts';

/** The rows that a list shows, as far as moving and searching need to know them. */
export interface Rows {
  readonly length: number;
  /** Names a row for as long as it exists, however rows come and go around it. */
  key(index: number): string;
  /** What a search looks into. */
  text(index: number): string;
}

/** At which end new rows come: the end that is followed. */
export type NewestAt = 'start' | 'end';

/** Where a list stands. The chosen row is known by its key, so that new rows do not move the choice. */
export interface ListState {
  readonly key: string | undefined;
  /** Where the chosen row was when last seen, -1 while there are no rows. */
  readonly index: number;
  readonly top: number;
  readonly follow: boolean;
  readonly filter: string;
  readonly search: string;
}

export const newList: ListState = {key: undefined, index: -1, top: 0, follow: true, filter: '', search: ''};

/** The list after its rows or its height changed: the same row chosen, at the same place of the view if possible. */
export function settle(list: ListState, rows: Rows, height: number, newestAt: NewestAt): ListState {
  if (rows.length === 0) return list.index === -1 ? list : {...list, index: -1, top: 0};
  if (list.follow) return choose(list, newestAt === 'end' ? rows.length - 1 : 0, rows, height);
  const found = find(rows, list.key, list.index);
  const index = found ?? Math.min(Math.max(list.index, 0), rows.length - 1);
  const moved = found === undefined ? 0 : index - list.index;
  return choose(moved === 0 ? list : {...list, top: list.top + moved}, index, rows, height);
}

/** Moves the choice by some rows. Moving away from the newest row stops following. */
export function move(list: ListState, by: number, rows: Rows, height: number): ListState {
  if (rows.length === 0) return list;
  const index = Math.min(Math.max(list.index + by, 0), rows.length - 1);
  return choose({...list, follow: list.follow && index === list.index}, index, rows, height);
}

/** Jumps to one end, and follows from there where that is the newest. */
export function jump(list: ListState, to: NewestAt, rows: Rows, height: number, newestAt: NewestAt): ListState {
  const index = to === 'end' ? rows.length - 1 : 0;
  return choose({...list, follow: to === newestAt}, index, rows, height);
}

/** The next row that holds the searched text, going round at the ends; undefined where none does. */
export function findHit(
  list: ListState,
  rows: Rows,
  step: 1 | -1,
): {readonly index: number; readonly wrapped: boolean} | undefined {
  const wanted = list.search.toLowerCase();
  if (wanted === '') return undefined;
  for (let distance = 1; distance <= rows.length; distance++) {
    const raw = list.index + step * distance;
    const index = ((raw % rows.length) + rows.length) % rows.length;
    if (rows.text(index).toLowerCase().includes(wanted)) return {index, wrapped: raw !== index};
  }
  return undefined;
}

/** Chooses a row and scrolls as little as shows it. */
export function choose(list: ListState, index: number, rows: Rows, height: number): ListState {
  if (rows.length === 0) return {...list, index: -1, top: 0};
  const page = Math.max(1, height);
  const lowest = Math.max(0, rows.length - page);
  const top = Math.min(Math.max(list.top, index - page + 1, 0), index, lowest);
  const key = rows.key(index);
  if (key === list.key && index === list.index && top === list.top) return list;
  return {...list, key, index, top};
}

export function toListView(list: ListState, focused: boolean, missed: number | undefined): ListView {
  const {index, top, follow, filter, search} = list;
  const view = {selected: index, top, follow, filter, search, focused};
  return missed === undefined ? view : {...view, missed};
}

/** Looks outward from where the row was: it seldom moved far. */
function find(rows: Rows, key: string | undefined, near: number): number | undefined {
  if (key === undefined) return undefined;
  const start = Math.min(Math.max(near, 0), rows.length - 1);
  for (let distance = 0; distance < rows.length; distance++) {
    for (const index of distance === 0 ? [start] : [start - distance, start + distance]) {
      if (index >= 0 && index < rows.length && rows.key(index) === key) return index;
    }
  }
  return undefined;
}
