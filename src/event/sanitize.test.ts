import {sanitize, sanitizeLine} from './sanitize.ts';

test('an escape sequence becomes visible and inert', () => {
  expect(sanitize('a\u001b[2Jb')).toBe('a␛[2Jb');
});

test('bidirectional overrides, C1 controls and lone surrogates cannot reach the terminal', () => {
  expect(sanitize('x\u202ey\u009bz\ud800!')).toBe('x�y�z�!');
});

test('tab, CR and LF stay in data and show in a line', () => {
  expect(sanitize('a\tb\r\n')).toBe('a\tb\r\n');
  expect(sanitizeLine('a\tb\r\n')).toBe('a␉b␍␊');
});

test('a Windows path and accented or wide text stay as they are', () => {
  expect(sanitize('C:\\Users\\é漢字😀')).toBe('C:\\Users\\é漢字😀');
});
