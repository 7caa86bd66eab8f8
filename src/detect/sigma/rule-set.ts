import {type CorrelationNode, correlationNodes} from './correlate/nodes.ts';
import type {IndexedRule} from './index/rule-index.ts';
import {titleId} from './parse/head.ts';
import type {Placeholders} from './parse/placeholders.ts';
import {type ReadRules, readRules} from './parse/read-rules.ts';
import {
  applyFilters,
  fault,
  type LoadedRule,
  type RejectedRule,
  Resolver,
  silentRules,
  usableCorrelations,
} from './resolve.ts';
import type {SigmaRule} from './rule.ts';
import {noTuning, type Tuning} from './tuning.ts';

export interface RuleFile {
  readonly path: string;
  readonly text: string;
}

/** Rules that run together: references resolved, filters applied, tuning done. */
export interface RuleSet {
  /** Every rule that runs, those that tuning disabled left out. */
  readonly loaded: readonly LoadedRule[];
  readonly rejected: readonly RejectedRule[];
  /** Rules whose id another file had first. */
  readonly duplicates: readonly RejectedRule[];
  /** What was loaded but does less than it says: a filter for a rule that is not there. */
  readonly warnings: readonly RejectedRule[];
  readonly disabled: readonly LoadedRule[];
  readonly detections: readonly IndexedRule[];
  readonly correlations: readonly CorrelationNode[];
  /** Ids of rules that only feed correlations. */
  readonly silent: ReadonlySet<string>;
  readonly tuning: Tuning;
}

export interface RuleSetOptions {
  readonly placeholders?: Placeholders;
  readonly tuning?: Tuning;
}

/** Reads rule files and joins what is in them. Nothing is left out in silence: see `rejected`. */
export function buildRuleSet(files: readonly RuleFile[], options: RuleSetOptions = {}): RuleSet {
  return joinRules(
    files.map(({path, text}) => ({path, read: readRules(text, options.placeholders)})),
    options,
  );
}

export interface ReadFile {
  readonly path: string;
  readonly read: ReadRules;
}

/** Joins what was read from files: references resolved, filters applied, tuning done. */
export function joinRules(files: readonly ReadFile[], options: RuleSetOptions = {}): RuleSet {
  const tuning = options.tuning ?? noTuning;
  const rejected: RejectedRule[] = [];
  const duplicates: RejectedRule[] = [];
  const disabled: LoadedRule[] = [];
  const byId = new Map<string, LoadedRule>();
  for (const {path, read} of files) {
    rejected.push(...read.rejected.map(reason => ({file: path, ...reason})));
    for (const found of read.rules) {
      const rule = withFreeId(found, byId);
      const loaded = {file: path, rule};
      const {id} = rule.head;
      const before = byId.get(id);
      if (before) duplicates.push(fault(loaded, `expected an id of its own, found that of ${before.file}`));
      else if (tuning.isDisabled(rule.head)) disabled.push(loaded);
      else byId.set(id, {file: path, rule: tuning.adjust(rule)});
    }
  }
  const resolver = new Resolver([...byId.values()]);
  const warnings: RejectedRule[] = [];
  const correlations = usableCorrelations(resolver, rejected);
  const detections = [...byId.values()].flatMap(loaded =>
    loaded.rule.kind === 'detection' ? [{...loaded, rule: loaded.rule}] : [],
  );
  const narrowed = applyFilters(resolver, warnings);
  const silent = silentRules(correlations, resolver);
  const left = new Set(correlations.map(({rule}) => rule));
  return {
    loaded: [...byId.values()].filter(({rule}) => rule.kind !== 'correlation' || left.has(rule)),
    rejected,
    duplicates,
    warnings,
    disabled,
    detections: detections.map(({rule}) => ({
      rule,
      expression: narrowed.get(rule) ?? rule.expression,
      profile: {evaluations: 0, hits: 0, millis: 0},
    })),
    correlations: correlationNodes(
      correlations.map(({rule, file}) => ({
        rule,
        sources: rule.rules.map(name => resolver.find(name, file)?.rule.head.id ?? name),
      })),
      detections.map(({rule}) => rule),
    ),
    silent,
    tuning,
  };
}

/** Rules without an id are known by their titles, and two may have the same. */
function withFreeId(rule: SigmaRule, taken: ReadonlyMap<string, unknown>): SigmaRule {
  const {id} = rule.head;
  if (!id.startsWith(titleId) || !taken.has(id)) return rule;
  let number = 2;
  while (taken.has(`${id}-${number}`)) number++;
  return {...rule, head: {...rule.head, id: `${id}-${number}`}};
}
