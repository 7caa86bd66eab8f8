import type {FieldValue, LogEvent} from '../../event/event.ts';
import {logEntry} from '../rules/log-entry.test-helper.ts';
import {SigmaDetector} from './detector.ts';
import type {Placeholders} from './parse/placeholders.ts';
import {readRules} from './parse/read-rules.ts';
import {buildRuleSet, type RuleSet} from './rule-set.ts';

export const start = Date.UTC(2026, 0, 5, 12) * 1000;

/** A rule over application logs whose detection is given as YAML. */
export function ruleOf(detection: string, more = ''): string {
  const indented = detection
    .split('\n')
    .map(line => `  ${line}`)
    .join('\n');
  return `title: Test\nlogsource:\n  category: application\n${more}detection:\n${indented}\n`;
}

/** An entry of an application's log with these fields. */
export function entry(fields: Record<string, FieldValue>, more: Partial<LogEvent> = {}): LogEvent {
  return logEntry(start, {origin: {...logEntry(0).origin, dataset: 'text'}, fields, ...more});
}

/** Rules that must all load. */
export function setOf(text: string, placeholders: Placeholders = new Map()): RuleSet {
  const set = buildRuleSet([{path: 'test.yml', text}], {placeholders});
  const [wrong] = [...set.rejected, ...set.duplicates];
  if (wrong) throw new Error(`${wrong.file}:${wrong.line}: ${wrong.reason}`);
  return set;
}

/** Whether the single rule of a text fires on an event. */
export function fires(text: string, event: LogEvent, placeholders: Placeholders = new Map()): boolean {
  return new SigmaDetector(setOf(text, placeholders)).onEvents([event]).length > 0;
}

/** Why a text is no rule that runs; '' where it is one. */
export function rejection(text: string): string {
  const {rejected} = readRules(text);
  return rejected.map(({line, reason}) => `${line}: ${reason}`).join('\n');
}
