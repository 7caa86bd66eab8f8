import type {SigmaRule} from '../rule.ts';
import {readCorrelation} from './correlation.ts';
import {readDetection} from './detection.ts';
import {readFilter} from './filter.ts';
import {readHead} from './head.ts';
import {readLogsource} from './logsource.ts';
import type {Placeholders} from './placeholders.ts';
import {RuleError} from './rule-error.ts';
import {asMap, child} from './tree-access.ts';
import {type MapTree, readYaml, type Tree} from './yaml-tree.ts';

export interface Rejection {
  readonly line: number;
  readonly reason: string;
  /** What can be told of the rejected document. */
  readonly title?: string;
  readonly id?: string;
}

export interface ReadRules {
  readonly rules: readonly SigmaRule[];
  readonly rejected: readonly Rejection[];
}

/**
 * The rules of a file's text: detections, correlations and filters, one a document. A document that cannot run is
 * rejected with its line and the reason, and the others are read all the same.
 *
 * @example
 * readRules('title: T\nlogsource: {product: linux}\ndetection: {s: {a: b}, condition: s}').rules.length // 1
 */
export function readRules(text: string, placeholders: Placeholders = new Map()): ReadRules {
  const rules: SigmaRule[] = [];
  const rejected: Rejection[] = [];
  const documents = attempt(() => readYaml(text), rejected, undefined) ?? [];
  if (documents.length === 0 && rejected.length === 0)
    rejected.push({line: 1, reason: 'expected a rule, found an empty file'});
  for (const document of documents) {
    const rule = attempt(() => readDocument(document, placeholders), rejected, document);
    if (rule) rules.push(rule);
  }
  return {rules, rejected};
}

function attempt<Result>(read: () => Result, rejected: Rejection[], document: Tree | undefined): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RuleError) rejected.push({line: error.line, reason: error.message, ...named(document)});
    // What the YAML parser throws at strange files is a reason too; no file may keep the others from being read.
    else rejected.push({line: 1, reason: `expected YAML that can be read: ${wordsOf(error)}`, ...named(document)});
    return undefined;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function named(document: Tree | undefined): {title?: string; id?: string} {
  if (document?.kind !== 'map') return {};
  const text = (key: string) => {
    const value = child(document, key);
    return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
  };
  const [title, id] = [text('title'), text('id')];
  return {...(title === undefined ? undefined : {title}), ...(id === undefined ? undefined : {id: id.toLowerCase()})};
}

function readDocument(tree: Tree, placeholders: Placeholders): SigmaRule {
  const document = asMap(tree, 'a rule', tree.line);
  checkTaxonomy(document);
  if (child(document, 'correlation')) return readCorrelation(document);
  if (child(document, 'filter')) return readFilter(document, placeholders);
  if (!child(document, 'detection')) {
    throw new RuleError(document.line, 'expected `detection`, `correlation` or `filter`, found none of them');
  }
  const head = readHead(document);
  const logsource = readLogsource(document);
  return {kind: 'detection', head, logsource, ...readDetection(document, placeholders)};
}

function checkTaxonomy(document: MapTree): void {
  const taxonomy = child(document, 'taxonomy');
  if (taxonomy?.kind !== 'scalar' || taxonomy.value === null || taxonomy.value === 'sigma') return;
  throw new RuleError(
    taxonomy.line,
    `expected the taxonomy \`sigma\`, found \`${taxonomy.source}\`: its field names are not known here`,
  );
}
