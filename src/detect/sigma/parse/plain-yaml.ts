import type {ListTree, MapEntry, MapTree, ScalarTree, Tree} from './yaml-tree.ts';

/**
 * Reads what nearly all rule files are written in: maps and lists by indentation, with words, numbers, quoted texts and
 * `|` blocks. Gives exactly the tree that the full parser gives, some ten times as fast, or undefined where anything
 * else is in the text: then the full parser must be asked.
 */
export function readPlainYaml(text: string): Tree | undefined {
  if (unusualCharacters.test(text)) return undefined;
  try {
    return new PlainReader(text).document();
  } catch (error) {
    if (error === unusual) return undefined;
    throw error;
  }
}

/** Thrown where the text needs the full parser. */
const unusual = new Error('unusual YAML');
const unusualCharacters = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|^(?:\.\.\.|%)/m;
const keyForm = /^(?:([A-Za-z_$][\w.|$@/-]*(?: [\w.|$@/-]+)*)|'([^']*)'):(?: +|$)/;
/** Numbers of YAML's core schema, in all their forms. */
const numberForm =
  /^(?:[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const deepest = 24;

interface Line {
  readonly indent: number;
  readonly text: string;
}

class PlainReader {
  readonly #lines: readonly string[];
  readonly #endsWithBreak: boolean;
  #at = 0;
  /** The line at hand, read already. */
  #line: Line | undefined;

  constructor(text: string) {
    this.#lines = text.split('\n');
    this.#endsWithBreak = text.endsWith('\n');
    if (this.#endsWithBreak) (this.#lines as string[]).pop();
  }

  document(): Tree {
    if (this.#lines[0] === '---') this.#at++;
    const first = this.#peek();
    if (first?.indent !== 0) throw unusual;
    const tree = this.#block(first, 1);
    if (this.#peek()) throw unusual;
    return tree;
  }

  #block(first: Line, depth: number): MapTree | ListTree {
    if (depth > deepest) throw unusual;
    return isItem(first.text) ? this.#list(first.indent, depth) : this.#map(first.indent, depth);
  }

  #map(indent: number, depth: number): MapTree {
    const entries: MapEntry[] = [];
    const keys = new Set<string>();
    const start = this.#number();
    for (let line = this.#peek(); line?.indent === indent && !isItem(line.text); line = this.#peek()) {
      const found = keyForm.exec(line.text);
      if (!found) throw unusual;
      const key = found[1] ?? found[2] ?? '';
      if (keys.has(key) || key === '<<' || key === '') throw unusual;
      keys.add(key);
      const number = this.#number();
      const rest = line.text.slice(found[0].length);
      this.#next();
      const value =
        rest === '' || rest.startsWith('#') ? this.#nested(indent, depth) : this.#scalar(rest, number, indent);
      entries.push({key, line: number, value});
    }
    this.#endBlock(indent);
    return {kind: 'map', line: start, entries};
  }

  /** What stands below a key: deeper, or a list at the key's own indentation. */
  #nested(indent: number, depth: number): Tree {
    const line = this.#peek();
    if (!line || line.indent < indent || (line.indent === indent && !isItem(line.text))) throw unusual;
    return this.#block(line, depth + 1);
  }

  #list(indent: number, depth: number): ListTree {
    const items: Tree[] = [];
    const start = this.#number();
    for (let line = this.#peek(); line?.indent === indent && isItem(line.text); line = this.#peek()) {
      const rest = line.text.slice(1).replace(/^ +/, '');
      const column = indent + line.text.length - rest.length;
      if (rest === '' || rest.startsWith('#') || isItem(rest)) throw unusual;
      if (keyForm.test(rest)) {
        if (depth + 1 > deepest) throw unusual;
        this.#line = {indent: column, text: rest};
        items.push(this.#map(column, depth + 1));
        continue;
      }
      const number = this.#number();
      this.#next();
      items.push(this.#scalar(rest, number, indent));
    }
    this.#endBlock(indent);
    return {kind: 'list', line: start, items};
  }

  /** What goes on deeper than its block is a text over several lines, or wrong. */
  #endBlock(indent: number): void {
    const line = this.#peek();
    if (line && line.indent > indent) throw unusual;
  }

  #scalar(rest: string, line: number, indent: number): ScalarTree {
    const [first] = rest;
    if (first === "'") return text(singleQuoted(rest), line);
    if (first === '"') return text(doubleQuoted(rest), line);
    if (first === '|') return text(this.#literal(rest, indent), line);
    return plain(rest, line);
  }

  /** The lines of a `|` block, whose first tells how far they are indented. */
  #literal(head: string, indent: number): string {
    if (head !== '|' && head !== '|-') throw unusual;
    const [first = ''] = [this.#lines[this.#at]];
    const own = indentOf(first);
    if (own <= indent || own === first.length) throw unusual;
    const kept: string[] = [];
    for (let line = this.#lines[this.#at]; line !== undefined; line = this.#lines[++this.#at]) {
      const isBlank = indentOf(line) === line.length;
      if (isBlank ? line.length > own : indentOf(line) < own) break;
      kept.push(line.slice(own));
    }
    const after = this.#lines[this.#at];
    if (after === undefined ? !this.#endsWithBreak : indentOf(after) > indent) throw unusual;
    while (kept.at(-1) === '') kept.pop();
    return kept.join('\n') + (head === '|' ? '\n' : '');
  }

  /** The next line with something on it. */
  #peek(): Line | undefined {
    if (this.#line) return this.#line;
    for (; this.#at < this.#lines.length; this.#at++) {
      const line = this.#lines[this.#at] ?? '';
      const indent = indentOf(line);
      if (indent === line.length || line[indent] === '#') continue;
      if (line.startsWith('---')) throw unusual;
      this.#line = {indent, text: line.slice(indent).replace(/ +$/, '')};
      return this.#line;
    }
    return undefined;
  }

  #next(): void {
    this.#line = undefined;
    this.#at++;
  }

  /** Of the line at hand, from 1. */
  #number(): number {
    this.#peek();
    return this.#at + 1;
  }
}

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ');
}

function indentOf(line: string): number {
  let indent = 0;
  while (line.charCodeAt(indent) === 32) indent++;
  return indent;
}

function text(value: string, line: number): ScalarTree {
  return {kind: 'scalar', line, value, source: value};
}

function singleQuoted(rest: string): string {
  const found = /^'((?:[^']|'')*)'(?: +#.*)?$/.exec(rest);
  if (!found) throw unusual;
  return (found[1] ?? '').replaceAll("''", "'");
}

function doubleQuoted(rest: string): string {
  const found = /^"((?:[^"\\]|\\[\\"])*)"(?: +#.*)?$/.exec(rest);
  if (!found) throw unusual;
  return (found[1] ?? '').replace(/\\(.)/g, '$1');
}

function plain(rest: string, line: number): ScalarTree {
  const comment = rest.indexOf(' #');
  const source = comment < 0 ? rest : rest.slice(0, comment).replace(/ +$/, '');
  if (/^(?:[,[\]{}#&*!|>'"%@`]|[-?:](?: |$))|: |:$/.test(source)) throw unusual;
  if (/^(?:~|null|true|false)$/i.test(source)) return word(source, line);
  if (!numberForm.test(source)) return text(source, line);
  if (/^(?:0|-?[1-9]\d{0,14})$/.test(source)) return {kind: 'scalar', line, value: Number(source), source};
  throw unusual;
}

function word(source: string, line: number): ScalarTree {
  if (/^(?:~|null|Null|NULL)$/.test(source)) return {kind: 'scalar', line, value: null, source};
  if (/^(?:true|True|TRUE)$/.test(source)) return {kind: 'scalar', line, value: true, source};
  if (/^(?:false|False|FALSE)$/.test(source)) return {kind: 'scalar', line, value: false, source};
  return text(source, line);
}
