import {type ListState, type NewestAt, newList} from './list-state.ts';
import type {LogView} from './log-views.ts';
import type {TreeState} from './packet-tree.ts';
import type {Prompt} from './prompt.ts';

export const paneIds = ['alerts', 'logs', 'packets', 'charts', 'sources'] as const;

export type PaneId = (typeof paneIds)[number];

/** What the Packets pane shows, one at a time: packets, who talks with whom, and who talks most. */
export const packetViews = ['packets', 'conversations', 'talkers'] as const;

export type PacketView = (typeof packetViews)[number];

/** The lists of rows: those of panes, and the views of the Packets pane. */
export const listIds = ['alerts', 'logs', ...packetViews] as const;

export type ListId = (typeof listIds)[number];

export const alertOrders = ['time', 'level', 'count'] as const;

export type AlertOrder = (typeof alertOrders)[number];

export const trafficOrders = ['bytes', 'packets', 'time'] as const;

export type TrafficOrder = (typeof trafficOrders)[number];

/** Where the row is that a list follows: the newest, or the first by its order. */
export const newestAt: Readonly<Record<ListId, NewestAt>> = {
  alerts: 'start',
  logs: 'end',
  packets: 'end',
  conversations: 'start',
  talkers: 'start',
};

/** One opened row; the stack of them is what Esc closes one by one. */
export interface Detail {
  readonly pane: ListId;
  readonly key: string;
  /** First line shown. */
  readonly top: number;
  /** Where the reader stands in the decode tree, of packets. */
  readonly tree?: TreeState;
}

/** All that the keys have made of the screen. What is being shown (the data) is apart from it. */
export interface ViewState {
  readonly focus: PaneId;
  readonly enlarged: boolean;
  readonly help: boolean;
  readonly helpTop: number;
  readonly paused: boolean;
  readonly lists: Readonly<Record<ListId, ListState>>;
  readonly alertOrder: AlertOrder;
  readonly logView: LogView;
  readonly packetView: PacketView;
  readonly trafficOrder: TrafficOrder;
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
  lists: {alerts: newList, logs: newList, packets: newList, conversations: newList, talkers: newList},
  alertOrder: 'time',
  logView: 'logs',
  packetView: 'packets',
  trafficOrder: 'bytes',
  sourcesTop: 0,
  charts: {zoom: 1, page: 0},
  details: [],
  prompt: undefined,
  verdictFor: undefined,
  message: '',
};

/** The list that keys move in, where the focused pane is one. */
export function listOf({focus, packetView}: Pick<ViewState, 'focus' | 'packetView'>): ListId | undefined {
  if (focus === 'charts' || focus === 'sources') return undefined;
  return focus === 'packets' ? packetView : focus;
}

export function withList(state: ViewState, pane: ListId, list: ListState): ViewState {
  return list === state.lists[pane] ? state : {...state, lists: {...state.lists, [pane]: list}};
}
