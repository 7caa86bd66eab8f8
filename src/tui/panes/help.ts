import type {Pane, Theme} from '../pane.ts';
import {cellWidth, fitCells, wrap} from '../text.ts';
import {scrolled} from './document.ts';

export interface Binding {
  readonly keys: string;
  readonly what: string;
  /** Where the key works, as a heading. */
  readonly context: string;
}

export interface HelpData {
  readonly bindings: readonly Binding[];
  /** First line shown. */
  readonly top: number;
}

/** Every key, under the place where it works, in as many columns as fit. */
export const helpPane: Pane<HelpData> = ({bindings, top}, size, theme) => {
  const count = columnCount(bindings, size.width);
  const cells = Math.floor((size.width - gap * (count - 1)) / count);
  const columns = distribute(blocksOf(bindings, cells, theme), count);
  const rows = Math.max(0, ...columns.map(column => column.length));
  const blank = ' '.repeat(cells);
  const rest = ' '.repeat(Math.max(0, size.width - cells * count - gap * (count - 1)));
  const lines = Array.from(
    {length: rows},
    (_, row) => columns.map(column => column[row] ?? blank).join(' '.repeat(gap)) + rest,
  );
  return scrolled(lines, {top}, size);
};

const gap = 3;

function columnCount(bindings: readonly Binding[], width: number): number {
  const widest = Math.max(20, ...bindings.map(binding => keyCells(bindings) + 2 + cellWidth(binding.what)));
  return Math.max(1, Math.min(4, Math.floor((width + gap) / (Math.min(widest, 60) + gap))));
}

function keyCells(bindings: readonly Binding[]): number {
  return Math.min(16, Math.max(0, ...bindings.map(binding => cellWidth(binding.keys))));
}

function blocksOf(bindings: readonly Binding[], cells: number, theme: Theme): string[][] {
  const keys = Math.min(keyCells(bindings), cells);
  const contexts = [...new Set(bindings.map(binding => binding.context))];
  return contexts.map(context => [
    theme.paint('title', fitCells(context, cells, theme.unicode)),
    ...bindings
      .filter(binding => binding.context === context)
      .flatMap(({keys: names, what}) =>
        wrap(what, cells - keys - 2, theme.unicode).map((line, row) => {
          const name = theme.paint('accent', fitCells(row === 0 ? names : '', keys, theme.unicode));
          return name + fitCells(`  ${line}`, cells - keys, theme.unicode);
        }),
      ),
    ' '.repeat(cells),
  ]);
}

/** Whole blocks, in order, into columns about as high as each other. */
function distribute(blocks: readonly (readonly string[])[], count: number): string[][] {
  const total = blocks.reduce((all, block) => all + block.length, 0);
  const columns: string[][] = Array.from({length: count}, () => []);
  let before = 0;
  for (const block of blocks) {
    const column = columns[Math.min(count - 1, Math.floor(((before + block.length / 2) * count) / Math.max(1, total)))];
    column?.push(...block);
    before += block.length;
  }
  return columns;
}
