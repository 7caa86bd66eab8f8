import {hour} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';
import {bind} from '../query/bind.ts';
import {parseDuration} from '../query/duration.ts';
import {type Expression, QueryError} from '../query/expression.ts';
import {fieldNamed} from '../query/fields.ts';
import {parse} from '../query/parse.ts';
import {type QueryKind, queryKinds} from '../query/request.ts';
import {parseTime, type TimeContext} from '../query/time.ts';
import {isTrafficField} from '../query/traffic-dimension.ts';
import {UsageError} from './failure.ts';
import {type OutputForm, outputForms} from './output/writer.ts';

/** What the command line holds, as commander gives it. */
export interface QueryFlags {
  readonly since?: string;
  readonly until?: string;
  readonly kind: string;
  readonly lines?: string;
  readonly reverse?: boolean;
  readonly follow?: boolean;
  readonly output?: string;
  readonly fields?: string;
  readonly count?: boolean;
  readonly by?: string;
  readonly every?: string;
  readonly sql?: string;
  readonly dataDir?: string;
  readonly config?: string;
  readonly utc?: boolean;
}

/** A question, read and checked as far as that needs no store. */
export interface QueryOptions {
  readonly kind: QueryKind;
  readonly since: Micros | undefined;
  readonly until: Micros | undefined;
  readonly where: Expression | undefined;
  readonly text: string;
  readonly limit: number;
  readonly reverse: boolean;
  readonly follow: boolean;
  readonly output: OutputForm;
  readonly fields: readonly string[] | undefined;
  readonly counted: {readonly by: readonly string[]; readonly every: Micros | undefined} | undefined;
  readonly sql: string | undefined;
}

/** Reads the flags. Throws a UsageError, TimeError or QueryError. */
export function queryOptions(text: string, flags: QueryFlags, times: TimeContext): QueryOptions {
  refuseContradictions(text, flags);
  const until = flags.until === undefined ? undefined : parseTime(flags.until, times);
  const since = flags.since === undefined ? (until ?? times.now) - hour : parseTime(flags.since, times);
  if (until !== undefined && since >= until) throw new UsageError('Expected --since to come before --until.');
  const follow = flags.follow ?? false;
  const counted = flags.count || flags.by !== undefined || flags.every !== undefined;
  const kind = kindOf(flags.kind);
  const by = flags.by === undefined ? [] : fieldsOf(flags.by, kind, '--by');
  if (kind === 'traffic') refuseOfTraffic(by, follow);
  const where = parse(text);
  if (where) bind(where, kind, times);
  return {
    kind,
    since,
    until,
    where,
    text,
    limit: limitOf(flags.lines, follow && flags.since === undefined ? 10 : 1000),
    reverse: flags.reverse ?? false,
    follow,
    output: outputOf(flags.output ?? 'table'),
    fields: flags.fields === undefined ? undefined : fieldsOf(flags.fields, kind, '--fields'),
    counted: counted
      ? {
          by,
          every: flags.every === undefined ? undefined : parseDuration(flags.every),
        }
      : undefined,
    sql: flags.sql,
  };
}

function refuseContradictions(text: string, flags: QueryFlags): void {
  const counted = flags.count || flags.by !== undefined || flags.every !== undefined;
  if (flags.follow && counted) throw new UsageError('Expected --follow or --count, got both.');
  if (flags.follow && flags.until !== undefined) throw new UsageError('Expected --follow or --until, got both.');
  if (flags.follow && flags.reverse) throw new UsageError('Expected --follow or --reverse, got both.');
  if (flags.fields !== undefined && counted)
    throw new UsageError('Expected --fields or --count, got both; --by names what to count by.');
  const beside = text !== '' || counted || flags.follow || flags.fields !== undefined;
  if (flags.sql !== undefined && beside)
    throw new UsageError('Expected --sql alone (with -n and -o), got another question beside it.');
}

function refuseOfTraffic(by: readonly string[], follow: boolean): void {
  if (follow)
    throw new UsageError('Expected --follow of a kind whose rows stay as they are; those of traffic still grow.');
  const kept = by.filter(name => isTrafficField(fieldNamed(name, 'traffic', 0).name));
  if (kept.length > 1)
    throw new UsageError(
      `Expected --by one of transport, service and talker, which are counted apart; got ${kept.join(', ')}.`,
    );
}

function kindOf(text: string): QueryKind {
  const wanted = text.toLowerCase();
  const kind = queryKinds.find(
    known => known === wanted || known === `${wanted}s` || known === wanted.replace(/y$/, 'ies'),
  );
  if (kind) return kind;
  throw new UsageError(`Expected --kind to be one of ${queryKinds.join(', ')}; got "${text}".`);
}

function outputOf(text: string): OutputForm {
  const form = outputForms.find(known => known === text.toLowerCase());
  if (form) return form;
  throw new UsageError(`Expected --output to be one of ${outputForms.join(', ')}; got "${text}".`);
}

const mostLines = 100_000_000;

function limitOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const lines = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (lines >= 1 && lines <= mostLines) return lines;
  throw new UsageError(`Expected --lines to be a whole number from 1 to ${mostLines}; got "${text}".`);
}

function fieldsOf(text: string, kind: QueryKind, flag: string): readonly string[] {
  const names = text.split(',').map(name => name.trim());
  if (names.includes('') || names.length > 50)
    throw new UsageError(`Expected ${flag} to be up to 50 field names with commas between; got "${text}".`);
  for (const name of names) checkField(name, kind, flag);
  return names;
}

function checkField(name: string, kind: QueryKind, flag: string): void {
  try {
    fieldNamed(name, kind, 0);
  } catch (error) {
    if (error instanceof QueryError) throw new UsageError(`${flag}: ${error.message}`);
    throw error;
  }
}
