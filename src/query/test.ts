import {inBlock, parseBlock} from './cidr.ts';
import type {Comparison} from './expression.ts';
import {fold} from './fold.ts';
import {wildcard} from './wildcard.ts';
import {hasWords} from './words.ts';

/** What a field may hold in an answer. */
export type Value = string | number | boolean | null | undefined | readonly string[];

type Ordering = Exclude<Comparison, '!='>;

/**
 * A question to one value, plain data. `present`: there, and not empty. `pattern`: its text, without case, with
 * wildcards unless literal; with `numbers`, numbers equal by value too. `one-of`: its name. `in-block`: its address.
 */
export type Test =
  | {readonly is: 'present'}
  | {readonly is: 'empty'}
  | {readonly is: 'pattern'; readonly pattern: string; readonly literal: boolean; readonly numbers: boolean}
  | {readonly is: 'number'; readonly comparison: Ordering; readonly number: number}
  | {readonly is: 'time'; readonly comparison: Ordering; readonly micros: number}
  | {readonly is: 'ordered'; readonly comparison: Ordering; readonly value: string; readonly numbers: boolean}
  | {readonly is: 'one-of'; readonly names: readonly string[]}
  | {readonly is: 'in-block'; readonly block: string}
  | {readonly is: 'words'; readonly search: string};

/**
 * Makes the predicate of a test. A missing value satisfies `empty` and nothing else; a list satisfies a test when one
 * of its members does.
 */
export function predicate(test: Test): (value: Value) => boolean {
  if (test.is === 'present') return present;
  if (test.is === 'empty') return value => !present(value);
  const one = single(test);
  return value => {
    if (value === null || value === undefined) return false;
    return Array.isArray(value) ? value.some(one) : one(value as string | number | boolean);
  };
}

type Single = (value: string | number | boolean) => boolean;

function present(value: Value): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function single(test: Exclude<Test, {is: 'present' | 'empty'}>): Single {
  switch (test.is) {
    case 'pattern':
      return patternTest(test);
    case 'number':
      return value => typeof value === 'number' && compares(test.comparison, value, test.number);
    case 'time':
      return value => typeof value !== 'boolean' && compares(test.comparison, microsOf(value), test.micros);
    case 'ordered':
      return orderedTest(test);
    case 'one-of': {
      const names = new Set(test.names);
      return value => names.has(fold(String(value)));
    }
    case 'in-block': {
      const block = parseBlock(test.block);
      return value => block !== undefined && typeof value === 'string' && inBlock(value, block);
    }
    case 'words': {
      const has = hasWords(test.search);
      return value => has(String(value));
    }
    default:
      return test satisfies never;
  }
}

function patternTest({pattern, literal, numbers}: Extract<Test, {is: 'pattern'}>): Single {
  const like = wildcard(pattern, literal);
  const number = numbers && literal ? numberOf(pattern) : Number.NaN;
  return value => (typeof value === 'number' && value === number) || like(String(value));
}

function orderedTest({comparison, value: wanted, numbers}: Extract<Test, {is: 'ordered'}>): Single {
  const number = numbers ? numberOf(wanted) : Number.NaN;
  if (!Number.isNaN(number)) return value => compares(comparison, numberOf(value), number);
  const folded = fold(wanted);
  return value => typeof value === 'string' && compares(comparison, fold(value), folded);
}

function numberOf(value: string | number | boolean): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

/** A time in an answer is ISO 8601 with up to six fractional digits. */
function microsOf(value: string | number): number {
  if (typeof value === 'number') return value;
  const micros = /\.\d{3}(\d{3})Z$/.exec(value)?.[1] ?? '0';
  return Date.parse(value.replace(/(\.\d{3})\d{3}Z$/, '$1Z')) * 1000 + Number(micros);
}

function compares<V extends string | number>(comparison: Ordering, a: V, b: V): boolean {
  switch (comparison) {
    case '=':
      return a === b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return comparison satisfies never;
  }
}
