import {QueryError} from '../../../query/expression.ts';
import {constants, keywords} from './words.ts';

const symbols = ['<<', '>>', '<=', '>=', '!=', '==', '&&', '||', ...'=<>!()[]+-*/&|%^:'] as const;

/** A piece of a filter expression; `at` and `end` are character offsets. */
export type Token = {readonly at: number; readonly end: number} & (
  | {readonly type: 'number'; readonly number: number}
  | {readonly type: 'word' | 'symbol' | 'name' | 'dotted' | 'ipv6' | 'mac'; readonly text: string}
  | {readonly type: 'end'}
);

/** Longest filter, in characters. */
export const longestFilter = 4096;

const hextets = /[0-9a-fA-F]*(?::[0-9a-fA-F.]*)+/y;

/** What a piece may be; the longest wins, of equals the first. `a-b` is one name: a minus needs space around it. */
const patterns = [
  ['number', /0[xX][0-9a-fA-F]+|[0-9]+/y],
  ['dotted', /[0-9]+(?:\.[0-9]+){1,3}/y],
  [
    'mac',
    /[0-9a-fA-F]{1,2}([:.-])[0-9a-fA-F]{1,2}(?:\1[0-9a-fA-F]{1,2}){4}|[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}|[0-9a-fA-F]{12}/y,
  ],
  ['ipv6', hextets],
  ['name', /[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?/y],
  ['escaped', /\\[^ !()\n\t]+/y],
] as const;

/** Cuts a filter expression into tokens, the last of type `end`. Throws a QueryError that points at what is wrong. */
export function tokenize(text: string): readonly Token[] {
  if (text.length > longestFilter) {
    throw new QueryError(
      `Expected a filter of at most ${longestFilter} characters, got ${text.length}.`,
      longestFilter,
    );
  }
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

/** How a token is called in a message. */
export function tokenText(token: Token): string {
  if (token.type === 'end') return 'the end';
  return token.type === 'number' ? String(token.number) : token.text;
}

/** Four words of an IPv6 address, undefined where the text is none. */
export function ipv6Words(text: string): readonly number[] | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(half => groupsOf(half));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<number>(missing).fill(0), ...(tail ?? [])];
  return [0, 2, 4, 6].map(i => (((groups[i] ?? 0) << 16) | (groups[i + 1] ?? 0)) >>> 0);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) at++;
  return at;
}

function tokenAt(text: string, at: number): Token {
  const [type, found] = longest(text, at);
  const end = at + found.length;
  const symbol = symbols.find(candidate => text.startsWith(candidate, at));
  if (symbol !== undefined && symbol.length > found.length)
    return {type: 'symbol', text: symbol, at, end: at + symbol.length};
  switch (type) {
    case '':
      throw new QueryError(`Expected a word, a number or an operator of a filter, got "${text.charAt(at)}".`, at);
    case 'number':
      return {type, number: numberOf(found, at), at, end};
    case 'escaped':
      return {type: 'name', text: found.slice(1), at, end};
    case 'name':
      return named(found, at, end);
    default:
      return {type, text: found, at, end};
  }
}

function longest(text: string, at: number): readonly [(typeof patterns)[number][0] | '', string] {
  let best: readonly [(typeof patterns)[number][0] | '', string] = ['', ''];
  for (const [type, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    if (found.length <= best[1].length) continue;
    if (type !== 'ipv6' || ipv6Words(found)) best = [type, found];
  }
  return best;
}

function named(text: string, at: number, end: number): Token {
  const number = Object.hasOwn(constants, text) ? constants[text] : undefined;
  if (number !== undefined) return {type: 'number', number, at, end};
  return {type: keywords.has(text) ? 'word' : 'name', text, at, end};
}

/** Decimal, 0x hexadecimal, or octal after a 0. */
function numberOf(text: string, at: number): number {
  const octal = /^0[0-9]/.test(text);
  if (octal && /[89]/.test(text)) throw new QueryError(`Expected octal digits after the 0, got ${text}.`, at);
  const number = octal ? Number.parseInt(text, 8) : Number(text);
  if (number > 0xffffffff) throw new QueryError(`Expected a number of at most 32 bits, got ${text}.`, at);
  return number;
}

/** The 16-bit groups of a half; a dotted IPv4 address at the end stands for two. */
function groupsOf(half: string): readonly number[] | undefined {
  if (half === '') return [];
  const groups: number[] = [];
  const parts = half.split(':');
  for (const [i, part] of parts.entries()) {
    const four = i === parts.length - 1 ? /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(part) : null;
    if (four) {
      const [a = 0, b = 0, c = 0, d = 0] = four.slice(1).map(Number);
      if (Math.max(a, b, c, d) > 255) return undefined;
      groups.push((a << 8) | b, (c << 8) | d);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}
