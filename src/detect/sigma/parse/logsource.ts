import type {Logsource} from '../rule.ts';
import {RuleError} from './rule-error.ts';
import {asMap, child, optionalText} from './tree-access.ts';
import type {MapTree} from './yaml-tree.ts';

/** The `logsource` of a rule; `definition` and other words in it are for people. */
export function readLogsource(document: MapTree): Logsource {
  const map = asMap(child(document, 'logsource'), '`logsource`', document.line);
  const word = (key: string) => optionalText(map, key)?.trim().toLowerCase();
  const logsource = {category: word('category'), product: word('product'), service: word('service')};
  if (Object.values(logsource).every(value => value === undefined)) {
    throw new RuleError(
      map.line,
      'expected `logsource` to name a category, a product or a service, found none of them',
    );
  }
  return logsource;
}
