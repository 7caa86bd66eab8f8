import type {Bound, CorrelationRule, DetectionRule, Measure, RuleHead} from '../rule.ts';

/** What counts the events of other rules: a correlation, or the deprecated count within a rule. */
export interface CorrelationNode {
  readonly head: RuleHead;
  readonly measure: Measure;
  readonly condition: readonly Bound[];
  readonly timespan: number;
  readonly groupBy: readonly string[];
  /** Ids of what feeds it, in the rule's order. */
  readonly sources: readonly string[];
  /** For each source, the field by alias. */
  readonly aliases: readonly ReadonlyMap<string, string>[];
}

export interface ResolvedCorrelation {
  readonly rule: CorrelationRule;
  /** Ids in the order of `rule.rules`. */
  readonly sources: readonly string[];
}

/** Under this id the single events of a rule that counts go to its own count. */
export function countedId(id: string): string {
  return `${id}#counted`;
}

export function correlationNodes(
  correlations: readonly ResolvedCorrelation[],
  detections: readonly DetectionRule[],
): CorrelationNode[] {
  return [...correlations.map(ofCorrelation), ...detections.flatMap(ofAggregation)];
}

function ofCorrelation({rule, sources}: ResolvedCorrelation): CorrelationNode {
  const aliases = rule.rules.map(
    name =>
      new Map(
        [...rule.aliases].flatMap(([alias, fields]) => (fields.has(name) ? [[alias, fields.get(name) ?? '']] : [])),
      ),
  );
  const {head, measure, condition, timespan, groupBy} = rule;
  return {head, measure, condition, timespan, groupBy, sources, aliases};
}

function ofAggregation({head, aggregation}: DetectionRule): CorrelationNode[] {
  if (!aggregation) return [];
  return [{head, ...aggregation, sources: [countedId(head.id)], aliases: [new Map()]}];
}
