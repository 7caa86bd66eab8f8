import {Remembered} from './remembered.ts';

test('asks once for what comes again, and holds no more than twice the limit', () => {
  const asked: string[] = [];
  const lengths = new Remembered<number>(3);
  const lengthOf = (text: string) =>
    lengths.of(text, asking => {
      asked.push(asking);
      return asking.length;
    });
  expect([lengthOf('a'), lengthOf('bb'), lengthOf('a'), lengthOf('ccc'), lengthOf('dddd')]).toEqual([1, 2, 1, 3, 4]);
  expect(asked).toEqual(['a', 'bb', 'ccc', 'dddd']);
  // 'a' is asked for in time to stay; 'bb' is not.
  lengthOf('a');
  for (const text of ['e', 'f', 'g']) lengthOf(text);
  lengthOf('a');
  lengthOf('bb');
  expect(asked.slice(4)).toEqual(['e', 'f', 'g', 'bb']);
});

test('a text longer than wanted is given its value, and not kept', () => {
  const asked: string[] = [];
  const lengths = new Remembered<number>(3, 4);
  const lengthOf = (text: string) =>
    lengths.of(text, asking => {
      asked.push(asking);
      return asking.length;
    });
  expect(['aaaa', 'bbbbb', 'bbbbb', 'aaaa'].map(text => lengthOf(text))).toEqual([4, 5, 5, 4]);
  expect(asked).toEqual(['aaaa', 'bbbbb', 'bbbbb']);
});
