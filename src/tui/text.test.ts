import {cellWidth, cutCells, fitCells, fitMiddle, highlight, printable, wrap} from './text.ts';
import {createTheme} from './theme.ts';

const plain = createTheme({colour: false, unicode: true, zone: 'utc'});
const coloured = createTheme({colour: 256, unicode: true, zone: 'utc'});

test.each([
  ['plain', 5],
  ['漢字', 4],
  ['é', 1],
  ['e\u0301', 1],
  ['😀', 2],
  ['مرحبا', 5],
  ['\u1112\u1161\u11ab', 2],
  ['𠀀', 2],
  ['…→█⣿', 4],
])('%s takes %d cells', (text, cells) => {
  expect(cellWidth(text)).toBe(cells);
});

test('text is cut with an ellipsis and padded to exactly the width', () => {
  expect(fitCells('abc', 5, true)).toBe('abc  ');
  expect(fitCells('abc', 5, true, 'right')).toBe('  abc');
  expect(fitCells('abcdef', 5, true)).toBe('abcd…');
  expect(fitCells('abcdef', 5, false)).toBe('abcd~');
  expect(fitCells('abc', 0, true)).toBe('');
});

test('a wide character that would straddle the edge is replaced by blanks', () => {
  expect(fitCells('a漢字b', 4, true)).toBe('a漢…');
  expect(fitCells('漢字漢', 5, true)).toBe('漢字…');
  expect(fitCells('漢字漢', 4, true)).toBe('漢… ');
  expect(cutCells('a漢字', 4)).toBe('a漢');
});

test('a long address keeps both its ends', () => {
  expect(fitMiddle('2001:db8:85a3:8d3:1319:8a2e:370:7348', 15, true)).toBe('2001:db…70:7348');
  expect(fitMiddle('10.0.0.1', 15, true)).toBe('10.0.0.1       ');
});

test('a message of many kilobytes is cut as any other', () => {
  expect(fitCells('x'.repeat(65_536), 10, true)).toBe('xxxxxxxxx…');
  expect(fitCells('\u0301'.repeat(65_536), 4, true)).toMatch(/…\s*$/);
});

test('what would move the cursor or hide is shown as a glyph', () => {
  expect(printable('a\u001b[2J\tb\r\n', true)).toBe('a␛[2J␉b␍␊');
  expect(printable('x\u202e\u00ady', true)).toBe('x\ufffd\ufffdy');
  expect(printable('☀\ufe0f👍\u{1f3fb}', true)).toBe('☀👍');
});

test('where only ASCII may be shown, its nearest form is', () => {
  expect(printable('é → “x” 漢 \u001b[m … 5 µs', false)).toBe('e -> "x" ? ^[[m ... 5 us');
});

test('text wraps at spaces, and words longer than a line are broken', () => {
  expect(wrap('one two three', 8, true)).toEqual(['one two', 'three']);
  expect(wrap('abcdefghij', 4, true)).toEqual(['abcd', 'efgh', 'ij']);
  expect(wrap('漢字漢字', 5, true)).toEqual(['漢字', '漢字']);
  expect(wrap('', 5, true)).toEqual(['']);
});

test('every occurrence of the search is marked, whatever its case, and the text stays as it is', () => {
  const painted = highlight('Foo fOO bar', 'foo', coloured, 'dim');
  const match = coloured.paint('match', 'Foo');
  expect(painted).toBe(
    match + coloured.paint('dim', ' ') + coloured.paint('match', 'fOO') + coloured.paint('dim', ' bar'),
  );
  expect(highlight('Foo fOO bar', 'foo', plain, 'dim')).toBe('Foo fOO bar');
});

test('a search is text, not a pattern', () => {
  expect(highlight('a.c abc', '.', coloured, 'plain')).toBe(`a${coloured.paint('match', '.')}c abc`);
  expect(highlight('a(b', '(', coloured, 'plain')).toBe(`a${coloured.paint('match', '(')}b`);
});
