import {QueryError} from '../../../query/expression.ts';
import type {Arithmetic, ArithmeticOperator, Protocol} from './filter.ts';
import type {TokenStream} from './token-stream.ts';
import {protocolOf} from './words.ts';

/**
 * How tightly operators bind. `%` and `^` have no rank in tcpdump's grammar: they take what stands directly before them
 * and everything after, so `2 ^ 3 + 1` is `2 ^ 4`.
 */
const ranks: Readonly<Record<string, number>> = {'|': 1, '&': 2, '<<': 3, '>>': 3, '+': 4, '-': 4, '*': 5, '/': 5};
const unranked = ['%', '^'];
const tightest = 6;

/** A number, or a calculation from bytes of the packet: `tcp[12] & 0xf0 >> 2`. */
export function parseArithmetic(tokens: TokenStream): Arithmetic {
  return calculation(tokens, 1);
}

/** Bytes of a packet, after the name of the protocol: `[offset]` or `[offset:size]`. */
export function parseLoad(tokens: TokenStream, protocol: Protocol, at: number): Arithmetic {
  tokens.expect('[', '[ and an offset');
  const offset = tokens.deeper(() => parseArithmetic(tokens));
  let size: 1 | 2 | 4 = 1;
  if (tokens.accept(':') !== undefined) {
    const token = tokens.next;
    if (token.type !== 'number' || (token.number !== 1 && token.number !== 2 && token.number !== 4)) {
      throw tokens.wrong('a size of 1, 2 or 4 bytes');
    }
    size = token.number;
    tokens.take();
  }
  tokens.expect(']', 'a closing ]');
  return {type: 'load', protocol, offset, size, at};
}

function calculation(tokens: TokenStream, loosest: number): Arithmetic {
  let left = operand(tokens);
  for (;;) {
    const {next} = tokens;
    const text = next.type === 'symbol' ? next.text : '';
    const isUnranked = unranked.includes(text);
    const rank = ranks[text] ?? 0;
    if (!isUnranked && (rank === 0 || rank < loosest)) return left;
    tokens.take();
    const right = tokens.deeper(() => calculation(tokens, isUnranked ? 1 : rank + 1));
    const operator = text as ArithmeticOperator;
    refuseConstant(operator, right, next.at);
    left = {type: 'calculation', operator, left, right, at: next.at};
  }
}

function operand(tokens: TokenStream): Arithmetic {
  const {next} = tokens;
  if (next.type === 'number') {
    tokens.take();
    return {type: 'number', number: next.number};
  }
  if (tokens.accept('-') !== undefined) {
    return {type: 'negative', term: tokens.deeper(() => calculation(tokens, tightest))};
  }
  if (tokens.accept('(') !== undefined) {
    const inner = tokens.deeper(() => parseArithmetic(tokens));
    tokens.expect(')', 'a closing )');
    return inner;
  }
  if (tokens.accept('len', 'length') !== undefined) return {type: 'length'};
  const protocol = next.type === 'word' ? protocolOf(next.text) : undefined;
  if (!protocol) throw tokens.wrong('a number, len, or bytes such as tcp[13]');
  tokens.take();
  return parseLoad(tokens, protocol, next.at);
}

function refuseConstant(operator: ArithmeticOperator, right: Arithmetic, at: number): void {
  if (right.type !== 'number') return;
  const {number} = right;
  if (number === 0 && (operator === '/' || operator === '%'))
    throw new QueryError(`Expected to divide by a number other than 0, got ${operator} 0.`, at);
  if (number > 31 && (operator === '<<' || operator === '>>'))
    throw new QueryError(`Expected a shift by at most 31 bits, got ${number}.`, at);
}
