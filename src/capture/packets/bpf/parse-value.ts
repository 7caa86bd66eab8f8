import {QueryError} from '../../../query/expression.ts';
import type {Qualifier, Value} from './filter.ts';
import {ipv6Words, type Token, tokenText} from './token.ts';
import type {TokenStream} from './token-stream.ts';

/** An address, a number or a name after its qualifiers. Throws a QueryError where there is none. */
export function parseValue(tokens: TokenStream, qualifier: Qualifier): Value {
  const token = tokens.next;
  switch (token.type) {
    case 'number':
      tokens.take();
      return {type: 'number', number: token.number};
    case 'name':
      tokens.take();
      return {type: 'name', text: token.text};
    case 'dotted':
      tokens.take();
      return dotted(tokens, token);
    case 'ipv6':
      tokens.take();
      return ipv6(tokens, token);
    case 'mac':
      tokens.take();
      return {type: 'mac', bytes: macBytes(token.text)};
    case 'word':
      throw tokens.wrong(`${expectedFor(qualifier)}${qualifier.kind === 'proto' ? ` (\\${token.text} names it)` : ''}`);
    case 'symbol':
    case 'end':
      throw tokens.wrong(expectedFor(qualifier));
    default:
      return token satisfies never;
  }
}

function expectedFor({kind, protocol}: Qualifier): string {
  if (kind === 'port') return 'a port such as 443';
  if (kind === 'portrange') return 'a range of ports such as 6000-6063';
  if (kind === 'proto') return 'the number or name of a protocol';
  if (kind === 'net') return 'a network such as 10.0.0.0/8';
  return protocol === 'link' ? 'a MAC address' : 'an IP address';
}

type Text = Extract<Token, {readonly text: string}>;

/** A block is a mask of its own; parts that are left out stand for bits that may be anything. */
function dotted(tokens: TokenStream, token: Text): Value {
  const {address, width} = partsOf(token);
  if (tokens.accept('/') !== undefined) {
    const bits = prefix(tokens, 32);
    const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
    refuseStray(address, mask, `${token.text}/${bits}`, token.at);
    return {type: 'dotted', address, width, mask};
  }
  if (tokens.accept('mask') !== undefined) {
    const {next} = tokens;
    if (next.type !== 'dotted') throw tokens.wrong('a mask such as 255.0.0.0');
    tokens.take();
    const mask = partsOf(next).address;
    refuseStray(address, mask, `${token.text} mask ${next.text}`, token.at);
    return {type: 'dotted', address, width, mask};
  }
  return {type: 'dotted', address, width};
}

function partsOf(token: Text): {readonly address: number; readonly width: number} {
  const parts = token.text.split('.').map(Number);
  if (parts.some(part => part > 255))
    throw new QueryError(`Expected an IPv4 address, got "${tokenText(token)}".`, token.at);
  const width = parts.length * 8;
  const bits = parts.reduce((sum, part) => ((sum << 8) | part) >>> 0, 0);
  return {address: width === 32 ? bits : (bits << (32 - width)) >>> 0, width};
}

function refuseStray(address: number, mask: number, text: string, at: number): void {
  if ((address & ~mask) !== 0)
    throw new QueryError(`Expected the bits that the mask leaves out to be 0, got ${text}.`, at);
}

function ipv6(tokens: TokenStream, token: Text): Value {
  const words = ipv6Words(token.text) ?? [];
  if (tokens.accept('/') === undefined) return {type: 'ipv6', words, prefix: 128};
  const bits = prefix(tokens, 128);
  words.forEach((word, i) => {
    refuseStray(word, ipv6Mask(bits, i), `${token.text}/${bits}`, token.at);
  });
  return {type: 'ipv6', words, prefix: bits};
}

/** The part of a prefix's mask that falls on word `i` of the four. */
export function ipv6Mask(prefixLength: number, i: number): number {
  const bits = Math.max(0, Math.min(32, prefixLength - 32 * i));
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
}

function prefix(tokens: TokenStream, most: number): number {
  const {next} = tokens;
  if (next.type !== 'number' || next.number > most) throw tokens.wrong(`a length of 0 to ${most} bits`);
  tokens.take();
  return next.number;
}

function macBytes(text: string): readonly number[] {
  const parts = /^[0-9a-fA-F]{1,2}[:.-][0-9a-fA-F]{1,2}[:.-]/.test(text) ? text.split(/[:.-]/) : pairs(text);
  return parts.map(part => Number.parseInt(part, 16));
}

function pairs(text: string): readonly string[] {
  return text.replaceAll('.', '').match(/../g) ?? [];
}
