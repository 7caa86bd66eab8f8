import type {QueryRow} from '../../query/request.ts';
import {csvWriter} from './csv.ts';
import {jsonWriter, ndjsonWriter} from './json.ts';
import {type TableOptions, tableWriter} from './table.ts';

export const outputForms = ['table', 'json', 'ndjson', 'csv'] as const;

export type OutputForm = (typeof outputForms)[number];

/** A column of a table or CSV: `name` is the row's key, `title` what stands above it. */
export interface Column {
  readonly name: string;
  readonly title: string;
  readonly align?: 'right';
  /** So many characters are enough on a terminal: the beginning of an id. */
  readonly enough?: number;
}

/**
 * Turns rows into text. `begin` is given the first rows, to fit widths, and whether others unlike them may come; they
 * are then written as all others.
 */
export interface RowWriter {
  begin(sample: readonly QueryRow[], growing?: boolean): string;
  row(row: QueryRow): string;
  end(): string;
}

/**
 * Makes the writer of a form. `columns` are those of a table or CSV; `picked` are the fields JSON is limited to, all
 * where undefined.
 */
export function rowWriter(
  form: OutputForm,
  columns: readonly Column[],
  picked: readonly string[] | undefined,
  options: TableOptions,
): RowWriter {
  switch (form) {
    case 'table':
      return tableWriter(columns, options);
    case 'csv':
      return csvWriter(columns);
    case 'json':
      return jsonWriter(picked);
    case 'ndjson':
      return ndjsonWriter(picked);
    default:
      return form satisfies never;
  }
}
