import {type AlertLevel, alertLevels} from '../../event/level.ts';
import {fold} from './match/fold.ts';
import {compileGlob} from './match/glob.ts';
import {readPattern} from './parse/pattern.ts';
import type {Pattern, RuleHead, SigmaRule} from './rule.ts';
import {type SigmaEvent, valuesOf} from './value.ts';

/** What a user wants otherwise than the rules' authors: rules off, at another level, or quiet about some events. */
export interface Tuning {
  isDisabled(head: RuleHead): boolean;
  /** The rule at the level that the user gave it. */
  adjust<Rule extends SigmaRule>(rule: Rule): Rule;
  isSuppressed(head: RuleHead, event: SigmaEvent): boolean;
}

export interface TuningFault {
  readonly line: number;
  readonly reason: string;
}

export const noTuning: Tuning = {isDisabled: () => false, adjust: rule => rule, isSuppressed: () => false};

/**
 * Reads a tuning file: one order a line, `#` begins a comment. A rule is named by its id or its title, with `*` for any
 * text and in quotes where it has spaces; so is a value.
 *
 *     disable 0b2c5b0c-4f3a-4d5c-8f5e-0f1c1d3a9e77
 *     disable "Suspicious * Download"
 *     level "Whoami Utility Execution" low
 *     suppress "Whoami*" User=*\svc_backup Computer=build01
 */
export function readTuning(text: string): {readonly tuning: Tuning; readonly faults: readonly TuningFault[]} {
  const orders: Orders = {disabled: [], levels: [], suppressed: []};
  const faults: TuningFault[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const words = wordsOf(line);
    const reason = words.length === 0 ? undefined : readOrder(words, orders);
    if (reason !== undefined) faults.push({line: index + 1, reason});
  }
  return {tuning: tuningOf(orders), faults};
}

type RuleTest = (head: RuleHead) => boolean;

interface Orders {
  readonly disabled: RuleTest[];
  readonly levels: {readonly rule: RuleTest; readonly level: AlertLevel}[];
  readonly suppressed: {readonly rule: RuleTest; readonly fields: readonly FieldTest[]}[];
}

interface FieldTest {
  readonly field: string;
  readonly holds: (text: string) => boolean;
}

/** Words between spaces; quotes keep spaces, also in the middle of a word: `User="NT AUTHORITY\SYSTEM"`. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const found of line.matchAll(/#.*$|(?:"[^"]*"|[^\s"#])(?:"[^"]*"|[^\s"])*/g)) {
    if (found[0].startsWith('#')) break;
    words.push(found[0].replaceAll('"', ''));
  }
  return words;
}

function readOrder([order = '', name, ...rest]: readonly string[], orders: Orders): string | undefined {
  if (order !== 'disable' && order !== 'level' && order !== 'suppress') {
    return `expected disable, level or suppress, found \`${order}\``;
  }
  if (name === undefined) return `expected a rule's id or title behind ${order}, found nothing`;
  const rule = ruleTest(name);
  if (order === 'disable') {
    if (rest.length > 0)
      return `expected nothing behind the rule, found \`${rest.join(' ')}\` (a title with spaces needs quotes)`;
    orders.disabled.push(rule);
    return undefined;
  }
  return order === 'level' ? readLevel(rule, rest, orders) : readSuppress(rule, rest, orders);
}

function readLevel(rule: RuleTest, [word = 'nothing', ...more]: readonly string[], orders: Orders): string | undefined {
  const level = alertLevels.find(candidate => candidate === word);
  if (!level || more.length > 0)
    return `expected one of ${alertLevels.join(', ')} behind the rule, found \`${[word, ...more].join(' ')}\``;
  orders.levels.push({rule, level});
  return undefined;
}

function readSuppress(rule: RuleTest, words: readonly string[], orders: Orders): string | undefined {
  const fields: FieldTest[] = [];
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) return `expected FIELD=VALUE, found \`${word}\``;
    fields.push({field: fold(word.slice(0, at)), holds: globTest(word.slice(at + 1))});
  }
  if (fields.length === 0)
    return 'expected FIELD=VALUE behind the rule, found nothing (use disable to silence it wholly)';
  orders.suppressed.push({rule, fields});
  return undefined;
}

function ruleTest(name: string): RuleTest {
  const holds = globTest(name);
  return head => holds(head.id) || holds(head.title);
}

/** Only `*` and `?` are special, so that paths need no escaping. */
function globTest(text: string): (value: string) => boolean {
  const pattern = readPattern(fold(text).replaceAll('\\', '\\\\')).filter(
    (piece): piece is Pattern[number] => typeof piece === 'string' || 'text' in piece,
  );
  const holds = compileGlob(pattern);
  return value => holds(fold(value));
}

function tuningOf({disabled, levels, suppressed}: Orders): Tuning {
  return {
    isDisabled: head => disabled.some(rule => rule(head)),
    adjust: rule => {
      const level = levels.findLast(order => order.rule(rule.head))?.level;
      return level === undefined ? rule : {...rule, head: {...rule.head, level}};
    },
    isSuppressed: (head, event) =>
      suppressed.some(
        ({rule, fields}) =>
          rule(head) &&
          fields.every(({field, holds}) => valuesOf(event.get(field)).some(value => holds(String(value)))),
      ),
  };
}
