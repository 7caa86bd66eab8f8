import {type AlertLevel, alertLevels, levelNames, parseLevel} from '../event/level.ts';
import {parseBlock} from './cidr.ts';
import {TimeError} from './duration.ts';
import {type Comparison, type Expression, QueryError} from './expression.ts';
import {type Field, fieldNamed, textFields} from './fields.ts';
import type {QueryKind} from './request.ts';
import type {Test} from './test.ts';
import {parseTime, type TimeContext} from './time.ts';
import {wildcard} from './wildcard.ts';

/** An expression whose names and values are understood for one kind: what the store and `matches` both carry out. */
export type Bound =
  | {readonly type: 'and' | 'or'; readonly terms: readonly Bound[]}
  | {readonly type: 'not'; readonly term: Bound}
  | {readonly type: 'test'; readonly field: Field; readonly test: Test};

/**
 * Understands an expression's fields and values. Throws a QueryError, with its place, on an unknown field or a value
 * that the field cannot have. `times` is what zoneless times in it are read against.
 */
export function bind(expression: Expression, kind: QueryKind, times: TimeContext): Bound {
  switch (expression.type) {
    case 'and':
    case 'or':
      return {type: expression.type, terms: expression.terms.map(term => bind(term, kind, times))};
    case 'not':
      return {type: 'not', term: bind(expression.term, kind, times)};
    case 'text': {
      const test: Test = {is: 'words', search: searchText(expression)};
      return {type: 'or', terms: textFields(kind).map(field => ({type: 'test', field, test}))};
    }
    case 'field':
      return bindField(expression, fieldNamed(expression.name, kind, expression.at), times);
    default:
      return expression satisfies never;
  }
}

type FieldExpression = Extract<Expression, {type: 'field'}>;

function searchText({text, quoted, at}: Extract<Expression, {type: 'text'}>): string {
  const star = quoted ? -1 : text.search(/\*(?=.)|^\*/);
  if (star < 0) return text;
  throw new QueryError('Expected * only at the end of a word; parts of words are found by message:*part*', at + star);
}

function bindField(expression: FieldExpression, field: Field, times: TimeContext): Bound {
  const values = [expression.value, ...(expression.alternatives ?? [])];
  const negated = expression.comparison === '!=';
  const comparison: Exclude<Comparison, '!='> = expression.comparison === '!=' ? '=' : expression.comparison;
  const terms = values.map(
    (value): Bound => ({
      type: 'test',
      field,
      test: testOf(field, comparison, value, expression, times),
    }),
  );
  const [only] = terms;
  const any: Bound = terms.length === 1 && only ? only : {type: 'or', terms};
  return negated ? {type: 'not', term: any} : any;
}

function testOf(
  field: Field,
  comparison: Exclude<Comparison, '!='>,
  value: string,
  {quoted, at}: FieldExpression,
  times: TimeContext,
): Test {
  if (comparison === '=' && value === '*' && !quoted) return {is: 'present'};
  if (value === '') {
    if (comparison === '=') return {is: 'empty'};
    throw new QueryError(`Expected a value to compare ${field.name} with, got ""`, at);
  }
  switch (field.type) {
    case 'time':
      return timeTest(field, comparison, value, at, times);
    case 'level':
      return {is: 'one-of', names: levelsThat(comparison, value, quoted, at)};
    case 'rule-level':
      return {is: 'one-of', names: ruleLevelsThat(comparison, value, quoted, at)};
    case 'number':
      return numberTest(field, comparison, value, quoted, at);
    case 'ip':
      return addressTest(field, comparison, value, quoted, at);
    case 'text':
      return comparison === '=' ? pattern(value, quoted) : {is: 'ordered', comparison, value, numbers: false};
    case 'free':
      return comparison === '=' ? pattern(value, quoted, true) : {is: 'ordered', comparison, value, numbers: true};
    default:
      return field.type satisfies never;
  }
}

function pattern(value: string, literal: boolean, numbers = false): Test {
  return {is: 'pattern', pattern: value, literal: literal || !/[*?]/.test(value), numbers};
}

function timeTest(field: Field, comparison: Comparison, value: string, at: number, times: TimeContext): Test {
  if (comparison === '=' || comparison === '!=')
    throw new QueryError(`Expected ${field.name} to be compared by < <= > or >=, for example ${field.name}>=10:00`, at);
  try {
    return {is: 'time', comparison, micros: parseTime(value, times)};
  } catch (error) {
    if (error instanceof TimeError) throw new QueryError(error.message, at);
    throw error;
  }
}

function numberTest(
  field: Field,
  comparison: Exclude<Comparison, '!='>,
  value: string,
  quoted: boolean,
  at: number,
): Test {
  if (comparison === '=' && !quoted && /^[\d*?.-]*[*?][\d*?.-]*$/.test(value)) return pattern(value, false);
  const number = Number(value);
  if (/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) && Number.isFinite(number))
    return {is: 'number', comparison, number};
  throw new QueryError(`Expected a number for ${field.name}, got "${value}"`, at);
}

function addressTest(
  field: Field,
  comparison: Exclude<Comparison, '!='>,
  value: string,
  quoted: boolean,
  at: number,
): Test {
  if (comparison !== '=')
    throw new QueryError(`Expected an address or a block for ${field.name}, as ${field.name}:10.0.0.0/8`, at);
  if (parseBlock(value)) return {is: 'in-block', block: value};
  if (!quoted && /[*?]/.test(value)) return pattern(value, false);
  throw new QueryError(`Expected an address, a block such as 10.0.0.0/8, or a pattern with *, got "${value}"`, at);
}

function levelsThat(comparison: Comparison, value: string, quoted: boolean, at: number): readonly string[] {
  const wanted = parseLevel(value);
  // More serious counts as more, though RFC 5424 gives it the smaller number.
  if (wanted !== undefined) return levelNames.filter((_, level) => holds(comparison, wanted - level));
  return namesLike(levelNames, comparison, value, quoted, at);
}

function ruleLevelsThat(comparison: Comparison, value: string, quoted: boolean, at: number): readonly string[] {
  const name = value.toLowerCase();
  const wanted = alertLevels.indexOf(
    (name === 'info' || name === 'information' ? 'informational' : name) as AlertLevel,
  );
  if (wanted >= 0) return alertLevels.filter((_, rank) => holds(comparison, rank - wanted));
  return namesLike(alertLevels, comparison, value, quoted, at);
}

function namesLike(
  names: readonly string[],
  comparison: Comparison,
  value: string,
  quoted: boolean,
  at: number,
): readonly string[] {
  const like = wildcard(value, quoted);
  const found = names.filter(like);
  if (comparison === '=' && found.length > 0) return found;
  throw new QueryError(`Expected a level (${names.join(', ')}), got "${value}"`, at);
}

function holds(comparison: Comparison, difference: number): boolean {
  switch (comparison) {
    case '=':
      return difference === 0;
    case '!=':
      return difference !== 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
    default:
      return comparison satisfies never;
  }
}
