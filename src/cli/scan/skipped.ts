import {sanitizeLine} from '../../event/sanitize.ts';
import type {CommandRules} from '../load-rules.ts';
import type {FoundFiles} from './find-files.ts';
import type {FileReport, ScanResult} from './scanner.ts';
import type {SelectedRules} from './select-rules.ts';
import {block} from './summary.ts';
import {Tally} from './tally.ts';

export interface ScanFacts {
  readonly rules: CommandRules;
  readonly selected: SelectedRules;
  readonly found: FoundFiles;
  readonly reports: readonly FileReport[];
  readonly results: readonly ScanResult[];
  readonly suppressed: number;
  readonly evicted: number;
}

/** What was not looked at or not shown, and why. A line each, none where nothing was left out. */
export function skippedLines(facts: ScanFacts): readonly string[] {
  return [...fileLines(facts), ...ruleLines(facts), ...eventLines(facts)];
}

/** Files that could not be read: the user must do something. */
export function failures({found, reports}: Pick<ScanFacts, 'found' | 'reports'>): readonly string[] {
  return [...found.failures, ...reports.flatMap(({failure}) => failure ?? [])].map(sanitizeLine);
}

/** Why nothing was found, in a sentence. */
export function whyNothing({rules, selected, reports, results}: ScanFacts): string {
  const events = sumOf(reports.map(report => report.events));
  const outside = sumOf(reports.map(report => report.outside));
  const uncovered = uncoveredOf(results).total;
  if (rules.places.length === 0 || rules.set.loaded.length === 0)
    return `No rules were loaded${rules.places.length > 0 ? ` from ${rules.places.join(', ')}` : ''}.`;
  if (selected.shown.size === 0)
    return `None of the ${rules.set.loaded.length} rules is wanted by --min-level, --include and --exclude.`;
  if (reports.length === 0) return 'There was no file to read.';
  if (events === 0 && outside > 0) return `All ${outside} events are outside --since and --until.`;
  if (events === 0) return 'The files hold no events.';
  if (uncovered === events) return `No rule is about events of these kinds (${events}).`;
  return `${events - uncovered} events were held against the rules that are about them; none fits.`;
}

function fileLines(facts: ScanFacts): string[] {
  const {found, reports} = facts;
  const skipped = new Tally();
  skipped.addAll(found.skipped);
  for (const {isUnknown} of reports) if (isUnknown) skipped.add('of no known format');
  const dropped = new Tally();
  for (const report of reports) {
    for (const [reason, count] of Object.entries(report.dropped)) dropped.add(reason, count);
  }
  const noted = reports.flatMap(({path, notes}) => notes.map(note => `  ${sanitizeLine(path)}: ${note}`));
  return [
    ...failures(facts).map(line => `Not read: ${line}`),
    ...block('Files left out', skipped),
    ...block('Entries that could not be read, by reason', dropped),
    ...noted.slice(0, 10),
    ...(noted.length > 10 ? [`  and ${noted.length - 10} more such files`] : []),
  ];
}

function ruleLines({rules: {set}, selected, suppressed, evicted}: ScanFacts): string[] {
  const rejected = set.rejected.filter(rule => !rule.isForeign);
  const foreign = set.rejected.length - rejected.length;
  const unwanted = set.loaded.length - selected.shown.size;
  return [
    ...(rejected.length > 0
      ? [
          `Rules rejected: ${rejected.length} (${rejected[0]?.file}:${rejected[0]?.line}: ${rejected[0]?.reason}${rejected.length > 1 ? ' …' : ''}); siem rules check lists them`,
        ]
      : []),
    ...(foreign > 0 ? [`YAML documents that are no rules: ${foreign}`] : []),
    ...(set.duplicates.length > 0 ? [`Rules left out because another has their id: ${set.duplicates.length}`] : []),
    ...set.warnings.slice(0, 3).map(({file, line, reason}) => `${file}:${line}: ${reason}`),
    ...(set.disabled.length > 0 ? [`Rules disabled by tuning: ${set.disabled.length}`] : []),
    ...(unwanted > 0 ? [`Rules not wanted by --min-level, --include and --exclude, or filters: ${unwanted}`] : []),
    ...(suppressed > 0 ? [`Findings suppressed by tuning: ${suppressed}`] : []),
    ...(evicted > 0 ? [`Groups of correlations forgotten to stay small: ${evicted}`] : []),
  ];
}

function eventLines({reports, results}: ScanFacts): string[] {
  const outside = sumOf(reports.map(report => report.outside));
  return [
    ...(outside > 0 ? [`Events outside --since and --until: ${outside}`] : []),
    ...block('Events that no rule is about, by kind', uncoveredOf(results)),
  ];
}

function uncoveredOf(results: readonly ScanResult[]): Tally {
  const tally = new Tally();
  for (const {uncovered} of results) tally.addAll(uncovered);
  return tally;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
