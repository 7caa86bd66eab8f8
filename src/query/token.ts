import {type Comparison, QueryError} from './expression.ts';

/** One value of a field, with whether it stood in quotes (then `*` and `?` are themselves). */
export interface ValueToken {
  readonly text: string;
  readonly quoted: boolean;
}

/** A piece of an expression; `at` and `end` are character offsets. */
export type Token =
  | {readonly type: '(' | ')' | 'and' | 'or' | 'not' | 'minus' | 'end'; readonly at: number; readonly end: number}
  | {readonly type: 'text'; readonly text: string; readonly quoted: boolean; readonly at: number; readonly end: number}
  | {
      readonly type: 'field';
      readonly name: string;
      readonly comparison: Comparison;
      readonly values: readonly ValueToken[];
      readonly at: number;
      readonly end: number;
    };

/** Longest expression, in characters: far above what a person types, far below what could stall the program. */
export const longestExpression = 4096;

/** Cuts an expression into tokens, the last of type `end`. Throws a QueryError that points at what is wrong. */
export function tokenize(text: string): readonly Token[] {
  if (text.length > longestExpression)
    throw new QueryError(
      `Expected an expression of at most ${longestExpression} characters, got ${text.length}.`,
      longestExpression,
    );
  const tokens: Token[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at = skipSpace(text, token.end);
  }
  tokens.push({type: 'end', at, end: at});
  return tokens;
}

function tokenAt(text: string, at: number): Token {
  const character = text.charAt(at);
  if (character === '(' || character === ')') return {type: character, at, end: at + 1};
  if (character === '"') {
    const {value, end} = quotedAt(text, at);
    return {type: 'text', text: value, quoted: true, at, end};
  }
  if (character === '-' && /[^\s\-)]/.test(text.charAt(at + 1))) return {type: 'minus', at, end: at + 1};
  return fieldAt(text, at) ?? wordAt(text, at);
}

// A colon must follow the name directly, so that prose with a colon in it is not read as a field; the others may
// stand free, as people write them.
const fieldStart = /([A-Za-z_@][A-Za-z0-9_.@-]*)(?::|\s*(!=|<=|>=|=|<|>))/y;

function fieldAt(text: string, at: number): Token | undefined {
  fieldStart.lastIndex = at;
  const found = fieldStart.exec(text);
  if (!found) return undefined;
  const [whole, name = '', comparison] = found;
  const from = comparison === undefined ? at + whole.length : skipSpace(text, at + whole.length);
  const {values, end} = valuesAt(text, from, whole.trim());
  return {type: 'field', name, comparison: (comparison ?? '=') as Comparison, values, at, end};
}

function valuesAt(text: string, start: number, before: string): {values: ValueToken[]; end: number} {
  const values: ValueToken[] = [];
  let at = start;
  for (;;) {
    const quoted = text.charAt(at) === '"';
    const {value, end} = quoted ? quotedAt(text, at) : bareAt(text, at);
    if (!quoted && value === '')
      throw new QueryError(
        `Expected a value after ${values.length === 0 ? before : 'the comma'} (for an empty one write "", for any *)`,
        at,
      );
    values.push({text: value, quoted});
    at = end;
    if (text.charAt(at) !== ',') return {values, end: at};
    at++;
  }
}

const bare = /[^\s()",]*/y;

function bareAt(text: string, at: number): {value: string; end: number} {
  bare.lastIndex = at;
  const value = bare.exec(text)?.[0] ?? '';
  return {value, end: at + value.length};
}

/** Only \" and \\ are escapes, so that a Windows path can be written as it is. */
function quotedAt(text: string, at: number): {value: string; end: number} {
  let value = '';
  for (let i = at + 1; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '"') return {value, end: i + 1};
    const escaped = character === '\\' && /["\\]/.test(text.charAt(i + 1));
    value += escaped ? text.charAt(++i) : character;
  }
  throw new QueryError('Expected a closing " for the one here', at);
}

const word = /[^\s()"]+/y;

function wordAt(text: string, at: number): Token {
  word.lastIndex = at;
  const found = word.exec(text)?.[0] ?? text.charAt(at);
  const end = at + found.length;
  const keyword = found.toLowerCase();
  if (keyword === 'and' || keyword === 'or' || keyword === 'not') return {type: keyword, at, end};
  return {type: 'text', text: found, quoted: false, at, end};
}

function skipSpace(text: string, at: number): number {
  let i = at;
  while (i < text.length && /\s/.test(text.charAt(i))) i++;
  return i;
}
