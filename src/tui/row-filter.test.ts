import type {Expression} from '../query/expression.ts';
import {filterablePacket, matches} from './row-filter.ts';

const packet = filterablePacket({
  time: 1,
  source: '10.0.0.5',
  sourcePort: 443,
  destination: '192.168.1.20',
  destinationPort: 50_000,
  protocol: 'TLS',
  length: 1_200,
  information: 'Client Hello example.org',
  interface: 'eth0',
});

function field(name: string, comparison: '=' | '!=' | '<' | '<=' | '>' | '>=', ...values: string[]): Expression {
  const [value = '', ...alternatives] = values;
  return {type: 'field', name, comparison, value, alternatives, quoted: false, at: 0, end: 0};
}

const text = (words: string): Expression => ({type: 'text', text: words, quoted: false, at: 0, end: 0});

test('fields compare without case, with wildcards, with alternatives', () => {
  expect(matches(field('src.ip', '=', '10.0.*'), packet)).toBe(true);
  expect(matches(field('protocol', '=', 'tls'), packet)).toBe(true);
  expect(matches(field('dst.port', '=', '80', '50000'), packet)).toBe(true);
  expect(matches(field('dst.port', '=', '443'), packet)).toBe(false);
});

test('a field of either end matches one of them; is-not holds of both', () => {
  expect(matches(field('port', '=', '443'), packet)).toBe(true);
  expect(matches(field('port', '!=', '443'), packet)).toBe(false);
  expect(matches(field('port', '!=', '22'), packet)).toBe(true);
});

test('numbers compare as numbers', () => {
  expect(matches(field('length', '>=', '200'), packet)).toBe(true);
  expect(matches(field('length', '<', '200'), packet)).toBe(false);
});

test('words are looked for without case; and, or, not', () => {
  expect(matches(text('client hello'), packet)).toBe(true);
  expect(matches({type: 'and', terms: [text('client'), text('server')]}, packet)).toBe(false);
  expect(matches({type: 'or', terms: [text('client'), text('server')]}, packet)).toBe(true);
  expect(matches({type: 'not', term: text('client')}, packet)).toBe(false);
});

test('a field that a row has not never matches', () => {
  expect(matches(field('user', '=', '*'), packet)).toBe(false);
});
