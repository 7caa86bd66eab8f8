import {Remembered} from './remembered.ts';

test('asks once for what comes again, and holds no more than twice the limit', () => {
  const asked: string[] = [];
  const lengths = new Remembered(3, text => {
    asked.push(text);
    return text.length;
  });
  expect([lengths.of('a'), lengths.of('bb'), lengths.of('a'), lengths.of('ccc'), lengths.of('dddd')]).toEqual([
    1, 2, 1, 3, 4,
  ]);
  expect(asked).toEqual(['a', 'bb', 'ccc', 'dddd']);
  // 'a' is asked for in time to stay; 'bb' is not.
  lengths.of('a');
  for (const text of ['e', 'f', 'g']) lengths.of(text);
  lengths.of('a');
  lengths.of('bb');
  expect(asked.slice(4)).toEqual(['e', 'f', 'g', 'bb']);
});

test('a text longer than wanted is given its value, and not kept', () => {
  const asked: string[] = [];
  const lengths = new Remembered(
    3,
    text => {
      asked.push(text);
      return text.length;
    },
    4,
  );
  expect(['aaaa', 'bbbbb', 'bbbbb', 'aaaa'].map(text => lengths.of(text))).toEqual([4, 5, 5, 4]);
  expect(asked).toEqual(['aaaa', 'bbbbb', 'bbbbb']);
});
