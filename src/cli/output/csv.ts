import {sanitize} from '../../event/sanitize.ts';
import type {QueryRow} from '../../query/request.ts';
import type {Column, RowWriter} from './writer.ts';

/** RFC 4180, with a header of the fields' names. */
export function csvWriter(columns: readonly Column[]): RowWriter {
  const line = (cells: readonly string[]) => `${cells.join(',')}\r\n`;
  return {
    begin: () => line(columns.map(column => quoted(column.name))),
    row: row => line(columns.map(column => csvCell(row[column.name]))),
    end: () => '',
  };
}

/**
 * One cell. Text that a spreadsheet would take for a formula (it begins with = + - @, tab or CR) gets an apostrophe in
 * front, also where those stand behind spaces; numbers stay as they are.
 */
export function csvCell(value: QueryRow[string] | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = sanitize(typeof value === 'string' ? value : value.join(', '));
  const guarded = /^\s*[=+\-@\t\r]/.test(text) || /^[\t\r]/.test(text) ? `'${text}` : text;
  return quoted(guarded);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
