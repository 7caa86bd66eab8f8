import type {AlertLevel} from '../../event/level.ts';

/** What every Sigma document says about itself. */
export interface RuleHead {
  /** `id`, or a stable stand-in made of the title where a rule has none. */
  readonly id: string;
  /** The word by which correlations may name the rule. */
  readonly name: string | undefined;
  readonly title: string;
  readonly level: AlertLevel;
  readonly status: string | undefined;
  readonly description: string | undefined;
  readonly author: string | undefined;
  readonly date: string | undefined;
  readonly modified: string | undefined;
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  /** Fields the rule's author wants shown. */
  readonly fields: readonly string[];
  readonly tags: readonly string[];
  /** ATT&CK technique ids of the tags: `T1059.001`. */
  readonly techniques: readonly string[];
  /** Line of the document in its file. */
  readonly line: number;
}

/** Which logs a rule is about. Lower case; undefined means any. */
export interface Logsource {
  readonly category: string | undefined;
  readonly product: string | undefined;
  readonly service: string | undefined;
}

export interface DetectionRule {
  readonly kind: 'detection';
  readonly head: RuleHead;
  readonly logsource: Logsource;
  readonly expression: Expression;
  /** The deprecated `| count() by x > n` and `timeframe`. */
  readonly aggregation: Aggregation | undefined;
}

/** What must hold of one event. */
export type Expression =
  | {readonly kind: 'and' | 'or'; readonly parts: readonly Expression[]}
  | {readonly kind: 'atLeast'; readonly count: number; readonly parts: readonly Expression[]}
  | {readonly kind: 'not'; readonly part: Expression}
  /** A named part of `detection`. */
  | {readonly kind: 'selection'; readonly name: string; readonly part: Expression}
  | {readonly kind: 'field'; readonly field: string; readonly test: Test; readonly source: string}
  /** Any value of the event, and its text. */
  | {readonly kind: 'keyword'; readonly test: Test; readonly source: string}
  | {readonly kind: 'constant'; readonly value: boolean};

/** What must hold of one value. */
export type Test =
  | {readonly kind: 'text'; readonly pattern: Pattern; readonly cased: boolean}
  | {readonly kind: 'regex'; readonly expression: string; readonly flags: string}
  | {readonly kind: 'number'; readonly value: number; readonly source: string}
  | {readonly kind: 'compare'; readonly operator: Operator; readonly value: number}
  | {readonly kind: 'time'; readonly part: TimePart; readonly operator: Operator; readonly value: number}
  | {readonly kind: 'cidr'; readonly block: string}
  | {readonly kind: 'null'}
  | {readonly kind: 'exists'; readonly wanted: boolean}
  | {readonly kind: 'fieldref'; readonly field: string; readonly place: Place; readonly cased: boolean};

/** A text with wildcards: pieces of plain text, `*` for any number of characters, `?` for one. */
export type Pattern = readonly Piece[];
export type Piece = {readonly text: string} | '*' | '?';

export type Operator = 'eq' | 'neq' | 'lt' | 'lte' | 'gt' | 'gte';
export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';
/** Where in a value another must stand. */
export type Place = 'whole' | 'start' | 'end' | 'inside';

export interface Aggregation {
  readonly measure: Measure;
  readonly groupBy: readonly string[];
  readonly condition: readonly Bound[];
  /** Microseconds; Infinity where the rule gives none. */
  readonly timespan: number;
}

/** What is measured of the events within a window. */
export type Measure =
  | {readonly kind: 'events'}
  | {readonly kind: 'values'; readonly fields: readonly string[]}
  | {readonly kind: 'sum' | 'avg' | 'median' | 'min' | 'max'; readonly field: string}
  | {readonly kind: 'percentile'; readonly field: string; readonly percentile: number}
  /** The share in percent that each distinct value has. */
  | {readonly kind: 'share'; readonly field: string}
  | {readonly kind: 'rules'; readonly ordered: boolean};

export interface Bound {
  readonly operator: Operator;
  readonly value: number;
}

export interface CorrelationRule {
  readonly kind: 'correlation';
  readonly head: RuleHead;
  readonly measure: Measure;
  /** Ids or names of the rules whose events are correlated, in order. */
  readonly rules: readonly string[];
  readonly groupBy: readonly string[];
  /** Field by rule (id or name) for each alias. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly timespan: number;
  readonly condition: readonly Bound[];
  /** Whether the rules it names raise alerts of their own too. */
  readonly generate: boolean;
}

/** Narrows other rules: events for which `suppresses` holds are not theirs. */
export interface FilterRule {
  readonly kind: 'filter';
  readonly head: RuleHead;
  readonly logsource: Logsource;
  /** Ids or names; `any` stands for every rule of the logsource. */
  readonly rules: readonly string[];
  readonly suppresses: Expression;
}

export type SigmaRule = DetectionRule | CorrelationRule | FilterRule;
