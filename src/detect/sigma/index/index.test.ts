import type {FieldValue} from '../../../event/event.ts';
import {SigmaDetector} from '../detector.ts';
import {classify} from '../logsource/classify.ts';
import {evaluate} from '../match/evaluate.ts';
import {fold} from '../match/fold.ts';
import {entry, setOf} from '../rules.fixture.ts';
import {FieldLiterals} from './field-literals.ts';
import type {Literal} from './literal.ts';
import {requiredOf} from './regex-literals.ts';

/** The same numbers for the same seed (mulberry32). */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const pieces = ['a', 'ab', 'B', 'abc', 'ca', 'É', '-', '/', ' ', 'cmd', '.exe'];

function text(random: (below: number) => number, most: number): string {
  return Array.from({length: random(most)}, () => pieces[random(pieces.length)]).join('');
}

test('texts are found where they stand, and only there', () => {
  const random = generator(1);
  const places = ['equals', 'starts', 'ends', 'contains'] as const;
  const literals = new Map<string, Literal>();
  for (let leaf = 0; leaf < 400; leaf++) {
    const long = leaf % 20 === 0 ? 'x'.repeat(20 + random(9)) : '';
    const literal = {
      place: places[random(4)] ?? 'equals',
      text: (long + text(random, 5)).toLowerCase() || 'a',
      leaves: [leaf],
    };
    literals.set(`${literal.place} ${literal.text}`, literal);
  }
  const matcher = new FieldLiterals([...literals.values()]);
  for (let count = 0; count < 3_000; count++) {
    const value = (count % 10 === 0 ? 'x'.repeat(random(40)) : '') + text(random, 12);
    const folded = value.toLowerCase();
    const holds = ({place, text: part}: Literal) =>
      place === 'equals'
        ? folded === part
        : place === 'starts'
          ? folded.startsWith(part)
          : place === 'ends'
            ? folded.endsWith(part)
            : folded.includes(part);
    const expected = [...literals.values()].filter(holds).flatMap(({leaves}) => leaves);
    expect([...new Set(matcher.leavesOf(value).flat())].sort()).toEqual(expected.sort());
  }
});

test('few and long texts are found in values in any letters, and only there', () => {
  const random = generator(3);
  const syllables = ['ab', 'ac', 'ba', 'é', 'k', '\\', ' ', '.'];
  const word = (most: number) =>
    Array.from({length: random(most) + 4}, () => syllables[random(syllables.length)]).join('');
  for (const letters of [/[^ -~]/g, /(?!)/g]) {
    const texts = [...new Set(Array.from({length: 40}, () => word(8).replace(letters, 'b')))];
    const literals = texts.map((part, leaf): Literal => ({place: 'contains', text: part, leaves: [leaf]}));
    const matcher = new FieldLiterals(literals, 0);
    for (let count = 0; count < 2_000; count++) {
      const parts = [word(30), texts[random(texts.length)] ?? '', word(30)].slice(random(3), random(3) + 1);
      const value = random(2) === 0 ? parts.join('') : parts.join('').toUpperCase().replaceAll('K', '\u212a');
      const folded = fold(value);
      const expected = texts.flatMap((part, leaf) => (folded.includes(part) ? [leaf] : []));
      const event = {texts: () => ['', value], joinedTexts: () => value, foldedTexts: () => folded};
      const found = [...new Set(matcher.scanTexts(event).flat())].sort((left, right) => left - right);
      expect(found).toEqual(expected);
    }
  }
});

test('a text longer than what is kept ready is searched to its end', () => {
  const matcher = new FieldLiterals([{place: 'contains', text: 'sekurlsa::logon', leaves: [7]}], 0);
  const value = `${'x'.repeat(200_000)}é SEKURLSA::LogonPasswords`;
  expect(matcher.leavesOf(value)).toEqual([[7]]);
  expect(matcher.leavesOf(value.slice(0, -20))).toEqual([]);
});

/** A selection with anything in it that the index treats in a way of its own. */
function selection(random: (below: number) => number, name: string): string {
  const field = () => ['f', 'g', 'h'][random(3)];
  const value = () =>
    `'${text(random, 4).replaceAll('\\', '')}${random(6) === 0 ? '*a' : ''}${random(9) === 0 ? '?' : ''}'`;
  const forms = [
    () => `${field()}: ${value()}`,
    () => `${field()}|contains: [${value()}, ${value()}, ${value()}]`,
    () => `${field()}|contains|all: [${value()}, ${value()}]`,
    () => `${field()}|startswith: ${value()}`,
    () => `${field()}|endswith: [${value()}, ${value()}]`,
    () => `${field()}|windash|contains: '-a'`,
    () => `${field()}|cased: ${value()}`,
    () => `${field()}|re: '${['ab+c', 'cmd\\.exe', '(ab|ca).*b', '^a', '(?i)CMD', 'a?b', '[ab]c'][random(7)]}'`,
    () => `${field()}|gte: ${random(5)}`,
    () => `${field()}: ${random(5)}`,
    () => `${field()}: null`,
    () => `${field()}|exists: true`,
    () => `${field()}|fieldref: ${field()}`,
    () => `${field()}|neq: ${value()}`,
    () => `${field()}|fieldref|contains: ${field()}`,
  ];
  const form = () => forms[random(forms.length)]?.() ?? '';
  const kind = random(5);
  if (kind === 0) return `  ${name}:\n    - ${value()}\n    - ${value()}\n`;
  if (kind === 1) return `  ${name}:\n    - ${form()}\n    - ${form()}\n`;
  const [first, second] = [form(), form()];
  return first.split(':')[0] === second.split(':')[0]
    ? `  ${name}:\n    ${first}\n`
    : `  ${name}:\n    ${first}\n    ${second}\n`;
}

test('of any rules, the index finds exactly those that hold when read one by one', () => {
  const random = generator(2);
  const conditions = [
    'a',
    'a and b',
    'a or c',
    'not a',
    'a and not b',
    '1 of them',
    'all of them',
    '2 of them',
    'a and (b or not c)',
    'not (a or b) or c',
  ];
  const rules = Array.from({length: 250}, (_, number) => {
    const condition = conditions[random(conditions.length)];
    return `title: R${number}\nid: r${number}\nlogsource: {category: application}\ndetection:\n${['a', 'b', 'c'].map(name => selection(random, name)).join('')}  condition: ${condition}\n`;
  });
  const set = setOf(rules.join('---\n'));
  const detector = new SigmaDetector(set);
  for (let count = 0; count < 1_500; count++) {
    const fields: Record<string, FieldValue> = {x: 1};
    for (const name of ['f', 'g', 'h']) if (random(4) > 0) fields[name] = random(5) === 0 ? random(5) : text(random, 7);
    const event = entry(fields, {message: text(random, 4)});
    const [seen] = classify(event)?.views ?? [];
    if (!seen) throw new Error('expected the event to be seen as a log');
    const expected = set.detections.filter(({expression}) => evaluate(expression, seen)).map(({rule}) => rule.head.id);
    expect(detector.onEvents([event]).map(alert => alert.rule.id)).toEqual(expected);
  }
});

test.each([
  ['cmd\\.exe', [['cmd.exe']], 7],
  ['(?i)Whoami', [['whoami']], 6],
  ['foo.*barbaz', [['foo'], ['barbaz']], 9],
  ['(?:foo|bar)x?', [['foox', 'foo', 'barx', 'bar']], 3],
  ['abc?d', [['abcd', 'abd']], 3],
  ['abc+d', [['abc'], ['cd']], 4],
  ['abc*', [['ab']], 2],
  ['abc{0,3}', [['ab']], 2],
  ['abc{2}', [['abc']], 4],
  ['abc{2,}d', [['abc'], ['cd']], 5],
  ['(abc)?', [], 0],
  ['a|bcd', [], 1],
  ['`|bcd', [['`', 'bcd']], 1],
  ['[abc]+', [], 1],
  ['[b-d]x', [], 2],
  ['^.{5,}$', [], 5],
  ['\\s-[FTd]\\s', [['-f', '-t', '-d']], 4],
  ['[-/]e[^a]', [['-e', '/e']], 3],
  ['[\\\\-]\\]', [['\\]', '-]']], 2],
  ['\\bword\\b', [['word']], 4],
  ['\\+.*\\+', [['+']], 2],
  ['\\n\\n', [['\n\n']], 2],
  ['x\\x41bc', [], 0],
  ['foo\\Qbar\\E', [], 0],
  ['(?P<n>foo)+', [['foo']], 3],
  ['\\s[a-f0-9]{64}\\s', [], 66],
  [
    '(a(bc|de)+)-x',
    [
      ['abc', 'ade'],
      ['bc-x', 'de-x'],
    ],
    5,
  ],
])('any match of %s has one text of each of %j and is %i long', (expression, sets, shortest) => {
  expect(requiredOf(expression)).toEqual({sets, shortest});
});
