import {RuleError} from './rule-error.ts';
import type {ListTree, MapTree, ScalarTree, Tree} from './yaml-tree.ts';

/** The value under a key, or undefined. */
export function child(map: MapTree, key: string): Tree | undefined {
  return map.entries.find(entry => entry.key === key)?.value;
}

export function asMap(tree: Tree | undefined, what: string, line: number): MapTree {
  if (tree?.kind === 'map') return tree;
  throw new RuleError(tree?.line ?? line, `expected ${what} to be a map, found ${describe(tree)}`);
}

export function asList(tree: Tree | undefined, what: string, line: number): ListTree {
  if (tree?.kind === 'list') return tree;
  throw new RuleError(tree?.line ?? line, `expected ${what} to be a list, found ${describe(tree)}`);
}

/** The text under a key, or undefined where the key is missing or empty. */
export function optionalText(map: MapTree, key: string): string | undefined {
  const tree = child(map, key);
  if (tree === undefined || isNull(tree)) return undefined;
  return scalarText(tree, `\`${key}\``);
}

export function requiredText(map: MapTree, key: string): string {
  const text = optionalText(map, key);
  if (text !== undefined && text !== '') return text;
  throw new RuleError(
    child(map, key)?.line ?? map.line,
    `expected \`${key}\` to be a text, found ${describe(child(map, key))}`,
  );
}

/** A list of texts, or a single one; empty where the key is missing. */
export function textList(map: MapTree, key: string): string[] {
  const tree = child(map, key);
  if (tree === undefined || isNull(tree)) return [];
  const items = tree.kind === 'list' ? tree.items : [tree];
  return items.filter(item => !isNull(item)).map(item => scalarText(item, `each of \`${key}\``));
}

export function scalarText(tree: Tree, what: string): string {
  if (tree.kind !== 'scalar' || tree.value === null) {
    throw new RuleError(tree.line, `expected ${what} to be a text, found ${describe(tree)}`);
  }
  return typeof tree.value === 'string' ? tree.value : tree.source;
}

export function isNull(tree: Tree): tree is ScalarTree {
  return tree.kind === 'scalar' && tree.value === null;
}

export function describe(tree: Tree | undefined): string {
  if (tree === undefined) return 'nothing';
  if (tree.kind === 'map') return 'a map';
  if (tree.kind === 'list') return tree.items.length === 0 ? 'an empty list' : 'a list';
  return tree.value === null ? 'nothing' : `\`${tree.source.slice(0, 80)}\``;
}
