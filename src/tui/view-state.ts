import {type ListState, type NewestAt, newList} from './list-state.ts';
import type {Prompt} from './prompt.ts';

export const paneIds = ['alerts', 'logs', 'packets', 'charts', 'sources'] as const;

export type PaneId = (typeof paneIds)[number];

/** The panes that are lists of rows. */
export type ListPane = Exclude<PaneId, 'charts' | 'sources'>;

export const listPanes = ['alerts', 'logs', 'packets'] as const satisfies readonly ListPane[];

export const alertOrders = ['time', 'level', 'count'] as const;

export type AlertOrder = (typeof alertOrders)[number];

export const newestAt: Readonly<Record<ListPane, NewestAt>> = {
  alerts: 'start',
  logs: 'end',
  packets: 'end',
};

/** One opened row; the stack of them is what Esc closes one by one. */
export interface Detail {
  readonly pane: ListPane;
  readonly key: string;
  /** First line shown. */
  readonly top: number;
}

/** All that the keys have made of the screen. What is being shown (the data) is apart from it. */
export interface ViewState {
  readonly focus: PaneId;
  readonly enlarged: boolean;
  readonly help: boolean;
  readonly helpTop: number;
  readonly paused: boolean;
  readonly lists: Readonly<Record<ListPane, ListState>>;
  readonly alertOrder: AlertOrder;
  /** First line shown of the Sources pane. */
  readonly sourcesTop: number;
  readonly charts: {readonly zoom: number; readonly page: number};
  readonly details: readonly Detail[];
  readonly prompt: Prompt | undefined;
  /** The alert whose verdict is being asked for. */
  readonly verdictFor: string | undefined;
  /** A line about what the last key did, until the next key. */
  readonly message: string;
}

export const initialView: ViewState = {
  focus: 'alerts',
  enlarged: false,
  help: false,
  helpTop: 0,
  paused: false,
  lists: {alerts: newList, logs: newList, packets: newList},
  alertOrder: 'time',
  sourcesTop: 0,
  charts: {zoom: 1, page: 0},
  details: [],
  prompt: undefined,
  verdictFor: undefined,
  message: '',
};

export function isList(pane: PaneId): pane is ListPane {
  return pane !== 'charts' && pane !== 'sources';
}

export function withList(state: ViewState, pane: ListPane, list: ListState): ViewState {
  return list === state.lists[pane] ? state : {...state, lists: {...state.lists, [pane]: list}};
}
