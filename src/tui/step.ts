import {type ActionName, actionFor, type KeyContext} from './keymap.ts';
import type {Key} from './keys.ts';
import {choose, findHit, jump, type ListState, move, type Rows, settle} from './list-state.ts';
import {edit, type Prompt} from './prompt.ts';
import {
  alertOrders,
  type Detail,
  isList,
  type ListPane,
  listPanes,
  newestAt,
  type PaneId,
  paneIds,
  type ViewState,
} from './view-state.ts';

export type Verdict = 'true-positive' | 'false-positive' | 'benign';

/** What the screen has to do besides showing the new state. */
export type Effect =
  | {readonly type: 'quit' | 'suspend' | 'repaint'}
  | {readonly type: 'acknowledge' | 'reopen'; readonly alert: string}
  | {readonly type: 'close'; readonly alert: string; readonly verdict: Verdict}
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
  readonly lists: Readonly<Record<ListPane, {readonly rows: Rows; readonly page: number}>>;
  readonly details: Area;
  readonly help: Area;
  readonly sources: Area;
  readonly charts: {readonly zooms: number; readonly pages: number};
  /** Why a filter is wrong, and where in its text; undefined where it is not. */
  filterFault(pane: ListPane, text: string): {readonly message: string; readonly at: number} | undefined;
}

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
  for (const pane of listPanes) {
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
  if (detail) return detail.pane === 'alerts' ? ['details', 'alerts', 'anywhere'] : ['details', 'anywhere'];
  if (state.focus === 'charts') return ['charts', 'anywhere'];
  if (state.focus === 'sources') return ['details', 'anywhere'];
  return state.focus === 'alerts' ? ['alerts', 'list', 'anywhere'] : ['list', 'anywhere'];
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
    case 'acknowledge':
    case 'reopen':
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

type ScrollAction = 'down' | 'up' | 'page-down' | 'page-up' | 'half-down' | 'half-up' | 'first' | 'last' | 'follow';

function scroll(state: ViewState, action: ScrollAction, world: World): ViewState {
  if (state.help) return {...state, helpTop: scrolled(state.helpTop, action, world.help)};
  const detail = state.details.at(-1);
  if (detail) {
    const top = scrolled(detail.top, action, world.details);
    return {...state, details: [...state.details.slice(0, -1), {...detail, top}]};
  }
  if (state.focus === 'sources') return {...state, sourcesTop: scrolled(state.sourcesTop, action, world.sources)};
  if (!isList(state.focus)) return state;
  const pane = state.focus;
  const {rows, page} = world.lists[pane];
  const list = state.lists[pane];
  switch (action) {
    case 'first':
      return withList(state, pane, jump(list, 'start', rows, page, newestAt[pane]));
    case 'last':
      return withList(state, pane, jump(list, 'end', rows, page, newestAt[pane]));
    case 'follow':
      return list.follow
        ? {...withList(state, pane, {...list, follow: false}), message: 'no longer following'}
        : {...withList(state, pane, jump(list, newestAt[pane], rows, page, newestAt[pane])), message: 'following'};
    default:
      return withList(state, pane, move(list, distance(action, page), rows, page));
  }
}

function scrolled(top: number, action: ScrollAction, area: Area): number {
  const last = Math.max(0, area.lines - area.page);
  if (action === 'follow') return top;
  const to = action === 'first' ? 0 : action === 'last' ? last : top + distance(action, area.page);
  return Math.min(Math.max(to, 0), last);
}

function distance(action: Exclude<ScrollAction, 'first' | 'last' | 'follow'>, page: number): number {
  const sign = action === 'down' || action === 'page-down' || action === 'half-down' ? 1 : -1;
  if (action === 'down' || action === 'up') return sign;
  return sign * Math.max(1, action.startsWith('half') ? Math.floor(page / 2) : page - 1);
}

function back(state: ViewState): ViewState {
  if (state.help) return {...state, help: false};
  if (state.details.length > 0) return {...state, details: state.details.slice(0, -1)};
  if (state.enlarged) return {...state, enlarged: false};
  if (!isList(state.focus)) return state;
  const list = state.lists[state.focus];
  if (list.search !== '') return withList(state, state.focus, {...list, search: ''});
  if (list.filter !== '') return withList(state, state.focus, refiltered(list, ''));
  return state;
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

function alertAction(state: ViewState, action: 'acknowledge' | 'reopen' | 'close-alert', world: World): Step {
  const alert = currentAlert(state, world);
  if (alert === undefined) return just({...state, message: 'no alert chosen'});
  if (action === 'close-alert') return just({...state, verdictFor: alert});
  return {
    state: {...state, message: action === 'reopen' ? 'opened again' : 'acknowledged'},
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

const verdicts: Readonly<Record<string, Verdict>> = {t: 'true-positive', f: 'false-positive', b: 'benign'};

function verdictKey(state: ViewState, alert: string, key: Key): Step {
  const asked = {...state, verdictFor: undefined};
  const verdict = verdicts[key.name];
  if (verdict) {
    return {state: {...asked, message: `closed: ${verdict}`}, effects: [{type: 'close', alert, verdict}]};
  }
  if (key.name === 'ctrl+c') return {state: asked, effects: [{type: 'quit'}]};
  return key.name === 'escape' || key.name === 'q' ? just({...asked, message: 'not closed'}) : just(state);
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

function openPrompt(state: ViewState, kind: Prompt['kind']): ViewState {
  if (!isList(state.focus)) return state;
  const text = kind === 'filter' ? state.lists[state.focus].filter : '';
  return {...state, prompt: {kind, text, cursor: [...text].length}};
}

function promptKey(state: ViewState, key: Key, world: World): Step {
  const {prompt, focus: pane} = state;
  if (!prompt || !isList(pane)) return just({...state, prompt: undefined});
  if (key.name === 'escape' || (key.name === 'backspace' && prompt.text === '')) {
    return just({...state, prompt: undefined});
  }
  if (key.name === 'ctrl+z') return {state, effects: [{type: 'suspend'}]};
  if (key.name === 'ctrl+l') return {state, effects: [{type: 'repaint'}]};
  if (key.name !== 'enter') return just({...state, prompt: edit(prompt, key)});
  const text = prompt.text.trim();
  const closed = {...state, prompt: undefined};
  const list = state.lists[pane];
  if (prompt.kind === 'search') {
    return just(text === '' ? closed : toHit(withList(closed, pane, {...list, search: text}), world, 1));
  }
  const fault = text === '' ? undefined : world.filterFault(pane, text);
  if (fault) {
    const cursor = [...text.slice(0, fault.at)].length;
    return just({...state, prompt: {...prompt, text, cursor, error: fault.message}});
  }
  return just(withList(closed, pane, refiltered(list, text)));
}

/** With another filter other rows are shown: begin at the newest of them. */
function refiltered(list: ListState, filter: string): ListState {
  return filter === list.filter ? list : {...list, filter, follow: true};
}

function toHit(state: ViewState, world: World, direction: 1 | -1): ViewState {
  if (!isList(state.focus)) return state;
  const pane = state.focus;
  const list = state.lists[pane];
  if (list.search === '') return {...state, message: 'nothing searched for yet: / searches'};
  const {rows, page} = world.lists[pane];
  const hit = findHit(list, rows, direction);
  if (!hit) return {...state, message: `not found: ${list.search}`};
  const chosen = choose({...list, follow: false}, hit.index, rows, page);
  return {...withList(state, pane, chosen), message: hit.wrapped ? 'went round' : ''};
}

function openDetails(state: ViewState, world: World): Step {
  if (!isList(state.focus)) return just(state);
  const pane = state.focus;
  const key = chosenKey(state.lists[pane], world.lists[pane].rows);
  if (key === undefined) return just({...state, message: 'no row chosen'});
  const detail: Detail = {pane, key, top: 0};
  return {state: {...state, details: [...state.details, detail]}, effects: [{type: 'open', detail}]};
}

function withList(state: ViewState, pane: ListPane, list: ListState): ViewState {
  return list === state.lists[pane] ? state : {...state, lists: {...state.lists, [pane]: list}};
}

function just(state: ViewState): Step {
  return {state, effects: []};
}
