import type {CorrelationNode} from '../../detect/sigma/correlate/nodes.ts';
import {countedId} from '../../detect/sigma/correlate/nodes.ts';
import type {RuleHead} from '../../detect/sigma/rule.ts';
import type {MatchableRules} from '../../detect/sigma/rule-matcher.ts';
import type {RuleSet} from '../../detect/sigma/rule-set.ts';
import {type AlertLevel, alertLevels} from '../../event/level.ts';
import {wildcard} from '../../query/wildcard.ts';

/** Which rules the user wants to hear of. Patterns are held against id, title, tags and technique ids. */
export interface RuleChoice {
  readonly minLevel: AlertLevel;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface SelectedRules {
  /** The rules that must run: those wanted, and those that wanted correlations count. */
  readonly rules: MatchableRules;
  /** Ids of those wanted. */
  readonly shown: ReadonlySet<string>;
  readonly choice: RuleChoice;
}

export function selectRules(set: RuleSet, choice: RuleChoice): SelectedRules {
  const isWanted = ruleTest(choice);
  const shown = new Set(
    set.loaded.flatMap(({rule: {kind, head}}) => (kind !== 'filter' && isWanted(head) ? [head.id] : [])),
  );
  const correlations = neededCorrelations(set.correlations, shown);
  const fed = new Set(correlations.flatMap(({sources}) => sources));
  const detections = set.detections.filter(({rule: {head, aggregation}}) =>
    aggregation ? fed.has(countedId(head.id)) : shown.has(head.id) || fed.has(head.id),
  );
  return {rules: {detections, correlations, silent: set.silent}, shown, choice};
}

/** Of a rule what is chosen by; detectors have rules too. */
export type ChosenBy = Pick<RuleHead, 'id' | 'title' | 'level' | 'tags' | 'techniques'>;

export function ruleTest({minLevel, include, exclude}: RuleChoice): (head: ChosenBy) => boolean {
  const [included, excluded] = [include, exclude].map(patterns => patterns.map(pattern => wildcard(pattern, false)));
  const least = alertLevels.indexOf(minLevel);
  const fits = (head: ChosenBy, tests: readonly ((text: string) => boolean)[] = []) =>
    [head.id, head.title, ...head.tags, ...head.techniques].some(text => tests.some(test => test(text)));
  return head =>
    alertLevels.indexOf(head.level) >= least && (include.length === 0 || fits(head, included)) && !fits(head, excluded);
}

/** Those wanted and, round by round, those that feed them. */
function neededCorrelations(nodes: readonly CorrelationNode[], shown: ReadonlySet<string>): readonly CorrelationNode[] {
  const needed = new Set(nodes.filter(({head}) => shown.has(head.id)));
  for (let before = -1; before !== needed.size; ) {
    before = needed.size;
    const sources = new Set([...needed].flatMap(node => node.sources));
    for (const node of nodes) if (sources.has(node.head.id)) needed.add(node);
  }
  return nodes.filter(node => needed.has(node));
}
