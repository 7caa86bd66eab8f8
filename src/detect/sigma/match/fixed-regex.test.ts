import {compileRegex} from '../parse/regex.ts';
import {fixedRegex} from './fixed-regex.ts';

const texts = [
  '',
  'ab 12',
  'ab\u000b12',
  'ab\u00a012',
  'x.y\\z',
  'xay\\z',
  `\t${'0f'.repeat(32)} ${'a1'.repeat(8)}`,
  `\t${'0f'.repeat(31)} ${'a1'.repeat(8)}`,
  'AB 12',
  'a-]b',
  '\u0660\u0661',
];

test.each(['b\\s1', '\\s[a-fA-F0-9]{64}\\s[a-fA-F0-9]{16}', 'x\\.y\\\\z', '\\w{2} \\d{2}', '[a-b]{2}', '\\d', ' '])(
  '%s finds what RE2 finds',
  expression => {
    const fixed = fixedRegex(expression, '');
    const plain = compileRegex(expression, '');
    expect(texts.map(text => fixed?.test(text))).toEqual(texts.map(text => plain.test(text)));
  },
);

test.each([
  'a+',
  'a|b',
  '(a)',
  'a?',
  'a{2,}',
  'a{1,9}',
  '^a',
  'a$',
  '.',
  '[^a]',
  '\\bx',
  '\\S',
  '[\\s]',
  'é',
  '[[:alpha:]]',
  'a{999}b{999}',
])('%s is left to RE2', expression => expect(fixedRegex(expression, '')).toBeUndefined());

test('an expression with flags is left to RE2', () => expect(fixedRegex('ab', 'i')).toBeUndefined());
