import type {Rows} from './list-state.ts';
import type {Detail, ListId, ViewState} from './view-state.ts';

export type Verdict = 'true-positive' | 'false-positive' | 'benign';

/** What the screen has to do besides showing the new state. */
export type Effect =
  | {readonly type: 'quit' | 'suspend' | 'repaint'}
  | {readonly type: 'acknowledge' | 'reopen' | 'export-packets'; readonly alert: string}
  | {readonly type: 'close'; readonly alert: string; readonly verdict: Verdict}
  | {readonly type: 'export-shown'}
  | {readonly type: 'open'; readonly detail: Detail};

export interface Step {
  readonly state: ViewState;
  readonly effects: readonly Effect[];
}

/** Lines of a text, and how many are seen at once. */
export interface Area {
  readonly lines: number;
  readonly page: number;
}

/** What is on the screen while a key is handled. */
export interface World {
  readonly lists: Readonly<Record<ListId, {readonly rows: Rows; readonly page: number}>>;
  readonly details: Area;
  /** How many fields each layer of the opened packet has, and how many lines of the tree are seen. */
  readonly tree: {readonly layers: readonly number[]; readonly page: number};
  readonly help: Area;
  readonly sources: Area;
  readonly charts: {readonly zooms: number; readonly pages: number};
  /** Why a filter is wrong, and where in its text; undefined where it is not. */
  filterFault(pane: ListId, text: string): {readonly message: string; readonly at: number} | undefined;
}

/** A step that only changes what is shown. */
export function just(state: ViewState): Step {
  return {state, effects: []};
}
