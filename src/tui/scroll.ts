import {jump, move} from './list-state.ts';
import {moveTree, type TreeAction} from './packet-tree.ts';
import {distance, type ScrollAction} from './scroll-distance.ts';
import {listOf, newestAt, type ViewState, withList} from './view-state.ts';
import type {Area, World} from './world.ts';

/** Moves within what has the focus: help, details, sources or a list. */
export function scroll(state: ViewState, action: ScrollAction, world: World): ViewState {
  if (state.help) return {...state, helpTop: scrolled(state.helpTop, action, world.help)};
  const detail = state.details.at(-1);
  if (detail?.tree) return action === 'follow' ? state : inTree(state, action, world);
  if (detail) {
    const top = scrolled(detail.top, action, world.details);
    return {...state, details: [...state.details.slice(0, -1), {...detail, top}]};
  }
  if (state.focus === 'sources') return {...state, sourcesTop: scrolled(state.sourcesTop, action, world.sources)};
  const pane = listOf(state);
  if (pane === undefined) return state;
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

/** Moves or folds within the decode tree of the opened packet. */
export function inTree(state: ViewState, action: TreeAction, {tree: {layers, page}}: World): ViewState {
  const detail = state.details.at(-1);
  if (!detail?.tree) return state;
  const moved = {...detail, tree: moveTree(detail.tree, action, layers, page)};
  return {...state, details: [...state.details.slice(0, -1), moved]};
}

function scrolled(top: number, action: ScrollAction, area: Area): number {
  const last = Math.max(0, area.lines - area.page);
  if (action === 'follow') return top;
  const to = action === 'first' ? 0 : action === 'last' ? last : top + distance(action, area.page);
  return Math.min(Math.max(to, 0), last);
}
