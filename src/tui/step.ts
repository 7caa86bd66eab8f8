import {type ActionName, actionFor, type KeyContext} from './keymap.ts';
import type {Key} from './keys.ts';
import {type ListState, type Rows, settle} from './list-state.ts';
import {type LogView, logViews} from './log-views.ts';
import {unfoldedTree} from './packet-tree.ts';
import {openPrompt, promptKey, refiltered, toHit, verdictKey} from './prompt-step.ts';
import {trafficOrderText} from './rows.ts';
import {inTree, scroll} from './scroll.ts';
import {
  alertOrders,
  type Detail,
  listIds,
  listOf,
  newestAt,
  type PaneId,
  packetViews,
  paneIds,
  trafficOrders,
  type ViewState,
  withList,
} from './view-state.ts';
import {just, type Step, type World} from './world.ts';

/** One key. Pure: the same state, key and world give the same step. */
export function step(state: ViewState, key: Key, world: World): Step {
  const quiet = state.message === '' ? state : {...state, message: ''};
  if (quiet.prompt) return key.name === 'ctrl+c' ? {state, effects: [{type: 'quit'}]} : promptKey(quiet, key, world);
  if (quiet.verdictFor !== undefined) return verdictKey(quiet, quiet.verdictFor, key);
  const action = actionFor(key.name, contextsOf(quiet));
  return action === undefined ? just(quiet) : act(quiet, action, world);
}

/** The state after rows or sizes changed without a key. */
export function settleLists(state: ViewState, world: World): ViewState {
  let lists = state.lists;
  for (const pane of listIds) {
    const {rows, page} = world.lists[pane];
    const settled = settle(lists[pane], rows, page, newestAt[pane]);
    if (settled !== lists[pane]) lists = {...lists, [pane]: settled};
  }
  return lists === state.lists ? state : {...state, lists};
}

/** Where keys are looked up, the most particular first. */
export function contextsOf(state: ViewState): readonly KeyContext[] {
  if (state.help) return ['details', 'anywhere'];
  const detail = state.details.at(-1);
  if (detail?.tree) return ['packet', 'details', 'anywhere'];
  if (detail) return detail.pane === 'alerts' ? ['details', 'alerts', 'anywhere'] : ['details', 'anywhere'];
  if (state.focus === 'charts') return ['charts', 'anywhere'];
  if (state.focus === 'sources') return ['details', 'anywhere'];
  if (state.focus === 'packets') {
    const views: readonly KeyContext[] = ['packets', 'list', 'anywhere'];
    return state.packetView === 'packets' ? views : ['traffic', ...views];
  }
  return state.focus === 'alerts' ? ['alert-list', 'alerts', 'list', 'anywhere'] : [state.focus, 'list', 'anywhere'];
}

function act(state: ViewState, action: ActionName, world: World): Step {
  switch (action) {
    case 'quit':
    case 'suspend':
    case 'repaint':
      return {state, effects: [{type: action}]};
    case 'help':
      return just({...state, help: !state.help, helpTop: 0});
    case 'back':
      return just(back(state));
    case 'next-pane':
      return just(focus(state, paneAfter(state.focus, 1)));
    case 'previous-pane':
      return just(focus(state, paneAfter(state.focus, -1)));
    case 'pane-1':
    case 'pane-2':
    case 'pane-3':
    case 'pane-4':
    case 'pane-5':
      return just(focus(state, paneIds[Number(action.slice(-1)) - 1] ?? state.focus));
    case 'enlarge':
      return just({...state, enlarged: !state.enlarged});
    case 'pause':
      return just({...state, paused: !state.paused});
    case 'sort':
      return just(sort(state));
    case 'sort-traffic':
      return just(sortTraffic(state));
    case 'next-log-view':
      return just(logViewed(state, logViews[(logViews.indexOf(state.logView) + 1) % logViews.length] ?? 'logs'));
    case 'next-view':
      return just(nextView(state));
    case 'export-shown':
      return {state, effects: [{type: 'export-shown'}]};
    case 'fold':
    case 'unfold':
    case 'toggle-fold':
      return just(inTree(state, action, world));
    case 'acknowledge':
    case 'reopen':
    case 'export-packets':
    case 'close-alert':
      return alertAction(state, action, world);
    case 'zoom-in':
    case 'zoom-out':
    case 'next-chart':
    case 'previous-chart':
      return just(chartAction(state, action, world));
    case 'search':
    case 'filter':
      return just(openPrompt(state, action));
    case 'details':
      return openDetails(state, world);
    case 'next-hit':
      return just(toHit(state, world, 1));
    case 'previous-hit':
      return just(toHit(state, world, -1));
    default:
      return just(scroll(state, action, world));
  }
}

function back(state: ViewState): ViewState {
  if (state.help) return {...state, help: false};
  if (state.details.length > 0) return {...state, details: state.details.slice(0, -1)};
  if (state.enlarged) return {...state, enlarged: false};
  const pane = listOf(state);
  if (pane === undefined) return state;
  const list = state.lists[pane];
  if (list.search !== '') return withList(state, pane, {...list, search: ''});
  if (list.filter !== '') return withList(state, pane, refiltered(list, ''));
  if (pane === 'logs' && state.logView !== 'logs') return logViewed(state, 'logs');
  return pane === 'conversations' || pane === 'talkers' ? {...state, packetView: 'packets'} : state;
}

function focus(state: ViewState, pane: PaneId): ViewState {
  return {...state, focus: pane, details: [], help: false};
}

function paneAfter(pane: PaneId, by: 1 | -1): PaneId {
  return paneIds[(paneIds.indexOf(pane) + by + paneIds.length) % paneIds.length] ?? pane;
}

function sort(state: ViewState): ViewState {
  const next = alertOrders[(alertOrders.indexOf(state.alertOrder) + 1) % alertOrders.length] ?? 'time';
  return {...state, alertOrder: next, message: `sorted by ${next}`};
}

function sortTraffic(state: ViewState): ViewState {
  const next = trafficOrders[(trafficOrders.indexOf(state.trafficOrder) + 1) % trafficOrders.length] ?? 'bytes';
  return {...state, trafficOrder: next, message: `sorted by ${trafficOrderText(next)}`};
}

/** Other rows are shown: begin at the newest of them. */
function logViewed(state: ViewState, logView: LogView): ViewState {
  return {...withList(state, 'logs', {...state.lists.logs, follow: true}), logView};
}

function nextView(state: ViewState): ViewState {
  const next = packetViews[(packetViews.indexOf(state.packetView) + 1) % packetViews.length] ?? 'packets';
  return {...state, packetView: next};
}

type AlertAction = 'acknowledge' | 'reopen' | 'export-packets' | 'close-alert';

const alertWords = {
  acknowledge: 'acknowledged',
  reopen: 'opened again',
  'export-packets': 'writing the packets',
} as const;

function alertAction(state: ViewState, action: AlertAction, world: World): Step {
  const alert = currentAlert(state, world);
  if (alert === undefined) return just({...state, message: 'no alert chosen'});
  if (action === 'close-alert') return just({...state, verdictFor: alert});
  return {
    state: {...state, message: alertWords[action]},
    effects: [{type: action, alert}],
  };
}

function currentAlert(state: ViewState, world: World): string | undefined {
  const detail = state.details.at(-1);
  if (detail) return detail.pane === 'alerts' ? detail.key : undefined;
  return chosenKey(state.lists.alerts, world.lists.alerts.rows);
}

function chosenKey(list: ListState, rows: Rows): string | undefined {
  return list.index >= 0 && list.index < rows.length ? rows.key(list.index) : undefined;
}

function chartAction(
  state: ViewState,
  action: 'zoom-in' | 'zoom-out' | 'next-chart' | 'previous-chart',
  {charts: {zooms, pages}}: World,
): ViewState {
  const {zoom, page} = state.charts;
  const within = (value: number, count: number) => Math.min(Math.max(value, 0), Math.max(0, count - 1));
  switch (action) {
    case 'zoom-in':
      return {...state, charts: {page, zoom: within(zoom - 1, zooms)}};
    case 'zoom-out':
      return {...state, charts: {page, zoom: within(zoom + 1, zooms)}};
    case 'next-chart':
      return {...state, charts: {zoom, page: within(page + 1, pages)}};
    case 'previous-chart':
      return {...state, charts: {zoom, page: within(page - 1, pages)}};
    default:
      return action satisfies never;
  }
}

function openDetails(state: ViewState, world: World): Step {
  const pane = listOf(state);
  if (pane === undefined) return just(state);
  const key = chosenKey(state.lists[pane], world.lists[pane].rows);
  if (key === undefined) return just({...state, message: 'no row chosen'});
  if (pane === 'talkers') return just(conversationsOf(state, key));
  const detail: Detail = pane === 'packets' ? {pane, key, top: 0, tree: unfoldedTree} : {pane, key, top: 0};
  return {state: {...state, details: [...state.details, detail]}, effects: [{type: 'open', detail}]};
}

/** What a talker says is who it talks with. */
function conversationsOf(state: ViewState, address: string): ViewState {
  const filter = `src.ip:${address} or dst.ip:${address}`;
  const list = refiltered(state.lists.conversations, filter);
  return {...withList(state, 'conversations', list), packetView: 'conversations'};
}
