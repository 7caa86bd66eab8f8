import {distance, type ScrollAction} from './scroll-distance.ts';

/** Where the reader stands in a decode tree. */
export interface TreeState {
  /** Index into the lines that are seen. */
  readonly cursor: number;
  /** Layers of which only the heading is seen. */
  readonly folded: readonly number[];
}

export const unfoldedTree: TreeState = {cursor: 0, folded: []};

/** A line of the tree: a field of a layer, or with -1 the layer's heading. */
export interface TreeLine {
  readonly layer: number;
  readonly field: number;
}

export type TreeAction = Exclude<ScrollAction, 'follow'> | 'fold' | 'unfold' | 'toggle-fold';

/** The lines that are seen of a tree whose layers have these many fields. */
export function treeLines(layers: readonly number[], folded: readonly number[]): readonly TreeLine[] {
  return layers.flatMap((fields, layer) => [
    {layer, field: -1},
    ...Array.from({length: folded.includes(layer) ? 0 : fields}, (_, field) => ({layer, field})),
  ]);
}

/** Left folds, or goes from a field to its layer; right unfolds, or goes into the layer; the rest moves. */
export function moveTree(state: TreeState, action: TreeAction, layers: readonly number[], page: number): TreeState {
  const lines = treeLines(layers, state.folded);
  const line = lines[state.cursor];
  if (!line) return {...state, cursor: 0};
  const isFolded = state.folded.includes(line.layer);
  switch (action) {
    case 'fold':
      return line.field >= 0 ? onHeading(state, line.layer, lines) : foldedAt(state, line.layer);
    case 'unfold':
      if (isFolded) return {...state, folded: state.folded.filter(layer => layer !== line.layer)};
      return line.field < 0 && (layers[line.layer] ?? 0) > 0 ? {...state, cursor: state.cursor + 1} : state;
    case 'toggle-fold':
      if (isFolded) return {...state, folded: state.folded.filter(layer => layer !== line.layer)};
      return foldedAt(onHeading(state, line.layer, lines), line.layer);
    case 'first':
      return {...state, cursor: 0};
    case 'last':
      return {...state, cursor: lines.length - 1};
    default:
      return {...state, cursor: Math.min(Math.max(state.cursor + distance(action, page), 0), lines.length - 1)};
  }
}

function onHeading(state: TreeState, layer: number, lines: readonly TreeLine[]): TreeState {
  return {...state, cursor: lines.findIndex(line => line.layer === layer)};
}

function foldedAt(state: TreeState, layer: number): TreeState {
  return state.folded.includes(layer) ? state : {...state, folded: [...state.folded, layer]};
}
