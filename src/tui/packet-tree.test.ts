import {moveTree, type TreeAction, type TreeState, treeLines, unfoldedTree} from './packet-tree.ts';

const layers = [3, 0, 10];

/** Where one stands after some movements: layer, field, and which layers are folded. */
function after(...actions: readonly TreeAction[]): readonly [number, number, readonly number[]] {
  let state: TreeState = unfoldedTree;
  for (const action of actions) state = moveTree(state, action, layers, 5);
  const line = treeLines(layers, state.folded)[state.cursor];
  return [line?.layer ?? -9, line?.field ?? -9, state.folded];
}

test('down goes through the headings and fields, and stops at the last', () => {
  expect(after('down', 'down')).toEqual([0, 1, []]);
  expect(after('down', 'down', 'down', 'down')).toEqual([1, -1, []]);
  expect(after('last', 'down')).toEqual([2, 9, []]);
  expect(after('page-down', 'up', 'up', 'up', 'up', 'up')).toEqual([0, -1, []]);
});

test('left goes from a field to its layer and then folds it, right unfolds it and goes in', () => {
  expect(after('down', 'down', 'fold')).toEqual([0, -1, []]);
  expect(after('down', 'down', 'fold', 'fold')).toEqual([0, -1, [0]]);
  expect(after('fold', 'unfold')).toEqual([0, -1, []]);
  expect(after('fold', 'unfold', 'unfold')).toEqual([0, 0, []]);
});

test('enter folds the layer of a field, and unfolds it again', () => {
  expect(after('last', 'toggle-fold')).toEqual([2, -1, [2]]);
  expect(after('last', 'toggle-fold', 'toggle-fold')).toEqual([2, -1, []]);
});

test('a folded layer is passed in one step, one without fields is no trap', () => {
  expect(after('fold', 'down')).toEqual([1, -1, [0]]);
  expect(after('fold', 'down', 'unfold')).toEqual([1, -1, [0]]);
});

test('a tree of nothing stays where it is', () => {
  expect(moveTree({cursor: 7, folded: []}, 'down', [], 5)).toEqual({cursor: 0, folded: []});
});
