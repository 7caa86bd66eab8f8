import type {Key} from './keys.ts';
import type {Rows} from './list-state.ts';
import {settleLists, step} from './step.ts';
import {initialView, type ViewState} from './view-state.ts';
import type {Effect, World} from './world.ts';

function rowsOf(keys: string): Rows {
  return {length: keys.length, key: index => keys[index] ?? '', text: index => `row ${keys[index]}`};
}

function worldOf(change: Partial<World> = {}): World {
  const list = {rows: rowsOf('abcdefghij'), page: 4};
  return {
    lists: {alerts: list, logs: list, packets: list, conversations: list, talkers: list},
    details: {lines: 30, page: 10},
    tree: {layers: [3, 10], page: 10},
    help: {lines: 40, page: 10},
    sources: {lines: 25, page: 10},
    charts: {zooms: 4, pages: 3},
    filterFault: (_, text) => (text.includes('(') ? {message: 'Expected )', at: text.indexOf('(')} : undefined),
    ...change,
  };
}

const world = worldOf();

function keyOf(name: string): Key {
  return {name, text: name === 'space' ? ' ' : [...name].length === 1 ? name : ''};
}

/** Presses keys on a settled screen; gives the last state and all effects. */
function press(...names: readonly string[]): {state: ViewState; effects: Effect[]} {
  const effects: Effect[] = [];
  let state = settleLists(initialView, world);
  for (const name of names) {
    const next = step(state, keyOf(name), world);
    effects.push(...next.effects);
    state = settleLists(next.state, world);
  }
  return {state, effects};
}

test('tab, shift+tab and numbers move the focus round', () => {
  expect(press('tab').state.focus).toBe('logs');
  expect(press('shift+tab').state.focus).toBe('sources');
  expect(press('4').state.focus).toBe('charts');
  expect(press('5', 'tab').state.focus).toBe('alerts');
});

test('q and ctrl+c quit, ctrl+c also out of a prompt or a question', () => {
  expect(press('q').effects).toEqual([{type: 'quit'}]);
  expect(press('ctrl+c').effects).toEqual([{type: 'quit'}]);
  expect(press('/', 'q', 'ctrl+c').effects).toEqual([{type: 'quit'}]);
  expect(press('c', 'ctrl+c').effects).toEqual([{type: 'quit'}]);
});

test('esc closes one level at a time and never quits', () => {
  const open = press('2', '/', 'c', 'enter', 'e', 'enter', '?');
  expect(open.state).toMatchObject({help: true, enlarged: true, details: [{key: 'c'}]});
  expect(press('2', '/', 'c', 'enter', 'e', 'enter', '?', 'escape').state).toMatchObject({
    help: false,
    details: [{key: 'c'}],
  });
  const closed = ['2', '/', 'c', 'enter', 'e', 'enter', '?', 'escape', 'escape'];
  expect(press(...closed).state).toMatchObject({details: [], enlarged: true});
  expect(press(...closed, 'escape').state).toMatchObject({enlarged: false, lists: {logs: {search: 'c'}}});
  expect(press(...closed, 'escape', 'escape').state.lists.logs.search).toBe('');
  expect(press(...closed, 'escape', 'escape', 'escape').effects.some(effect => effect.type === 'quit')).toBe(false);
});

test('j, k, page keys, g and G move in the focused list only', () => {
  const {state} = press('2', 'k', 'k');
  expect(state.lists.logs).toMatchObject({key: 'h', follow: false});
  expect(state.lists.packets).toMatchObject({key: 'j', follow: true});
  expect(press('2', 'g').state.lists.logs).toMatchObject({key: 'a', top: 0});
  expect(press('2', 'g', 'pagedown').state.lists.logs.key).toBe('d');
  expect(press('2', 'g', 'ctrl+d').state.lists.logs.key).toBe('c');
  expect(press('2', 'k', 'G').state.lists.logs).toMatchObject({key: 'j', follow: true});
});

test('f stops following and begins it again', () => {
  expect(press('2', 'f').state.lists.logs.follow).toBe(false);
  expect(press('2', 'k', 'f').state.lists.logs).toMatchObject({key: 'j', follow: true});
});

test('alerts follow at their top, where the newest are', () => {
  expect(press().state.lists.alerts).toMatchObject({key: 'a', follow: true});
  expect(press('j').state.lists.alerts).toMatchObject({key: 'b', follow: false});
  expect(press('j', 'g').state.lists.alerts).toMatchObject({key: 'a', follow: true});
});

test('a search jumps to the next hit, n and N go on, keys typed into it do nothing else', () => {
  const {state, effects} = press('2', 'g', '/', 'q', 'backspace', 'r', 'o', 'w', 'space', 'd', 'enter');
  expect(effects).toEqual([]);
  expect(state.prompt).toBeUndefined();
  expect(state.lists.logs).toMatchObject({key: 'd', search: 'row d', follow: false});
  expect(press('2', 'g', '/', 'r', 'o', 'w', 'enter', 'n', 'n').state.lists.logs.key).toBe('d');
  expect(press('2', 'g', '/', 'r', 'o', 'w', 'enter', 'N').state.lists.logs.key).toBe('a');
  const missing = press('2', '/', 'z', 'enter').state;
  expect(missing.message).toContain('not found');
  expect(missing.lists.logs.key).toBe('j');
});

test('a filter is kept apart from the search, shown again for editing, and taken away when emptied', () => {
  const filtered = press('2', 'F', 'x', 'enter').state;
  expect(filtered.lists.logs).toMatchObject({filter: 'x', search: '', follow: true});
  const again = step(filtered, keyOf('F'), world).state;
  expect(again.prompt).toMatchObject({kind: 'filter', text: 'x', cursor: 1});
  expect(press('2', 'F', 'x', 'enter', 'F', 'ctrl+u', 'enter').state.lists.logs.filter).toBe('');
  expect(press('2', 'F', 'x', 'enter', 'escape').state.lists.logs.filter).toBe('');
});

test('a wrong filter is told, with the cursor where it is wrong; esc leaves the old one', () => {
  const wrong = press('2', 'F', 'é', '(', 'enter').state;
  expect(wrong.prompt).toMatchObject({text: 'é(', cursor: 1, error: 'Expected )'});
  expect(wrong.lists.logs.filter).toBe('');
  expect(press('2', 'F', '(', 'enter', 'escape').state.prompt).toBeUndefined();
});

test('space pauses and goes on, and is a character in a prompt', () => {
  expect(press('space').state.paused).toBe(true);
  expect(press('space', 'space').state.paused).toBe(false);
  expect(press('2', '/', 'space').state).toMatchObject({paused: false, prompt: {text: ' '}});
});

test('enter opens the chosen row, its details scroll within their length', () => {
  const {state, effects} = press('2', 'k', 'enter', 'j');
  expect(effects).toEqual([{type: 'open', detail: {pane: 'logs', key: 'i', top: 0}}]);
  expect(state.details).toEqual([{pane: 'logs', key: 'i', top: 1}]);
  expect(press('2', 'enter', 'G').state.details[0]?.top).toBe(20);
  expect(press('2', 'enter', 'G', 'pagedown', 'k').state.details[0]?.top).toBe(19);
  expect(press('2', 'enter', 'k').state.lists.logs.key).toBe('j');
});

test('a acknowledges the chosen alert, in the list and in its details', () => {
  expect(press('j', 'a').effects).toEqual([{type: 'acknowledge', alert: 'b'}]);
  expect(press('j', 'enter', 'a').effects.at(-1)).toEqual({type: 'acknowledge', alert: 'b'});
  expect(press('2', 'a').effects).toEqual([]);
  expect(press('o').effects).toEqual([{type: 'reopen', alert: 'a'}]);
});

test('an alert is closed only with a verdict', () => {
  expect(press('c').state.verdictFor).toBe('a');
  expect(press('c', 'x').effects).toEqual([]);
  expect(press('c', 'f').effects).toEqual([{type: 'close', alert: 'a', verdict: 'false-positive'}]);
  const left = press('c', 'escape');
  expect(left.effects).toEqual([]);
  expect(left.state.verdictFor).toBeUndefined();
});

test('with no alerts there is nothing to act on', () => {
  const empty = worldOf({lists: {...world.lists, alerts: {rows: rowsOf(''), page: 4}}});
  for (const name of ['a', 'c', 'enter', 'j', 'G']) {
    const {state, effects} = step(settleLists(initialView, empty), keyOf(name), empty);
    expect(effects).toEqual([]);
    expect(state.verdictFor).toBeUndefined();
  }
});

test('s changes the order of alerts, z and Z the period, left and right the page of charts', () => {
  expect(press('s').state.alertOrder).toBe('level');
  expect(press('s', 's', 's').state.alertOrder).toBe('time');
  // Not behind an opened alert, where nothing of it would be seen.
  expect(press('enter', 's').state.alertOrder).toBe('time');
  expect(press('4', 'z', 'z').state.charts.zoom).toBe(0);
  expect(press('4', 'Z', 'Z', 'Z', 'Z').state.charts.zoom).toBe(3);
  expect(press('4', 'right').state.charts.page).toBe(1);
  expect(press('4', 'right', 'right', 'right', 'left').state.charts.page).toBe(1);
});

test('help and sources scroll and stop at their end', () => {
  expect(press('?', 'G').state.helpTop).toBe(30);
  expect(press('?', 'j', 'j', 'k').state.helpTop).toBe(1);
  expect(press('5', 'pagedown', 'pagedown', 'pagedown').state.sourcesTop).toBe(15);
});

test('ctrl+z suspends and ctrl+l repaints, in a prompt too', () => {
  expect(press('ctrl+z').effects).toEqual([{type: 'suspend'}]);
  expect(press('/', 'ctrl+z').effects).toEqual([{type: 'suspend'}]);
  expect(press('/', 'ctrl+l').effects).toEqual([{type: 'repaint'}]);
});

test('a message stays until the next key', () => {
  expect(press('s').state.message).toBe('sorted by level');
  expect(press('s', 'j').state.message).toBe('');
});

test('a key without a meaning changes nothing', () => {
  const before = settleLists(initialView, world);
  for (const name of ['X', 'ctrl+g', 'paste', 'insert', '9']) {
    expect(step(before, keyOf(name), world)).toEqual({state: before, effects: []});
  }
});

test('v goes round the views of the Packets pane, each with a place, a filter and an order of its own', () => {
  expect(press('3', 'v').state.packetView).toBe('conversations');
  expect(press('3', 'v', 'v', 'v').state.packetView).toBe('packets');
  const {state} = press('3', 'v', 'j', 'F', 'x', 'enter', 's');
  expect(state.lists.conversations).toMatchObject({filter: 'x'});
  expect(state.lists.packets).toMatchObject({filter: '', follow: true});
  expect([state.trafficOrder, state.alertOrder]).toEqual(['packets', 'time']);
  expect(press('2', 'v').state.packetView).toBe('packets');
});

test('esc goes back from conversations to packets when nothing else is to be closed', () => {
  expect(press('3', 'v', 'F', 'x', 'enter', 'escape').state.packetView).toBe('conversations');
  expect(press('3', 'v', 'F', 'x', 'enter', 'escape', 'escape').state.packetView).toBe('packets');
});

test('in an opened packet the keys move through its tree and fold it, and esc closes it', () => {
  const {state} = press('3', 'enter', 'j', 'j', 'enter', 'down');
  expect(state.details).toMatchObject([{pane: 'packets', tree: {cursor: 1, folded: [0]}}]);
  expect(press('3', 'enter', 'G', 'left', 'left').state.details).toMatchObject([{tree: {cursor: 4, folded: [1]}}]);
  expect(press('3', 'enter', 'j', 'escape').state.details).toEqual([]);
});

test('enter on a talker shows its conversations, esc goes back step by step', () => {
  const {state} = press('3', 'v', 'v', 'j', 'enter');
  expect(state).toMatchObject({packetView: 'conversations', details: []});
  expect(state.lists.conversations.filter).toBe('src.ip:b or dst.ip:b');
  expect(press('3', 'v', 'v', 'j', 'enter', 'escape').state.lists.conversations.filter).toBe('');
});

test('x in the Packets pane asks for a file of what is listed', () => {
  expect(press('3', 'x').effects).toEqual([{type: 'export-shown'}]);
});
