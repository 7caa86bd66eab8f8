import type {FieldValue} from '../../event/event.ts';
import {entry, fires, rejection, ruleOf} from './rules.fixture.ts';

const rule = (modifiers: string, yaml: string) => ruleOf(`s:\n  f|${modifiers}: ${yaml}\ncondition: s`);
const on = (text: string, value: FieldValue | undefined, more: Record<string, FieldValue> = {}) =>
  fires(text, entry(value === undefined ? {other: 1, ...more} : {f: value, ...more}));

const base64 = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding).toString('base64');
const wide = (text: string) => Buffer.from(text, 'utf16le');

const cases: readonly (readonly [string, string, readonly FieldValue[], readonly (FieldValue | undefined)[]])[] = [
  ['contains', "'Adm'", ['adm', 'xadmx', 'ADM1'], ['ad', '', undefined]],
  ['contains', '12', [123, '0120'], [21]],
  ['startswith', "'adm'", ['adm', 'Admin'], ['xadm']],
  ['endswith', "'\\cmd.exe'", ['C:\\CMD.exe', '\\cmd.exe'], ['cmd.exe', '\\cmd.exe ']],
  ['contains', "'a*c'", ['xabcx', 'ac'], ['ca']],
  ['contains', "'a\\*c'", ['xa*cx'], ['abc']],
  ['contains|all', "['-enc', 'http']", ['x -ENC y http z', 'http -enc'], ['-enc', 'http']],
  ['all', "['*a*', '*b*']", ['ab', 'ba'], ['a']],
  ['cased', "'AbC'", ['AbC'], ['abc', 'ABC']],
  ['contains|cased', "'-H '", ['curl -H x'], ['curl -h x']],
  ['cased|endswith', "'.EXE'", ['a.EXE'], ['a.exe']],
  ['startswith|cased', "'Ab?d'", ['AbXdef'], ['abXdef']],
  ['neq', "'a'", ['b', ''], ['a', 'A']],
  ['neq', "['a', 'b']", ['c'], ['a', 'b']],
  ['neq', '5', [6, '6'], [5, '5']],
  ['contains|neq', "'a'", ['b'], ['xax']],
  ['windash|contains', "' -f '", [' -f ', ' /f ', ' –f ', ' —f ', ' ―f '], [' f ', ' _f ']],
  ['contains|windash', "' /s -t'", ['x -s /t', 'x /s /t', 'x ―s —t'], ['x s t']],
  ['windash|contains|all', "['-a', '-b']", ['/a /b', '-b —a'], ['/a']],
  ['re', "'ab+c'", ['xabbcx'], ['ABC', 'ac']],
  ['re', "'^a.c$'", ['abc'], ['xabc', 'a\nc']],
  ['re|i', "'ab+c'", ['xABBC'], ['ac']],
  ['re|m', "'^b$'", ['a\nb\nc'], ['abc', 'A\nB\nC']],
  ['re|s', "'a.c'", ['a\nc'], ['A\nC']],
  ['re|i|m|s', "'^B.C'", ['a\nb\nc'], ['ac']],
  ['re', "'(?i)whoami'", ['WHOAMI'], ['who']],
  ['re', "['a+b', 'c+d']", ['aab', 'ccd'], ['x']],
  ['re|all', "['a', 'b']", ['xba'], ['a']],
  ['re|neq', "'a'", ['b'], ['a']],
  ['re', "'a{2,3}'", ['aa'], ['a']],
  ['re', '12', [123], [21]],
  ['base64', "'foobar'", [base64('foobar')], ['foobar']],
  ['base64|contains', "'foobar'", [`x${base64('foobar')}y`], ['foobar']],
  ['base64', "'für'", [base64('für')], [base64('für', 'latin1')]],
  [
    'base64offset|contains',
    "'foobar'",
    ['', 'a', 'ab'].map(head => base64(`${head}foobar and more`)),
    [base64('fooba')],
  ],
  [
    'utf16le|base64offset|contains',
    "'IEX'",
    ['', 'a', 'ab'].map(head => base64(head + wide('IEX (x)').toString('latin1'), 'latin1')),
    [base64('IEX')],
  ],
  ['wide|base64', "'cmd'", [wide('cmd').toString('base64')], [base64('cmd')]],
  ['utf16le|base64', "'cmd'", [wide('cmd').toString('base64')], []],
  [
    'utf16be|base64',
    "'cmd'",
    [Buffer.from('\0c\0m\0d', 'latin1').toString('base64')],
    [wide('cmd').toString('base64')],
  ],
  ['utf16|base64', "'cmd'", [Buffer.concat([Buffer.from([0xff, 0xfe]), wide('cmd')]).toString('base64')], []],
  ['wide|contains', "'cmd'", ['x\0c\0m\0d\0'], ['cmd']],
  ['utf16be|contains', "'cmd'", ['\0c\0m\0d'], ['c\0m\0d\0']],
  ['lt', '10', [9, '9', -1, '0x9'], [10, '11', 'x', undefined]],
  ['lte', '10', [10, '10'], [11]],
  ['gt', '10', [11, '10.5'], [10, 'abc', undefined]],
  ['gte', '10', [10, 11], [9.9]],
  ['minute', '8', ['2026-01-05T12:08:30Z'], ['2026-01-05T12:09:00Z', 'x', undefined]],
  ['hour', '23', ['2026-01-05 23:59:59.123', '2026-01-05T23:00:00+05:00'], ['2026-01-05T22:00:00Z']],
  ['hour|gte', '22', ['2026-01-05T22:10:00Z', '2026-01-05T23:10:00Z'], ['2026-01-05T21:10:00Z']],
  ['lt|hour', '6', ['2026-01-05T05:10:00Z'], ['2026-01-05T06:10:00Z']],
  ['day', '31', ['2026-01-31'], ['2026-01-30']],
  ['week', '1', ['2026-01-01', '2025-12-29'], ['2026-01-05']],
  ['week', '53', ['2026-12-31'], ['2026-12-27']],
  ['month', '[1, 12]', ['2026-01-31', '2025-12-01T00:00:00Z'], ['2026-02-01', '2026-13-01']],
  ['year', '2026', ['2026-01-31'], ['2025-01-31']],
  ['year|neq', '2026', ['2025-01-31'], ['2026-01-31']],
  ['cidr', "'10.0.0.0/8'", ['10.0.0.0', '10.255.255.255', '::ffff:10.1.2.3'], ['11.0.0.0', '9.255.255.255', 'x', '']],
  ['cidr', "['192.168.0.0/16', 'fe80::/10']", ['192.168.3.4', 'fe80::1', 'FEBF::1'], ['192.169.0.1', 'fec0::1']],
  ['cidr', "'::1/128'", ['::1', '0:0:0:0:0:0:0:1'], ['::2']],
  ['cidr|neq', "'10.0.0.0/8'", ['11.0.0.0'], ['10.0.0.1']],
];

test.each(cases)('%s: %s', (modifiers, yaml, found, notFound) => {
  const text = rule(modifiers, yaml);
  expect(found.filter(value => !on(text, value))).toEqual([]);
  expect(notFound.filter(value => on(text, value))).toEqual([]);
});

test('a field that is missing differs from what it should differ from', () => {
  expect(on(rule('neq', "'a'"), undefined)).toBe(true);
});

test('exists looks at whether a field is there, be it empty', () => {
  expect([on(rule('exists', 'true'), ''), on(rule('exists', 'true'), undefined)]).toEqual([true, false]);
  expect([on(rule('exists', 'false'), 0), on(rule('exists', 'false'), undefined)]).toEqual([false, true]);
});

test.each([
  ['fieldref', 'abc', 'ABC', true],
  ['fieldref', 'abc', 'x', false],
  ['fieldref', 'abc', undefined, false],
  ['fieldref', undefined, 'abc', false],
  ['fieldref|neq', 'abc', 'x', true],
  ['fieldref|neq', 'abc', 'abc', false],
  ['fieldref|startswith', 'abcdef', 'ABC', true],
  ['fieldref|endswith', 'abcdef', 'def', true],
  ['fieldref|contains', 'abcdef', 'cd', true],
  ['fieldref|contains', 'abcdef', 'x', false],
  ['fieldref|cased', 'abc', 'ABC', false],
  ['fieldref', '4*', '4*', true],
  ['fieldref', '42', '4*', false],
] as const)('%s of %s to %s', (modifiers, value, other, expected) => {
  expect(on(rule(modifiers, 'Other'), value, other === undefined ? {x: 1} : {other})).toBe(expected);
});

test('placeholders stand for each of their values, with wildcards', () => {
  const placeholders = new Map([['servers', ['srv*', 'dc01']]]);
  const text = rule('expand', "'%Servers%'");
  expect(fires(text, entry({f: 'SRV42'}), placeholders)).toBe(true);
  expect(fires(text, entry({f: 'dc01'}), placeholders)).toBe(true);
  expect(fires(text, entry({f: 'pc'}), placeholders)).toBe(false);
  expect(fires(rule('contains|expand', "'\\\\%Servers%\\\\'"), entry({f: 'x\\dc01\\y'}), placeholders)).toBe(true);
  expect(fires(rule('re|expand', "'^%servers%$'"), entry({f: 'dc01'}), placeholders)).toBe(true);
});

test('an escaped percent sign is one, and the rest of the value may still be a placeholder', () => {
  const placeholders = new Map([['name', ['x']]]);
  expect(fires(rule('expand', "'\\%plain%name%'"), entry({f: '%plainx'}), placeholders)).toBe(true);
});

test('without expand, a placeholder is plain text', () => {
  expect(on(ruleOf("s:\n  f: '%name%'\ncondition: s"), '%name%')).toBe(true);
});

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['expand', "'%nobody%'", /values for the placeholder %nobody%/],
  ['contians', "'a'", /expected a modifier .* found `contians`/],
  ['all', "'a'", /two values or more for the modifier `all`/],
  ['contains|all', "['a']", /two values or more/],
  ['contains|startswith', "'a'", /exclude each other/],
  ['contains|contains', "'a'", /once, found it twice/],
  ['exists', "'yes'", /true or false for `exists`/],
  ['exists|contains', 'true', /`exists` without `contains`/],
  ['i', "'a'", /without|behind `re`/],
  ['i|re', "'a'", /behind `re`/],
  ['re|contains', "'a'", /`re` without `contains`/],
  ['re|cased', "'a'", /`re` without `cased`/],
  ['re', "'(?=a)b'", /without look-around/],
  ['re', "'(?<!a)b'", /without look-around/],
  ['re', "'(a)\\1'", /without back-references/],
  ['re', "'a('", /missing closing/],
  ['re', "'a{2000}'", /repeat/],
  ['lt', "'a'", /a number for `lt`/],
  ['lt|gt', '5', /exclude each other|without/],
  ['gte|contains', '5', /`gte` without `contains`/],
  ['hour', "'late'", /a number for `hour`/],
  ['hour|day', '5', /exclude each other|without/],
  ['cidr', "'10.0.0.0/99'", /block of addresses/],
  ['cidr', "'localhost'", /block of addresses/],
  ['cidr|contains', "'10.0.0.0/8'", /`cidr` without `contains`/],
  ['contains|base64', "'a'", /without wildcards for `base64`.*before contains/],
  ['base64', "'a*'", /without wildcards/],
  ['wide', "'a?'", /without wildcards/],
  ['base64', "''", /an empty text/],
  ['fieldref|re', "'a'", /without/],
  ['fieldref', '5', /the name of a field/],
  ['windash|contains', "'-a -b -c -d -e'", /at most four dashes/],
  ['contains', 'null', /a value for the modifier `contains`/],
  ['contains', '[]', /an empty list/],
  ['contains', '{a: b}', /expected values for `f\|contains`, found a map/],
  ['contains', '[[a]]', /expected a value or a list of values, found a list/],
];

test.each(refused)('%s: %s is refused with the line and the reason', (modifiers, yaml, reason) => {
  const found = rejection(rule(modifiers, yaml));
  expect(found).toMatch(reason);
  expect(found).toMatch(/^6: /);
});

test('a regular expression that would run for ever elsewhere ends at once', () => {
  expect(on(rule('re', "'^(a+)+$'"), `${'a'.repeat(50_000)}b`)).toBe(false);
});
