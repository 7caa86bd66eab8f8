import {readRules} from './read-rules.ts';

const seed = `title: Test
id: 00000000-0000-4000-8000-000000000001
logsource: {category: process_creation, product: windows}
detection:
  selection: &x
    - Image|endswith: ['\\a.exe', "\\\\b?*.exe"]
      CommandLine|contains|all:
        - '-enc'
        - !!str 12
    - <<: *x
    - c|re|i: '(ab|c)+\\d{2,3}[^x]$'
  keywords: [a, 1, null, ~, 0x1f, 1e3]
  filter|cidr: 10.0.0.0/8
  condition: (selection or 1 of key*) and not filter | count() by a > 5
  timeframe: 15m
---
title: C
correlation: {type: temporal, rules: [a, b], group-by: [x], timespan: 1h, aliases: {x: {a: b}}, condition: {gte: 2}}
---
title: F
logsource: {product: windows}
filter: {rules: [a], selection: {b|windash: '-x /y'}, condition: not selection}
`;
const characters = [
  '\0',
  '\n',
  '\t',
  ':',
  '|',
  '*',
  '&x',
  '*x',
  '[',
  ']',
  '{',
  '}',
  '---',
  "'",
  '"',
  '!',
  '%',
  '\\',
  '- ',
  '  ',
  '?',
  '#',
  '>',
  '\u{1f600}',
  '(',
  ')',
];

/** The same numbers for the same seed (mulberry32). */
function generator(start: number): (below: number) => number {
  let state = start;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function mutated(random: (below: number) => number): string {
  let text = seed;
  for (let count = 1 + random(6); count > 0; count--) {
    const [at, length] = [random(text.length), random(12)];
    const kind = random(4);
    if (kind === 0) text = text.slice(0, at) + text.slice(at + length);
    else if (kind === 1) text = text.slice(0, at) + characters[random(characters.length)] + text.slice(at);
    else if (kind === 2)
      text = text.slice(0, at) + text.slice(random(text.length)).slice(0, length * 4) + text.slice(at);
    else text = text.slice(0, at) + String.fromCharCode(random(300)) + text.slice(at + 1);
  }
  return text;
}

test('whatever is in a file, it is read as rules or rejected with a line and a reason', () => {
  const random = generator(7);
  for (let count = 0; count < 3_000; count++) {
    const {rules, rejected} = readRules(mutated(random));
    expect(rules.length + rejected.length).toBeGreaterThan(0);
    for (const {line, reason} of rejected) {
      expect(line).toBeGreaterThan(0);
      expect(reason).toMatch(/^expected /);
    }
  }
});
