import type {FieldValue} from '../../../event/event.ts';
import {type Address, type Block, parseAddress, parseBlock} from '../../../query/cidr.ts';
import {compileRegex} from '../parse/regex.ts';
import type {Pattern, Test} from '../rule.ts';
import {compare, readNumber} from './compare.ts';
import {fixedRegex} from './fixed-regex.ts';
import {fold} from './fold.ts';
import {compileGlob} from './glob.ts';
import {textForm} from './text-form.ts';
import {timePart} from './time-part.ts';

export type ValueTest = (value: FieldValue) => boolean;

/** Tests that look at one value at a time; the others look at whether there is one, or at another field. */
export type SingleTest = Exclude<Test, {kind: 'null' | 'exists' | 'fieldref'}>;

/** A test as a function of a value. */
export function compileValueTest(test: SingleTest): ValueTest {
  switch (test.kind) {
    case 'text':
      return textTest(test.pattern, test.cased);
    case 'number': {
      const texts = new Set([String(test.value), fold(test.source)]);
      return value => (typeof value === 'number' ? value === test.value : texts.has(fold(String(value))));
    }
    case 'regex': {
      const regex = fixedRegex(test.expression, test.flags) ?? compileRegex(test.expression, test.flags);
      return value => regex.test(String(value));
    }
    case 'compare':
      return value => {
        const number = readNumber(value);
        return number !== undefined && compare(number, test.operator, test.value);
      };
    case 'time':
      return value => {
        const number = timePart(value, test.part);
        return number !== undefined && compare(number, test.operator, test.value);
      };
    case 'cidr': {
      const block = parseBlock(test.block);
      return value => block !== undefined && typeof value === 'string' && isWithin(value, block);
    }
    default:
      return test satisfies never;
  }
}

let lastText = '';
let lastAddress: Address | undefined;

/** The last address is kept: a rule asks for many blocks in a row. */
function isWithin(text: string, block: Block): boolean {
  if (text !== lastText) {
    lastAddress = parseAddress(text.trim());
    lastText = text;
  }
  if (!lastAddress || lastAddress.version !== block.version) return false;
  const shift = BigInt((block.version === 4 ? 32 : 128) - block.prefix);
  return lastAddress.bits >> shift === block.bits >> shift;
}

function textTest(pattern: Pattern, cased: boolean): ValueTest {
  const folded = cased ? pattern : pattern.map(piece => (typeof piece === 'string' ? piece : {text: fold(piece.text)}));
  const test = plainTest(folded) ?? compileGlob(folded);
  return cased ? value => test(String(value)) : value => test(fold(String(value)));
}

function plainTest(pattern: Pattern): ((text: string) => boolean) | undefined {
  const form = textForm(pattern);
  if (!form) return undefined;
  const {place, text} = form;
  switch (place) {
    case 'equals':
      return value => value === text;
    case 'starts':
      return value => value.startsWith(text);
    case 'ends':
      return value => value.endsWith(text);
    case 'contains':
      return value => value.includes(text);
    default:
      return place satisfies never;
  }
}

/** Whether one field's value stands in another's. */
export function refers(value: FieldValue, other: FieldValue, test: Extract<Test, {kind: 'fieldref'}>): boolean {
  const [written, sought] = [String(value), String(other)];
  // Folding keeps a text's length.
  if (test.place === 'whole' ? written.length !== sought.length : written.length < sought.length) return false;
  const [left, right] = test.cased ? [written, sought] : [fold(written), fold(sought)];
  switch (test.place) {
    case 'whole':
      return left === right;
    case 'start':
      return left.startsWith(right);
    case 'end':
      return left.endsWith(right);
    case 'inside':
      return left.includes(right);
    default:
      return test.place satisfies never;
  }
}
