import type {Expression, Test} from '../rule.ts';
import {modify, type Tests} from './modify.ts';
import type {Placeholders} from './placeholders.ts';
import {RuleError} from './rule-error.ts';
import {describe} from './tree-access.ts';
import type {MapTree, Tree} from './yaml-tree.ts';

/** One named part of a detection: a map (all of it), a list of maps or keywords (any of it), or a single keyword. */
export function readSelection(name: string, tree: Tree, line: number, placeholders: Placeholders): Expression {
  switch (tree.kind) {
    case 'map':
      return readMap(name, tree, placeholders);
    case 'list': {
      if (tree.items.length === 0)
        throw new RuleError(tree.line, `expected \`${name}\` to hold something, found an empty list`);
      return any(tree.items.map(item => readItem(name, item, placeholders)));
    }
    case 'scalar':
      if (tree.value === null) throw new RuleError(line, `expected \`${name}\` to be a map or a list, found nothing`);
      return readItem(name, tree, placeholders);
    default:
      return tree satisfies never;
  }
}

function readItem(name: string, item: Tree, placeholders: Placeholders): Expression {
  if (item.kind === 'map') return readMap(name, item, placeholders);
  if (item.kind === 'list')
    throw new RuleError(item.line, `expected maps or keywords in \`${name}\`, found a list in the list`);
  if (item.value === null) throw new RuleError(item.line, `expected a keyword in \`${name}\`, found nothing`);
  return link(modify([], item, item.line, placeholders), keyword);
}

function readMap(name: string, map: MapTree, placeholders: Placeholders): Expression {
  if (map.entries.length === 0)
    throw new RuleError(map.line, `expected \`${name}\` to hold fields, found an empty map`);
  const parts = map.entries.map(({key, value, line}): Expression => {
    const [field = '', ...modifiers] = key.split('|');
    if (value.kind === 'map')
      throw new RuleError(value.line, `expected values for \`${key}\`, found ${describe(value)}`);
    const tests = modify(modifiers, value, line, placeholders);
    return link(tests, (test, source) =>
      field === '' ? keyword(test, source, line) : {kind: 'field', field, test, source},
    );
  });
  const [only] = parts;
  return parts.length === 1 && only ? only : {kind: 'and', parts};
}

function link({values, all, negated}: Tests, make: (test: Test, source: string) => Expression): Expression {
  const perValue = values.map(({tests, source}) => any(tests.map(test => make(test, source))));
  const [only] = perValue;
  const linked: Expression = all && !(perValue.length === 1 && only) ? {kind: 'and', parts: perValue} : any(perValue);
  return negated ? {kind: 'not', part: linked} : linked;
}

function any(parts: readonly Expression[]): Expression {
  const [only] = parts;
  return parts.length === 1 && only
    ? only
    : {kind: 'or', parts: parts.flatMap(part => (part.kind === 'or' ? part.parts : [part]))};
}

/** A keyword is searched in the middle of every value. */
function keyword(test: Test, source: string, line = 1): Expression {
  switch (test.kind) {
    case 'text':
      return {kind: 'keyword', test: {...test, pattern: inside(test.pattern)}, source};
    case 'number':
      return {kind: 'keyword', test: {kind: 'text', pattern: ['*', {text: test.source}, '*'], cased: false}, source};
    case 'regex':
      return {kind: 'keyword', test, source};
    default:
      throw new RuleError(line, `expected a field's name before the modifier, found none: \`${test.kind}\` needs one`);
  }
}

function inside(pattern: Extract<Test, {kind: 'text'}>['pattern']): typeof pattern {
  const head = pattern[0] === '*' ? [] : (['*'] as const);
  const tail = pattern.at(-1) === '*' && pattern.length > 1 ? [] : (['*'] as const);
  return [...head, ...pattern, ...tail];
}
