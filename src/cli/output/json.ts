import type {QueryRow} from '../../query/request.ts';
import type {RowWriter} from './writer.ts';

/** One object a line. */
export function ndjsonWriter(picked: readonly string[] | undefined): RowWriter {
  return {
    begin: () => '',
    row: row => `${JSON.stringify(pick(row, picked))}\n`,
    end: () => '',
  };
}

/** One array, an object a line. */
export function jsonWriter(picked: readonly string[] | undefined): RowWriter {
  let between = '\n';
  return {
    begin: () => '[',
    row: row => {
      const text = `${between}${JSON.stringify(pick(row, picked))}`;
      between = ',\n';
      return text;
    },
    end: () => '\n]\n',
  };
}

function pick(row: QueryRow, picked: readonly string[] | undefined): QueryRow {
  if (!picked) return row;
  return Object.fromEntries(
    picked.flatMap(name => {
      const value = row[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
