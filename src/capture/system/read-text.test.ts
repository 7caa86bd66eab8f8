import {linkOf, namesIn, readText} from './read-text.ts';

test('what is not there is empty, a path or link longer than the kernel tells as well', () => {
  for (const path of ['/nowhere/at/all', `/${'d'.repeat(300)}`]) {
    expect(linkOf(path)).toBe('');
    expect(readText(path)).toBeUndefined();
    expect(namesIn(path)).toEqual([]);
  }
});
