import {availableParallelism} from 'node:os';
import type {Micros} from '../../event/event.ts';
import {type AlertLevel, alertLevels} from '../../event/level.ts';
import {parseTime, type TimeContext} from '../../query/time.ts';
import {UsageError} from '../failure.ts';
import type {RuleFlags} from '../load-rules.ts';
import type {RuleChoice} from './select-rules.ts';

/** What the command line holds, as commander gives it. */
export interface ScanFlags extends RuleFlags {
  readonly output?: string;
  readonly minLevel?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly stats?: boolean;
  readonly utc?: boolean;
  readonly jobs?: string;
  readonly config?: string;
  readonly dataDir?: string;
}

export const scanForms = ['table', 'ndjson', 'csv', 'navigator'] as const;
export type ScanForm = (typeof scanForms)[number];

export interface ScanOptions {
  readonly form: ScanForm;
  readonly choice: RuleChoice;
  readonly since: Micros | undefined;
  readonly until: Micros | undefined;
  readonly withStatistics: boolean;
  readonly utc: boolean;
  readonly jobs: number;
}

/** Reads the flags. Throws a UsageError or a TimeError. */
export function scanOptions(flags: ScanFlags, times: TimeContext): ScanOptions {
  const since = flags.since === undefined ? undefined : parseTime(flags.since, times);
  const until = flags.until === undefined ? undefined : parseTime(flags.until, times);
  if (since !== undefined && until !== undefined && since >= until)
    throw new UsageError('Expected --since to come before --until.');
  return {
    form: oneOf(scanForms, '--output', flags.output ?? 'table'),
    choice: choiceOf(flags),
    since,
    until,
    withStatistics: flags.stats ?? false,
    utc: times.utc,
    jobs: jobsOf(flags.jobs),
  };
}

export function choiceOf({minLevel = 'informational', include = [], exclude = []}: ScanFlags): RuleChoice {
  return {minLevel: levelOf(minLevel), include, exclude};
}

function levelOf(text: string): AlertLevel {
  return oneOf(alertLevels, '--min-level', text === 'info' ? 'informational' : text);
}

function oneOf<Word extends string>(words: readonly Word[], flag: string, text: string): Word {
  const word = words.find(known => known === text.toLowerCase());
  if (word !== undefined) return word;
  throw new UsageError(`Expected ${flag} to be one of ${words.join(', ')}; got "${text}".`);
}

const mostJobs = 256;

function jobsOf(text: string | undefined): number {
  if (text === undefined) return availableParallelism();
  const jobs = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (jobs >= 1 && jobs <= mostJobs) return jobs;
  throw new UsageError(`Expected --jobs to be a whole number from 1 to ${mostJobs}; got "${text}".`);
}
