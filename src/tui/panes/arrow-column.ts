import type {Column} from './list.ts';

/** Between the two ends of what is said: an arrow, or `!` where a reader should look twice. */
export function arrowColumn<Row>(isMarked: (row: Row) => boolean): Column<Row> {
  return {
    title: '',
    width: 1,
    text: (row, {theme}) => (isMarked(row) ? '!' : theme.unicode ? '→' : '>'),
    style: row => (isMarked(row) ? 'high' : 'dim'),
  };
}
