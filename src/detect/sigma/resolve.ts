import type {CorrelationRule, DetectionRule, Expression, FilterRule, SigmaRule} from './rule.ts';

export interface LoadedRule {
  readonly file: string;
  readonly rule: SigmaRule;
}

/** A document that will not run, and why. */
export interface RejectedRule {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
  readonly title?: string;
  readonly id?: string;
}

/** Finds rules by id or name; a name is looked for in the same file first. */
export class Resolver {
  readonly rules: readonly LoadedRule[];
  readonly #byId: ReadonlyMap<string, LoadedRule>;
  readonly #byName = new Map<string, LoadedRule[]>();

  constructor(rules: readonly LoadedRule[]) {
    this.rules = rules;
    this.#byId = new Map(rules.map(loaded => [loaded.rule.head.id, loaded]));
    for (const loaded of rules) {
      const {name} = loaded.rule.head;
      if (name !== undefined) this.#byName.set(name, [...(this.#byName.get(name) ?? []), loaded]);
    }
  }

  find(word: string, file: string): LoadedRule | undefined {
    const named = this.#byName.get(word);
    return this.#byId.get(word.toLowerCase()) ?? named?.find(loaded => loaded.file === file) ?? named?.[0];
  }
}

export interface LoadedCorrelation {
  readonly file: string;
  readonly rule: CorrelationRule;
}

/** Correlations all of whose rules are there, by way of other correlations too, and that do not go round in a circle. */
export function usableCorrelations(resolver: Resolver, rejected: RejectedRule[]): LoadedCorrelation[] {
  const verdicts = new Map<SigmaRule, string | undefined>();
  const judge = (loaded: LoadedRule, path: readonly SigmaRule[]): string | undefined => {
    const {rule, file} = loaded;
    if (rule.kind === 'detection') return undefined;
    if (rule.kind === 'filter') return 'is a filter';
    if (path.includes(rule)) return 'names itself in a circle';
    if (verdicts.has(rule)) return verdicts.get(rule);
    const wrong = rule.rules.flatMap(name => {
      const found = resolver.find(name, file);
      if (!found) return [`names \`${name}\`, which is not loaded`];
      const reason = judge(found, [...path, rule]);
      return reason === undefined ? [] : [`names \`${name}\`, which ${reason}`];
    })[0];
    verdicts.set(rule, wrong);
    return wrong;
  };
  return resolver.rules.flatMap(loaded => {
    const {rule, file} = loaded;
    if (rule.kind !== 'correlation') return [];
    const wrong = judge(loaded, []);
    if (wrong === undefined) return [{rule, file}];
    rejected.push(fault(loaded, `expected rules that are loaded, but the correlation ${wrong}`));
    return [];
  });
}

/** The expressions of rules that filters narrow. */
export function applyFilters(resolver: Resolver, warnings: RejectedRule[]): Map<DetectionRule, Expression> {
  const narrowed = new Map<DetectionRule, Expression>();
  for (const loaded of resolver.rules) {
    if (loaded.rule.kind !== 'filter') continue;
    const {rule: filter} = loaded;
    for (const rule of targets(filter, loaded, resolver, warnings)) {
      const before = narrowed.get(rule) ?? rule.expression;
      const kept: Expression = {
        kind: 'not',
        part: {kind: 'selection', name: filter.head.title, part: filter.suppresses},
      };
      narrowed.set(rule, {kind: 'and', parts: [before, kept]});
    }
  }
  return narrowed;
}

function targets(
  filter: FilterRule,
  loaded: LoadedRule,
  resolver: Resolver,
  warnings: RejectedRule[],
): DetectionRule[] {
  const found: DetectionRule[] = [];
  for (const word of filter.rules) {
    if (word.toLowerCase() === 'any') {
      found.push(
        ...resolver.rules.flatMap(({rule}) => (rule.kind === 'detection' && fits(filter, rule) ? [rule] : [])),
      );
      continue;
    }
    const target = resolver.find(word, loaded.file)?.rule;
    if (target?.kind !== 'detection')
      warnings.push(fault(loaded, `expected \`${word}\` to be a loaded rule, so nothing of it is filtered`));
    else if (!fits(filter, target))
      warnings.push(fault(loaded, `expected \`${word}\` to have the filter’s logsource, so nothing of it is filtered`));
    else found.push(target);
  }
  return [...new Set(found)];
}

function fits({logsource}: FilterRule, rule: DetectionRule): boolean {
  return (['category', 'product', 'service'] as const).every(
    key => logsource[key] === undefined || logsource[key] === rule.logsource[key],
  );
}

/** Rules that a correlation names are silent, unless one that names them says `generate`. */
export function silentRules(correlations: readonly LoadedCorrelation[], resolver: Resolver): Set<string> {
  const idsOf = ({rule, file}: LoadedCorrelation) =>
    rule.rules.flatMap(name => resolver.find(name, file)?.rule.head.id ?? []);
  const silent = new Set(correlations.flatMap(idsOf));
  for (const correlation of correlations)
    if (correlation.rule.generate) for (const id of idsOf(correlation)) silent.delete(id);
  return silent;
}

export function fault({file, rule}: LoadedRule, reason: string): RejectedRule {
  return {file, line: rule.head.line, reason, title: rule.head.title, id: rule.head.id};
}
