import type {Key} from './keys.ts';
import {choose, findHit, type ListState} from './list-state.ts';
import {edit, type Prompt} from './prompt.ts';
import {type ListId, listOf, type ViewState, withList} from './view-state.ts';
import {just, type Step, type Verdict, type World} from './world.ts';

export function openPrompt(state: ViewState, kind: Prompt['kind']): ViewState {
  const pane = listOf(state);
  if (pane === undefined) return state;
  const text = kind === 'filter' ? state.lists[pane].filter : '';
  return {...state, prompt: {kind, text, cursor: [...text].length}};
}

/** A key while a line is being typed. */
export function promptKey(state: ViewState, key: Key, world: World): Step {
  const {prompt} = state;
  const pane = listOf(state);
  if (!prompt || pane === undefined) return just({...state, prompt: undefined});
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
export function refiltered(list: ListState, filter: string): ListState {
  return filter === list.filter ? list : {...list, filter, follow: true};
}

/** Chooses the next row that holds the searched text. */
export function toHit(state: ViewState, world: World, direction: 1 | -1): ViewState {
  const pane = listOf(state);
  if (pane === undefined) return state;
  const list = state.lists[pane];
  if (list.search === '') return {...state, message: 'nothing searched for yet: / searches'};
  const {rows, page} = world.lists[pane];
  const hit = findHit(list, rows, direction);
  if (!hit) return {...state, message: notFound(pane, list.search, rows.length)};
  const chosen = choose({...list, follow: false}, hit.index, rows, page);
  return {...withList(state, pane, chosen), message: hit.wrapped ? 'went round' : ''};
}

/** A search looks through the rows that are here, of logs a part of what is stored. */
function notFound(pane: ListId, text: string, rows: number): string {
  return pane === 'logs' ? `not found in these ${rows} rows: ${text}; F looks in all stored` : `not found: ${text}`;
}

const verdicts: Readonly<Record<string, Verdict>> = {t: 'true-positive', f: 'false-positive', b: 'benign'};

/** A key while the verdict of an alert is asked for. */
export function verdictKey(state: ViewState, alert: string, key: Key): Step {
  const asked = {...state, verdictFor: undefined};
  const verdict = verdicts[key.name];
  if (verdict) {
    return {state: {...asked, message: `closed: ${verdict}`}, effects: [{type: 'close', alert, verdict}]};
  }
  if (key.name === 'ctrl+c') return {state: asked, effects: [{type: 'quit'}]};
  return key.name === 'escape' || key.name === 'q' ? just({...asked, message: 'not closed'}) : just(state);
}
