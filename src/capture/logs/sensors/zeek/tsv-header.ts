import {sanitize} from '../../../../event/sanitize.ts';
import {unescapeText} from './tsv-values.ts';
import {type ZeekLog, zeekLog} from './zeek-names.ts';

/** How a column's text is read. `skip`: there is nothing in it that would be kept. */
export type ColumnKind = 'text' | 'number' | 'flag' | 'list';

export interface Column {
  /** As Zeek calls it. */
  readonly name: string;
  /** As it is called here. */
  readonly key: string;
  readonly kind: ColumnKind;
}

/** How the lines that follow are to be read. */
export interface TsvForm {
  readonly log: ZeekLog;
  readonly separator: string;
  readonly setSeparator: string;
  readonly empty: string;
  readonly unset: string;
  readonly columns: readonly Column[];
}

const mostColumns = 512;
const longestName = 128;

/**
 * Takes the `#` lines of Zeek's TSV logs: `#separator \x09`, then `#set_separator`, `#empty_field`, `#unset_field`,
 * `#path`, `#open`, `#fields`, `#types`, and `#close` at the end. A header may come again in the middle of a file.
 */
export class TsvHeader {
  #separator = '\t';
  #setSeparator = ',';
  #empty = '(empty)';
  #unset = '-';
  #path: string;
  #names: readonly string[] = [];
  #types: readonly string[] = [];
  #form: TsvForm | undefined;

  /** `path`: the log that the file's name tells, where no line says it. */
  constructor(path: string | undefined) {
    this.#path = path ?? 'unknown';
  }

  /** Undefined until the columns' names were read. */
  get form(): TsvForm | undefined {
    this.#form ??= this.#names.length > 0 ? this.#made() : undefined;
    return this.#form;
  }

  /** True where a line that begins with `#` is one of a header. */
  take(line: string): boolean {
    const found = /^#(separator|set_separator|empty_field|unset_field|path|open|close|fields|types)(?!\w)/.exec(line);
    if (!found) return false;
    const word = found[1] ?? '';
    const rest = line.slice(word.length + 1);
    const value = rest.slice(rest.startsWith(this.#separator) ? this.#separator.length : 1);
    this.#set(word, value);
    return true;
  }

  #set(word: string, value: string): void {
    if (word === 'open' || word === 'close') return;
    this.#form = undefined;
    if (word === 'separator') this.#separator = unescapeText(value) || '\t';
    else if (word === 'set_separator') this.#setSeparator = unescapeText(value) || ',';
    else if (word === 'empty_field') this.#empty = value;
    else if (word === 'unset_field') this.#unset = value;
    else if (word === 'path') this.#path = value;
    else if (word === 'fields') this.#names = this.#list(value);
    else this.#types = this.#list(value);
  }

  #list(value: string): readonly string[] {
    return value.split(this.#separator).slice(0, mostColumns);
  }

  #made(): TsvForm {
    const log = zeekLog(this.#path);
    const taken = new Set<string>();
    const columns = this.#names.map((said, at): Column => {
      const name = sanitize(said.slice(0, longestName));
      const known = log.names.get(name);
      const key = known === undefined || taken.has(known) ? `zeek.${name}` : known;
      taken.add(key);
      return {name, key, kind: kindOf(this.#types[at] ?? 'string')};
    });
    const separators = {separator: this.#separator, setSeparator: this.#setSeparator};
    return {log, ...separators, empty: this.#empty, unset: this.#unset, columns};
  }
}

function kindOf(type: string): ColumnKind {
  if (/^(?:set|vector|table|list)\b/.test(type)) return 'list';
  if (type === 'bool') return 'flag';
  return numeric.has(type) ? 'number' : 'text';
}

const numeric = new Set(['time', 'interval', 'count', 'int', 'double', 'port']);
