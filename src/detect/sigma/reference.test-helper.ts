import {isIP} from 'node:net';
import {compileRegex} from './parse/regex.ts';
import type {Expression, Pattern, Test} from './rule.ts';
import {type SigmaEvent, valuesOf} from './value.ts';

/**
 * What a rule says of an event, as the specification words it: nothing compiled, shared, remembered or left out. Used to
 * hold the engine to, so it takes none of its code but the reading of rules and of regular expressions.
 */
export function referenceHolds(expression: Expression, event: SigmaEvent): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.parts.every(part => referenceHolds(part, event));
    case 'or':
      return expression.parts.some(part => referenceHolds(part, event));
    case 'atLeast':
      return expression.parts.filter(part => referenceHolds(part, event)).length >= expression.count;
    case 'not':
      return !referenceHolds(expression.part, event);
    case 'selection':
      return referenceHolds(expression.part, event);
    case 'keyword':
      return event.texts().some(text => valueHolds(expression.test, text, event));
    case 'field':
      return fieldHolds(expression.field, expression.test, event);
    case 'constant':
      return expression.value;
    default:
      return expression satisfies never;
  }
}

function fieldHolds(field: string, test: Test, event: SigmaEvent): boolean {
  const values = valuesOf(event.get(field.toLowerCase()));
  if (test.kind === 'null') return values.length === 0;
  if (test.kind === 'exists') return values.length > 0 === test.wanted;
  return values.some(value => valueHolds(test, value, event));
}

function valueHolds(test: Test, value: string | number | boolean, event: SigmaEvent): boolean {
  const text = String(value);
  switch (test.kind) {
    case 'text':
      return globHolds(test.pattern, test.cased ? text : lower(text), test.cased);
    case 'regex':
      return compileRegex(test.expression, test.flags).matcher(text).find();
    case 'number':
      return text === String(test.value) || lower(text) === lower(test.source);
    case 'cidr':
      return blockHolds(test.block, text.trim());
    case 'fieldref':
      return valuesOf(event.get(test.field.toLowerCase())).some(other => refers(test, text, String(other)));
    default:
      // Numbers and dates compared: the index hands these to the same functions, so there is nothing to hold apart.
      return false;
  }
}

function globHolds(pattern: Pattern, text: string, cased: boolean): boolean {
  const [piece, ...rest] = pattern;
  if (piece === undefined) return text === '';
  if (piece === '?') return text !== '' && globHolds(rest, text.slice(1), cased);
  if (piece === '*') {
    for (let skip = 0; skip <= text.length; skip++) if (globHolds(rest, text.slice(skip), cased)) return true;
    return false;
  }
  const plain = cased ? piece.text : lower(piece.text);
  return text.startsWith(plain) && globHolds(rest, text.slice(plain.length), cased);
}

function refers(test: Extract<Test, {kind: 'fieldref'}>, left: string, right: string): boolean {
  const [one, other] = test.cased ? [left, right] : [lower(left), lower(right)];
  if (test.place === 'whole') return one === other;
  if (test.place === 'start') return one.startsWith(other);
  return test.place === 'end' ? one.endsWith(other) : one.includes(other);
}

/** Unit by unit, so that a text keeps its length. */
function lower(text: string): string {
  if (/^[\u0000-\u007f]*$/.test(text)) return text.toLowerCase();
  return Array.from({length: text.length}, (_, at) => {
    const unit = text.charAt(at).toLowerCase();
    return unit.length === 1 ? unit : text.charAt(at);
  }).join('');
}

function blockHolds(block: string, text: string): boolean {
  const [base = '', length = ''] = block.split('/');
  if (isIP(text) === 0 || isIP(text) !== isIP(base)) return false;
  const bits = (address: string) => addressBits(address).slice(0, length === '' ? undefined : Number(length));
  return bits(text) === bits(base);
}

function addressBits(address: string): string {
  if (isIP(address) === 4)
    return address
      .split('.')
      .map(part => binary(Number(part), 8))
      .join('');
  const mapped = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const [, head = '', a, b, c, d] = mapped ?? [];
  const pair = (high?: string, low?: string) => (Number(high) * 256 + Number(low)).toString(16);
  const plain = mapped ? `${head}${pair(a, b)}:${pair(c, d)}` : address;
  const [left = '', right] = plain.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(left), groups(right ?? '')];
  const zeros = Array.from({length: right === undefined ? 0 : 8 - before.length - after.length}, () => '0');
  return [...before, ...zeros, ...after].map(group => binary(Number.parseInt(group, 16), 16)).join('');
}

function binary(value: number, width: number): string {
  return value.toString(2).padStart(width, '0');
}
