import {edit, type Prompt} from './prompt.ts';

function type(text: string, ...keys: readonly string[]): Prompt {
  const start: Prompt = {kind: 'search', text, cursor: [...text].length};
  return keys.reduce((prompt, name) => edit(prompt, {name, text: [...name].length === 1 ? name : ''}), start);
}

test('characters go in at the cursor, wide ones count as one', () => {
  expect(type('ab', 'left', 'é', '漢')).toMatchObject({text: 'aé漢b', cursor: 3});
  expect(type('漢字', 'backspace')).toMatchObject({text: '漢', cursor: 1});
});

test('keys of a line editor', () => {
  expect(type('one two', 'ctrl+w')).toMatchObject({text: 'one ', cursor: 4});
  expect(type('one two', 'alt+b', 'ctrl+u')).toMatchObject({text: 'two', cursor: 0});
  expect(type('one two', 'home', 'ctrl+right', 'ctrl+k')).toMatchObject({text: 'one', cursor: 3});
  expect(type('abc', 'ctrl+a', 'delete', 'end', 'd')).toMatchObject({text: 'bcd', cursor: 3});
});

test('keys at the ends and keys without a meaning change nothing', () => {
  expect(type('ab', 'right', 'delete', 'pageup')).toMatchObject({text: 'ab', cursor: 2});
  expect(type('ab', 'home', 'backspace', 'left')).toMatchObject({text: 'ab', cursor: 0});
});

test('a paste becomes one line and is bounded', () => {
  const prompt: Prompt = {kind: 'filter', text: '', cursor: 0};
  expect(edit(prompt, {name: 'paste', text: 'a\r\nb\x1b[2J'}).text).toBe('a b [2J');
  expect(edit(prompt, {name: 'paste', text: 'x'.repeat(5_000)}).text).toHaveLength(1_000);
});

test('editing takes the error away', () => {
  expect(edit({kind: 'filter', text: 'a', cursor: 1, error: 'wrong'}, {name: 'b', text: 'b'}).error).toBeUndefined();
});
