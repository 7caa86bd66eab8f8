import type {FieldValue} from '../../event/event.ts';
import {entry, fires, rejection, ruleOf} from './rules.fixture.ts';

const selection = (value: string, field = 'f') => ruleOf(`s:\n  ${field}: ${value}\ncondition: s`);
const on = (rule: string, fields: Record<string, FieldValue>) => fires(rule, entry(fields));

const values: readonly (readonly [yaml: string, found: readonly FieldValue[], notFound: readonly FieldValue[]])[] = [
  // All values are strings that compare without case.
  ["'Whoami.EXE'", ['whoami.exe', 'WHOAMI.exe'], ['whoami', 'xwhoami.exe', '']],
  ["'ÄÖÜ'", ['äöü'], ['aou']],
  ['4688', [4688, '4688'], [4689, '04688', '46880']],
  ["'4688'", [4688, '4688'], [468]],
  ['0x17', ['0x17', '0X17', 23], ['0x18']],
  ['1.5', [1.5, '1.5'], [15]],
  ['-1', [-1, '-1'], [1]],
  ['true', [true, 'true', 'True'], [false, 'yes', 1]],
  ['18446744073709551615', ['18446744073709551615'], ['18446744073709551616']],
  // Wildcards.
  ["'prog?.exe'", ['progA.exe', 'prog1.exe'], ['prog.exe', 'progAB.exe']],
  ["'antivirus_V*.exe'", ['antivirus_V1.exe', 'antivirus_V21.2.1.exe', 'antivirus_V.exe'], ['antivirus_1.exe']],
  ["'*a*b*c*'", ['abc', 'xaxbxcx'], ['acb', 'ab']],
  ["'a*a'", ['aa', 'aba'], ['a']],
  ["'*ab?d*'", ['xxabcdxx', 'ababxd'], ['abd']],
  ["'*'", ['', 'anything', 0], []],
  ["'?*'", ['a', 'ab'], ['']],
  ["'a\\nb'", ['a\\nb'], ['a\nb']],
  // The five cases of the backslash.
  ["'C:\\dir\\x'", ['c:\\dir\\x'], ['C:dirx']],
  ["'C:\\\\dir'", ['C:\\dir'], ['C:\\\\dir']],
  ["'a\\*b'", ['a*b'], ['axb', 'a\\xb']],
  ["'a\\?b'", ['a?b'], ['axb']],
  ["'a\\\\*'", ['a\\', 'a\\bc'], ['a*', 'abc']],
  ["'a\\\\?'", ['a\\b'], ['a\\', 'a?']],
  ["'a\\\\\\*'", ['a\\*'], ['a\\', 'a\\b']],
  ["'a\\\\\\\\'", ['a\\\\'], ['a\\', 'a\\\\\\\\']],
  ["'a\\\\\\b'", ['a\\\\b'], ['a\\b']],
  ["'a\\\\\\\\*'", ['a\\\\', 'a\\\\x'], ['a\\']],
  ["'ends\\'", ['ends\\'], ['ends']],
  // Lists mean or.
  ["['a', 'b*']", ['a', 'bcd'], ['c', 'ab']],
  ["[1, 'x']", [1, '1', 'X'], [2]],
  // Nothing and the empty text are not the same.
  ["''", [''], ['a', ' ']],
];

test.each(values)('%s', (yaml, found, notFound) => {
  const rule = selection(yaml);
  expect(found.filter(value => !on(rule, {f: value}))).toEqual([]);
  expect(notFound.filter(value => on(rule, {f: value}))).toEqual([]);
  expect(on(rule, {other: 'x'})).toBe(false);
});

test('null is a field that is not there, and only that', () => {
  expect(on(selection('null'), {other: 'x'})).toBe(true);
  expect(on(selection('null'), {f: ''})).toBe(false);
  expect(on(selection('null'), {f: 'null'})).toBe(false);
  expect(on(selection('~'), {other: 1})).toBe(true);
});

test('null may stand in a selection of its own that is negated', () => {
  const rule = ruleOf('s:\n  id: 1\nfilter:\n  f: null\ncondition: s and not filter');
  expect(on(rule, {id: 1, f: 'x'})).toBe(true);
  expect(on(rule, {id: 1})).toBe(false);
});

test('null among other values is refused', () => {
  expect(rejection(selection("['', null]"))).toMatch(/^6: expected no `null` among other values/);
});

test('a selection for the empty text and one for nothing are joined by a condition', () => {
  const rule = ruleOf("main:\n  a: x\ne1:\n  b: ''\ne2:\n  b: null\ncondition: main and 1 of e*");
  const events: Record<string, FieldValue>[] = [{a: 'x', b: ''}, {a: 'x'}, {a: 'x', b: 'y'}];
  expect(events.map(fields => on(rule, fields))).toEqual([true, true, false]);
});

test('all fields of a map are joined by and, all maps of a list by or', () => {
  const map = ruleOf('s:\n  EventLog: Security\n  EventID: [517, 1102]\ncondition: s');
  expect(on(map, {eventlog: 'security', eventid: 1102})).toBe(true);
  expect(on(map, {eventlog: 'security', eventid: 1})).toBe(false);
  expect(on(map, {eventid: 517})).toBe(false);
  const list = ruleOf(
    "s:\n  - Image|endswith: '\\\\example.exe'\n  - Description|contains: 'Test executable'\ncondition: s",
  );
  expect(on(list, {Image: 'C:\\Example.exe'})).toBe(true);
  expect(on(list, {Description: 'a test EXECUTABLE'})).toBe(true);
  expect(on(list, {Image: 'x', Description: 'y'})).toBe(false);
});

test('names of fields compare without case and without spaces', () => {
  expect(on(selection('x', 'ThreatName'), {'Threat Name': 'x'})).toBe(true);
  expect(on(selection('x', 'COMMANDLINE'), {commandLine: 'x'})).toBe(true);
});

test('keywords are found in the middle of any value and of the entry’s own text', () => {
  const rule = ruleOf("k:\n  - 'EVILSERVICE'\n  - 'svchost.exe -n evil'\n  - 'a*z'\n  - 4732\ncondition: k");
  expect(on(rule, {any: 'xx evilservice yy'})).toBe(true);
  expect(on(rule, {any: 'run Svchost.exe -n evil now'})).toBe(true);
  expect(fires(rule, entry({}, {message: 'the evilservice'}))).toBe(true);
  expect(on(rule, {any: 'xx a123z xx'})).toBe(true);
  expect(on(rule, {number: 14732})).toBe(true);
  expect(on(rule, {evilservice: 'name only'})).toBe(false);
  expect(on(rule, {one: 'svchost.exe', two: '-n evil'})).toBe(false);
});

test('|all asks for every keyword, wherever each is found', () => {
  const rule = ruleOf("k:\n  '|all':\n    - 'OabVirtualDirectory'\n    - ' -ExternalUrl '\ncondition: k");
  expect(on(rule, {a: 'Set-OabVirtualDirectory', b: 'x -ExternalUrl y'})).toBe(true);
  expect(on(rule, {a: 'Set-OabVirtualDirectory'})).toBe(false);
});

test('keywords take regular expressions too', () => {
  const rule = ruleOf("k:\n  '|re': 'ab+c'\ncondition: k");
  expect(on(rule, {a: 'xxabbbcxx'})).toBe(true);
  expect(on(rule, {a: 'xxABCxx'})).toBe(false);
});

test('a single keyword may stand alone', () => {
  expect(on(ruleOf('k: evil\ncondition: k'), {a: 'an Evil thing'})).toBe(true);
});
