import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {data, dataFolder, needs} from '../../../../tests/needs.ts';
import {readPlainYaml} from './plain-yaml.ts';
import {readAnyYaml} from './yaml-tree.ts';

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

/** Whether the quick reader took it; what it takes must be as the full parser has it. */
function check(text: string): boolean {
  const quick = readPlainYaml(text);
  if (quick === undefined) return false;
  let full: unknown;
  try {
    full = readAnyYaml(text);
  } catch (error) {
    full = error;
  }
  expect({text, tree: [quick]}).toEqual({text, tree: full});
  return true;
}

test.each([
  ['a: b'],
  ['---\na: 1\nb: 0x17 x\nc: -3\nd: 2020-01-02\ne: 1.2.3.4\n'],
  ["'|all':\n  - 'it''s'\n  - \"a \\\\ b\"\n"],
  ['a: # note\n  b: c # note\n# note\nd:\n- e\n- f: g\n  h: null\n'],
  ['a: |\n  first\n\n    second\n\nb: |-\n  third\n'],
  ['a: [b]'],
  ['a:\nb: c'],
  ['a: b\n  c'],
  ['a: b\na: c'],
  ['a: |\n  b'],
  ['a: >\n  b\n'],
  ['a: &x b\nc: *x'],
  ['a: 1e3\nb: .5\nc: 010\nd: +1\ne: 1_0'],
  ['- a\n- b: c\n  d: e\n'],
  ['a: 8e0bb260-d4b2\nb: 9e77ed63\nc: 9e77\nd: 0x\ne: 1.2.3\nf: 12:30\n'],
  ['a: b: c'],
  ['a:\n   - b\n  - c'],
])('%j is read as the full parser reads it, or left to it', text => {
  check(text);
});

const seed = `title: T
id: x
tags:
    - attack.t1059 # note
detection:
  sel_1:
    Image|endswith: '\\cmd.exe'
    CommandLine|contains|all:
      - " /c "
      - it's
  keywords:
  - 4624
  - null
  condition: 1 of sel_* and not keywords
description: |
  Some text
  # no note

level: high
`;

test('whatever is in a text, what the quick reader takes is as the full parser has it', () => {
  const random = generator(3);
  const characters = '\n:#-\'"|> \\&*!?{}[],%@`~.0123exo+_tn=';
  let taken = 0;
  for (let count = 0; count < 4_000; count++) {
    let text = seed;
    for (let changes = 1 + random(4); changes > 0; changes--) {
      const [at, length] = [random(text.length), random(8)];
      const kind = random(4);
      if (kind === 0) text = text.slice(0, at) + text.slice(at + length);
      else if (kind === 1) text = text.slice(0, at) + characters[random(characters.length)] + text.slice(at);
      else if (kind === 2) text = `${text.slice(0, at)}\n${' '.repeat(length)}${text.slice(at)}`;
      else text = text.slice(0, at) + text.slice(random(text.length)).slice(0, length * 4) + text.slice(at);
    }
    if (check(text)) taken++;
  }
  expect(taken).toBeGreaterThan(500);
});

needs(data)('nearly every public rule is read by the quick reader, as the full parser reads it', async () => {
  const folder = join(dataFolder, 'sigma');
  const files = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter(name => name.endsWith('.yml'));
  // Every file takes half a minute; the others are like these.
  const some = files.filter((_, index) => index % 7 === 0);
  const taken = some.filter(name => check(readFileSync(join(folder, name), 'utf8'))).length;
  expect(taken / some.length).toBeGreaterThan(0.97);
});
