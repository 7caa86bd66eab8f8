import type {Document} from 'yaml';
import {isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseAllDocuments} from 'yaml';
import {readPlainYaml} from './plain-yaml.ts';
import {RuleError} from './rule-error.ts';

/** A YAML value that knows its line. Aliases are followed, so what is read is a tree. */
export type Tree = MapTree | ListTree | ScalarTree;

export interface MapTree {
  readonly kind: 'map';
  readonly line: number;
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: string;
  readonly line: number;
  readonly value: Tree;
}

export interface ListTree {
  readonly kind: 'list';
  readonly line: number;
  readonly items: readonly Tree[];
}

export interface ScalarTree {
  readonly kind: 'scalar';
  readonly line: number;
  readonly value: string | number | boolean | null;
  /** As it is written in the file: `0x17` of the number 23. */
  readonly source: string;
}

const longestFile = 4 * 1024 * 1024;
const deepest = 24;
const mostNodes = 200_000;
const mostDocuments = 1_000;

/** The documents of a YAML file, each as a tree. Bounded in size, depth and in what aliases expand to. */
export function readYaml(text: string): Tree[] {
  if (text.length > longestFile)
    throw new RuleError(1, `expected at most ${longestFile} characters, found ${text.length}`);
  const plain = readPlainYaml(text);
  return plain ? [plain] : readAnyYaml(text);
}

/** The same by the full parser, whatever is in the text. */
export function readAnyYaml(text: string): Tree[] {
  checkNesting(text);
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {lineCounter: lines, prettyErrors: false});
  const documents = 'empty' in parsed ? [] : parsed;
  if (documents.length > mostDocuments) {
    throw new RuleError(1, `expected at most ${mostDocuments} documents, found ${documents.length}`);
  }
  return documents
    .filter(document => document.contents !== null || document.errors.length > 0)
    .map(document => tree(document, lines));
}

/** The parser below calls itself for each level, so what is too deep is refused before. */
function checkNesting(text: string): void {
  let depth = 0;
  for (let at = 0, line = 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 10) line++;
    else if (unit === 91 || unit === 123) depth++;
    else if (unit === 93 || unit === 125) depth = Math.max(0, depth - 1);
    if (depth > 2_000)
      throw new RuleError(line, `expected at most ${deepest} nested levels, found more than 2000 open brackets`);
  }
}

function tree(document: Document.Parsed<ParsedNode>, lines: LineCounter): Tree {
  const [error] = document.errors;
  if (error) {
    const [reason = ''] = error.message.split('\n');
    throw new RuleError(lines.linePos(error.pos[0]).line, `expected YAML, found: ${reason}`);
  }
  let count = 0;
  const lineOf = (node: Node) => (node.range ? lines.linePos(node.range[0]).line : 1);
  const walk = (node: Node | null, depth: number, fallback: number): Tree => {
    if (node === null) return {kind: 'scalar', line: fallback, value: null, source: ''};
    const line = isAlias(node) ? fallback : lineOf(node);
    if (++count > mostNodes)
      throw new RuleError(line, `expected at most ${mostNodes} values, found more (aliases count)`);
    if (depth > deepest) throw new RuleError(line, `expected at most ${deepest} nested levels, found more`);
    if (isAlias(node)) return walk(node.resolve(document) ?? null, depth + 1, fallback);
    if (isMap(node)) {
      const entries = node.items.map(pair => {
        const key = walk(pair.key as Node | null, depth + 1, line);
        if (key.kind !== 'scalar') throw new RuleError(key.line, `expected a word as key, found a ${key.kind}`);
        return {key: keyText(key), line: key.line, value: walk(pair.value as Node | null, depth + 1, key.line)};
      });
      return {kind: 'map', line, entries};
    }
    if (isSeq(node))
      return {kind: 'list', line, items: node.items.map(item => walk(item as Node | null, depth + 1, line))};
    if (isScalar(node)) return scalar(node.value, node.source ?? '', line);
    throw new RuleError(line, 'expected a map, a list or a value');
  };
  return walk(document.contents, 0, 1);
}

function keyText(key: ScalarTree): string {
  return typeof key.value === 'string' ? key.value : key.source;
}

function scalar(value: unknown, source: string, line: number): ScalarTree {
  if (value === null || typeof value === 'boolean') return {kind: 'scalar', line, value, source};
  // A number that does not fit a double exactly stays the digits that were written.
  if (typeof value === 'number') {
    const exact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
    return {kind: 'scalar', line, value: exact ? value : source, source};
  }
  if (typeof value === 'bigint') return {kind: 'scalar', line, value: source, source};
  return {kind: 'scalar', line, value: String(value), source};
}
