import {type Explanation, explain} from './explain.ts';
import type {IndexedRule} from './index/rule-index.ts';
import {isAbout, type ViewedEvent} from './logsource/view.ts';

/** Why a rule fires on an event or does not: first whether it is about such events at all, then part by part. */
export interface RuleExplanation {
  readonly fires: boolean;
  /** The kinds of log that the event is, in words; none where it is no log at all. */
  readonly seenAs: readonly string[];
  /** Of those kinds that the rule is about; empty where the logsource does not fit. */
  readonly explanations: readonly {readonly seenAs: string; readonly explanation: Explanation}[];
}

/** `views`: what `EventReader.read` makes of an event, or of the audit records that end with it. Filters count as parts. */
export function explainRule({rule, expression}: IndexedRule, views: readonly ViewedEvent[]): RuleExplanation {
  const explanations = views
    .filter(({view}) => isAbout(view, rule.logsource))
    .map(event => ({seenAs: event.view.name, explanation: explain(expression, event)}));
  return {
    fires: explanations.some(({explanation}) => explanation.holds),
    seenAs: views.map(({view}) => view.name),
    explanations,
  };
}
