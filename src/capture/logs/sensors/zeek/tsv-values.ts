import type {FieldValue} from '../../../../event/event.ts';
import {sanitize} from '../../../../event/sanitize.ts';
import type {MutableFields} from '../sensor-record.ts';
import type {Column, TsvForm} from './tsv-header.ts';

/** One line's fields by name, or undefined where it has another number of columns than its header. */
export function readTsvLine(line: string, form: TsvForm): MutableFields | undefined {
  const parts = line.split(form.separator);
  const {columns, unset, empty} = form;
  if (parts.length !== columns.length) return undefined;
  const fields: MutableFields = {};
  for (let at = 0; at < parts.length; at++) {
    const [part, column] = [parts[at], columns[at]];
    if (part === undefined || column === undefined || part === unset || part === empty) continue;
    fields[column.key] = readValue(part, column, form);
  }
  return fields;
}

function readValue(part: string, column: Column, form: TsvForm): FieldValue {
  switch (column.kind) {
    case 'number':
      return readNumber(part);
    case 'flag':
      return part === 'T' ? true : part === 'F' ? false : plain(part);
    case 'list':
      return readList(part, form);
    default:
      return plain(part);
  }
}

/** What is no number, or does not fit into one, stays text. */
function readNumber(part: string): FieldValue {
  const value = Number(part);
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : plain(part);
}

function readList(part: string, {setSeparator, unset}: TsvForm): string {
  if (setSeparator === ',' && !part.includes('\\') && !part.includes(unset)) return sanitize(part);
  const members = part.split(setSeparator).map(member => (member === unset ? '' : plain(member)));
  return members.join(',');
}

function plain(part: string): string {
  return sanitize(part.includes('\\') ? unescapeText(part) : part);
}

/** `\x09` is the byte it names, `\\` a backslash. Bytes are UTF-8 where they are, else one character each. */
export function unescapeText(text: string): string {
  return text.replace(/\\\\|(?:\\x[0-9A-Fa-f]{2})+/g, found => {
    if (found === '\\\\') return '\\';
    const bytes = Buffer.from(found.replaceAll('\\x', ''), 'hex');
    const decoded = bytes.toString('utf8');
    return decoded.includes('\ufffd') ? bytes.toString('latin1') : decoded;
  });
}
