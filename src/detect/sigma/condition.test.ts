import type {FieldValue} from '../../event/event.ts';
import {entry, fires, rejection, ruleOf} from './rules.fixture.ts';

const parts = 'a:\n  a: 1\nb:\n  b: 1\nc:\n  c: 1\nsel_1:\n  d: 1\nsel_2:\n  e: 1\n_hidden:\n  h: 1\n';
const rule = (condition: string) => ruleOf(`${parts}condition: ${condition}`);
const on = (condition: string, names: string) => {
  const fields: Record<string, FieldValue> = Object.fromEntries([...names].map(name => [name, 1]));
  return fires(rule(condition), entry({x: 0, ...fields}));
};

const cases: readonly (readonly [condition: string, found: readonly string[], notFound: readonly string[]])[] = [
  ['a', ['a', 'ab'], ['', 'b']],
  ['a and b', ['ab'], ['a', 'b']],
  ['a or b', ['a', 'b'], ['c']],
  ['not a', ['', 'b'], ['a']],
  ['not not a', ['a'], ['']],
  ['a and not b', ['a'], ['ab', '']],
  // Or binds least, then and, then not.
  ['a or b and c', ['a', 'bc'], ['b', 'c']],
  ['a and b or c', ['ab', 'c'], ['a']],
  ['not a and b', ['b'], ['ab', '']],
  ['not a or b', ['', 'ab'], ['a']],
  ['(a or b) and c', ['ac', 'bc'], ['a', 'c']],
  ['not (a or b)', ['', 'c'], ['a', 'b']],
  ['a AND NOT b', ['a'], ['ab']],
  ['((a))', ['a'], ['']],
  ['1 of sel_*', ['d', 'e', 'de'], ['', 'a']],
  ['any of sel_*', ['d'], ['']],
  ['all of sel_*', ['de'], ['d', 'e']],
  ['not 1 of sel_*', ['', 'a'], ['d', 'de']],
  ['a and not 1 of sel_*', ['a'], ['ad']],
  ['not all of sel_* and a', ['a', 'ad'], ['ade']],
  ['1 of them', ['a', 'd'], ['', 'h']],
  ['all of them', ['abcde'], ['abcd']],
  ['2 of them', ['ab', 'ce', 'abc'], ['a', 'ah']],
  ['2 of sel*', ['de'], ['d', 'ab']],
  ['1 of *', ['a'], ['h']],
  ['1 of *_2', ['e'], ['d']],
  ['1 of s*l*1', ['d'], ['e']],
  ['1 of _hid*', ['h'], ['a']],
  ['_hidden', ['h'], ['a']],
  ['1 of sel_* or a and b', ['d', 'ab'], ['a']],
  ['[a, b and c]', ['a', 'bc'], ['b', 'c']],
];

test.each(cases)('%s', (condition, found, notFound) => {
  expect(found.filter(names => !on(condition, names))).toEqual([]);
  expect(notFound.filter(names => on(condition, names))).toEqual([]);
});

test.each([
  ['a and', /a selection in the condition, found its end/],
  ['a b', /`and`, `or` or the end in the condition, found `b`/],
  ['(a', /a closing bracket/],
  ['a)', /found `\)`/],
  ['nothing', /a selection \(a, b, c, sel_1, sel_2, _hidden\) in the condition, found `nothing`/],
  ['1 of x*', /`x\*` to name selections/],
  ['some of sel_*', /before `of`, found `some`/],
  ['0 of them', /before `of`, found `0`/],
  ['1 of', /`them` or the names of selections/],
  ["''", /expected a condition/],
  ['a | near b', /write a correlation of type temporal/],
  ['a | count() by x', /count\(\) by FIELD > NUMBER/],
  ['a | avg() > 5', /a field in `avg\(…\)`/],
  ['a | stdev(x) > 5', /count, min, max, avg or sum/],
  ['[a | count() > 5, b]', /a single condition/],
  ['[]', /an empty list/],
])('%s is refused', (condition, reason) => {
  expect(rejection(rule(condition))).toMatch(reason);
});

test('brackets without end are refused, not followed', () => {
  expect(rejection(rule(`${'('.repeat(3_000)}a${')'.repeat(3_000)}`))).toMatch(/expected at most/);
});

test('a rule needs a condition, selections, a title and a logsource', () => {
  expect(rejection(ruleOf('a:\n  a: 1'))).toMatch(/a `condition`, found none/);
  expect(rejection(ruleOf('condition: a'))).toMatch(/at least one selection/);
  expect(rejection('logsource: {product: x}\ndetection: {a: {b: 1}, condition: a}')).toMatch(
    /`title` to be a text, found nothing/,
  );
  expect(rejection('title: x\ndetection: {a: {b: 1}, condition: a}')).toMatch(/`logsource` to be a map, found nothing/);
  expect(rejection('title: x\nlogsource: {definition: y}\ndetection: {a: {b: 1}, condition: a}')).toMatch(
    /a category, a product or a service/,
  );
  expect(rejection('title: x\nlogsource: {product: x}')).toMatch(/`detection`, `correlation` or `filter`/);
});

test.each([
  [
    ruleOf('a:\n  a: 1\ncondition: a', 'level: urgent\n'),
    /^4: expected `level` to be one of informational, .* found `urgent`/,
  ],
  [ruleOf('a:\n  a: 1\ncondition: a', 'status: fine\n'), /`status` to be one of/],
  [ruleOf('a:\n  a: 1\ncondition: a', 'taxonomy: ocsf\n'), /the taxonomy `sigma`, found `ocsf`/],
  [ruleOf('a: {}\ncondition: a'), /`a` to hold fields, found an empty map/],
  [ruleOf('a: []\ncondition: a'), /`a` to hold something, found an empty list/],
  [ruleOf('a:\ncondition: a'), /`a` to be a map or a list, found nothing/],
  [ruleOf('a:\n  x: {y: 1}\ncondition: a'), /expected values for `x`, found a map/],
  ['title: [', /^\d+: expected YAML/],
  ['a: 1\na: 2', /expected YAML.*unique/],
  ['', /an empty file/],
  ['just words', /expected a rule to be a map/],
  [`a: ${'['.repeat(5_000)}`, /nested levels/],
  [
    'a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\nf: [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]',
    /at most 200000 values/,
  ],
])('%.40s … is refused', (text, reason) => {
  expect(rejection(text)).toMatch(reason);
});

test('of several documents in a file, one that is wrong does not keep the others from loading', () => {
  const good = ruleOf('a:\n  a: 1\ncondition: a');
  expect(rejection(`${good}---\ntitle: broken\n---\n${good}`)).toMatch(/^9: expected `detection`/);
});

test('aliases of YAML are followed', () => {
  const rule = ruleOf('a: &one\n  a: 1\nb:\n  - *one\n  - b: 1\ncondition: b');
  expect(fires(rule, entry({a: 1}))).toBe(true);
});
